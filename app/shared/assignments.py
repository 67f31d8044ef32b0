"""Who holds which office: appointing, the separation rules, ending, and one human who turned out to stand here twice.

NIST RBAC's static separation of duty (INCITS 359): a person holds at most so many offices out of a set. The rules are in
:mod:`app.offices`; the database's triggers hold them below this code. What is refused names the rule, never the person's other office.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import IntegrityError

from app import faultpoints
from app.clock import today, utc_now
from app.offices import OFFICER, OFFICES, SEPARATION_RULES, SeparationRule
from app.shared import acts
from app.shared.database import shared_database
from app.shared.dialect import serialise_writers, write_transaction
from app.shared.models import Account, Act, Assignment, Enrolment, Grant, Person, Session
from app.vault.models import Alarm

LIVE = ("appointed", "active")
REFUSED_APPOINTMENT, REFUSED_MERGE = "refused-appointment", "refused-merge"


class SeparationRefused(Exception):
    """The person may not take this office (now). ``until`` is the first day on which a cooling-off no longer stands against it."""

    def __init__(self, rule: str, until: date | None = None) -> None:
        super().__init__(rule)
        self.rule = rule
        self.until = until


@dataclass(frozen=True)
class Violation:
    """A person whose living assignments break a rule. Should be impossible: the database refuses it."""

    person: str
    rule: str


@dataclass(frozen=True)
class Night:
    """What the nightly check found and did. ``ended`` are assignments whose term was over, or whose code was never used."""

    violations: list[Violation]
    ended: list[str]


def check(
    person: str, compartment: str | None, day: date, cooling_off: timedelta, *, besides: str | None = None
) -> None:
    """Raise :class:`SeparationRefused` where ``person`` may not take an office in ``compartment`` on ``day``.

    ``besides`` is an assignment that isn't counted: the one that is being made.
    """
    held = list(
        Assignment.select().where(Assignment.person == root(person), Assignment.id != (besides or ""))
    )
    for rule in SEPARATION_RULES:
        if compartment in rule.offices:
            _check_rule(rule, compartment, held, day, cooling_off)


def root(person: str) -> str:
    """Return the person that ``person`` has been merged into, or itself."""
    row = Person.get_or_none(Person.id == person)
    while row is not None and row.merged_into_id is not None:
        row = Person.get_by_id(row.merged_into_id)
    return str(row.id) if row is not None else person


def is_one_person(account: str, other: str) -> bool:
    """Whether two accounts are one person's: a new term is a new account."""
    rows = Account.select(Account, Assignment).join(Assignment).where(Account.id.in_([account, other]))
    people = [root(row.assignment.person_id) for row in rows]
    return account == other or (len(people) == 2 and len(set(people)) == 1)  # noqa: PLR2004


def appoint(order_id: str, payload: Mapping[str, Any]) -> None:  # noqa: ARG001  (the order's shape)
    """Carry out the board's order to appoint; again with the same assignment it changes nothing.

    ``payload``: assignment, person, compartment (None for a post without one), role, posting, starts_on, ends_on, code_id, expires_on,
    and optionally appointed_on; days in ISO format. The board has asked :func:`check` before. Where the database refuses nevertheless (somebody
    else was faster), an alarm in the board's open vault says so: an order that raised would be tried for ever.
    """
    try:
        with write_transaction(shared_database):
            serialise_writers(shared_database, "assignments")
            if not Assignment.select().where(Assignment.id == payload["assignment"]).exists():
                _appoint(payload)
    except IntegrityError:
        known = (Alarm.kind == REFUSED_APPOINTMENT) & (Alarm.detail == payload["assignment"])
        if not Alarm.select().where(known).exists():
            Alarm.create(kind=REFUSED_APPOINTMENT, detail=payload["assignment"], raised_at=utc_now())


def withdraw_appointment(assignment: str, *, day: date | None = None) -> None:
    """Take an appointment back, because the offer was declined or withdrawn. Who has enrolled meanwhile loses the account."""
    end(assignment, day=day or today())


def withdraw(order_id: str, payload: Mapping[str, Any]) -> None:  # noqa: ARG001  (the order's shape)
    """:func:`withdraw_appointment` as an order: ``payload`` has ``assignment`` and optionally ``day``."""
    day = payload.get("day")
    withdraw_appointment(payload["assignment"], day=date.fromisoformat(day) if day else None)


def end(assignment_id: str, *, day: date, actor: str | None = None) -> bool:
    """End an assignment and all access through it, in one transaction; return whether there was anything to end.

    ``actor`` is the account of the officer who does it; None for the board's orders and for upkeep. What the person may have copied can
    still be opened with the old keys: renew them afterwards (:func:`rotation_due`).
    """
    with write_transaction(shared_database):
        serialise_writers(shared_database, "assignments")
        assignment = Assignment.get_or_none(Assignment.id == assignment_id)
        if assignment is None or assignment.state == "ended":
            return False
        account = Account.get_or_none(Account.assignment == assignment, Account.state != "ended")
        if account is not None:
            _end_account(account)
            faultpoints.reached("ending.after-account")
        Enrolment.delete().where(Enrolment.assignment == assignment).execute()
        Assignment.update(state="ended", ended_on=day).where(Assignment.id == assignment_id).execute()
        acts.record(
            acts.Kind.ENDED,
            compartment=assignment.compartment,
            actor=actor,
            subject=account.id if account else assignment_id,
        )
        faultpoints.reached("ending.before-commit")
    return True


def rotation_due(compartment: str) -> date | None:
    """Return the day on which somebody who had this compartment's keys left, if they haven't been renewed since."""
    renewed = acts.last(compartment, acts.Kind.KEYS_ROTATED)
    admitted = Act.alias()
    left = (
        Act.select(Act.at)
        .join(admitted, on=(admitted.subject == Act.subject) & (admitted.act == acts.Kind.ADMITTED))
        .where(
            Act.compartment == compartment,
            Act.act == acts.Kind.ENDED,
            Act.number > (renewed.number if renewed else 0),
            admitted.compartment == compartment,
        )
        .order_by(Act.number)
        .first()
    )
    return left.at.date() if left else None


def change_term(assignment_id: str, ends_on: date | None, *, day: date, actor: str | None = None) -> bool:
    """Let an assignment that goes on end on another day, or on none; return whether anything changed.

    ``day`` is today. One that has ended stays ended, and a day that has passed is refused: ending at once is :func:`end`.
    """
    with write_transaction(shared_database):
        serialise_writers(shared_database, "assignments")
        row = Assignment.get_or_none(Assignment.id == assignment_id, Assignment.state.in_(LIVE))
        if row is None or row.ends_on == ends_on or (ends_on and ends_on < max(row.starts_on, day)):
            return False
        Assignment.update(ends_on=ends_on).where(Assignment.id == assignment_id).execute()
        acts.record(
            acts.Kind.TERM_CHANGED, compartment=row.compartment, actor=actor, subject=_known_as(assignment_id)
        )
    return True


def rule_against_merging(kept: str, other: str) -> str | None:
    """Return the name of the rule that two persons would break together, or None.

    A cooling-off time is no such rule: what one human knows from two offices is known already, and two entries for them would only hide it.
    """
    persons = (root(kept), root(other))
    held = Assignment.select().where(Assignment.person.in_(persons), Assignment.state.in_(LIVE))
    broken = _broken_by([row.compartment for row in held])
    return broken.name if broken else None


def merge(kept: str, other: str, *, actor: str | None = None) -> None:
    """Make two persons one: they are the same human. Raises :class:`SeparationRefused` where that would break a rule.

    The board must then end one of the offices first. Nothing of the accounts changes. ``actor`` is the account of the officer who says so.
    """
    with write_transaction(shared_database):
        serialise_writers(shared_database, "assignments")
        kept, other = root(kept), root(other)
        if kept == other:
            return
        if broken := rule_against_merging(kept, other):
            raise SeparationRefused(broken)
        for person in (kept, other):  # the board may know somebody by name whom no office ever brought here
            Person.insert(id=person).on_conflict_ignore().execute()
        Person.update(merged_into=kept).where(Person.id == other).execute()
        Assignment.update(person=kept).where(Assignment.person == other).execute()
        acts.record(acts.Kind.PERSONS_MERGED, actor=actor, subject=kept)


def nightly(day: date) -> Night:
    """End what is over on ``day`` and look for what should be impossible. Needs no key."""
    ended = [assignment for assignment in _over(day) if end(assignment, day=day)]
    return Night(list(violations()), ended)


def violations() -> Iterator[Violation]:
    """Yield every person whose living assignments break a rule."""
    held: dict[str, list[str | None]] = {}
    for row in Assignment.select().where(Assignment.state.in_(LIVE)):
        held.setdefault(row.person_id, []).append(row.compartment)
    for person, compartments in held.items():
        if broken := _broken_by(compartments):
            yield Violation(person, broken.name)


def _check_rule(
    rule: SeparationRule, compartment: str, held: list[Assignment], day: date, cooling_off: timedelta
) -> None:
    within = [row for row in held if row.compartment in rule.offices]
    if sum(row.state in LIVE for row in within) >= rule.at_most:
        raise SeparationRefused(rule.name)
    if not rule.cooling_off:
        return
    # Knowledge moves with the person, back to where it came from as well; only there it does no harm.
    left = [
        row.ended_on for row in within if row.compartment != compartment and row.ended_on and _had_access(row)
    ]
    if left and (until := max(left) + cooling_off) > day:
        raise SeparationRefused(rule.name, until)


def _had_access(assignment: Assignment) -> bool:
    """An offer that was declined lets nobody know anything."""
    return bool(Account.select().where(Account.assignment == assignment).exists())


def _broken_by(compartments: list[str | None]) -> SeparationRule | None:
    for rule in SEPARATION_RULES:
        if sum(name in rule.offices for name in compartments) > rule.at_most:
            return rule
    return None


def _appoint(payload: Mapping[str, Any]) -> None:
    compartment = payload["compartment"]
    role = payload.get("role") or OFFICER
    if compartment is not None and role not in OFFICES[compartment].roles:
        raise ValueError(f"{compartment} has no role {role!r}")
    person = root(payload["person"])
    Person.insert(id=person).on_conflict_ignore().execute()
    starts_on = date.fromisoformat(payload["starts_on"])
    appointed_on = payload.get("appointed_on")
    Assignment.create(
        id=payload["assignment"],
        person=person,
        posting=payload.get("posting"),
        compartment=compartment,
        role=role,
        appointed_on=date.fromisoformat(appointed_on) if appointed_on else min(starts_on, today()),
        starts_on=starts_on,
        ends_on=date.fromisoformat(payload["ends_on"]) if payload.get("ends_on") else None,
    )
    if compartment is not None and payload.get("code_id"):
        Enrolment.create(
            id=payload["code_id"],
            assignment=payload["assignment"],
            expires_on=date.fromisoformat(payload["expires_on"]),
        )
    acts.record(acts.Kind.APPOINTED, compartment=compartment, subject=payload["assignment"])


def _known_as(assignment_id: str) -> str:
    """What the log calls an office's holder: the account as soon as there is one, as for every other act on it."""
    account = Account.get_or_none(Account.assignment == assignment_id)
    return str(account.id) if account else assignment_id


def _end_account(account: Account) -> None:
    Session.delete().where(Session.account == account).execute()
    Grant.delete().where(Grant.account == account).execute()
    Account.update(state="ended").where(Account.id == account.id).execute()


def _over(day: date) -> list[str]:
    """Assignments past their term, and appointments whose code has run out without an account."""
    past = Assignment.select(Assignment.id).where(Assignment.state.in_(LIVE), Assignment.ends_on < day)
    unused = (
        Enrolment.select(Enrolment.assignment)
        .join(Assignment)
        .where(Enrolment.used_on.is_null(), Enrolment.expires_on < day, Assignment.state == "appointed")
    )
    return [row.id for row in past] + [row.assignment_id for row in unused]
