"""Who may take part: the rule by which keys are given out and accounts are kept open. One place, so that both always agree."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from app.office.authors import Author
from compartments.membership import months, rule_changes, settings
from compartments.membership.tables import OFFICE, Person, database

KIND = "eligibility"
MOST_MONTHS = 120


class NeedsSecondOfficer(Exception):
    """One officer alone can't change who may take part: a stricter rule locks accounts, a looser one lets people in."""


class Changed(Exception):
    """Another rule is in force than the one that was to be changed."""


@dataclass(frozen=True)
class Rule:
    """What it takes besides being a member: voting entitlement, a first payment, and not too many months in arrears (None: any)."""

    entitled: bool = True
    has_paid: bool = True
    most_arrears: int | None = 3


def rule() -> Rule:
    """Return the rule in force."""
    set_ = settings.kept(OFFICE, KIND)
    return Rule(**set_) if set_ else Rule()


def set_rule(new: Rule, *, instead_of: Rule, by: Author, confirmed_by: Author, now: datetime) -> None:
    """Put another rule in force and note which two officers did.

    Raises :class:`NeedsSecondOfficer` where they are one, :class:`Changed` where ``instead_of`` is no longer in force, and ``ValueError`` for
    arrears that make no sense.
    """
    if new.most_arrears is not None and not 0 <= new.most_arrears <= MOST_MONTHS:
        raise ValueError(f"between 0 and {MOST_MONTHS} months")
    if confirmed_by.id == by.id:
        raise NeedsSecondOfficer
    with database.atomic("IMMEDIATE"):
        if rule() != instead_of:
            raise Changed
        settings.keep(OFFICE, KIND, "", asdict(new))
        before, after = asdict(instead_of), asdict(new)
        rule_changes.note(KIND, before, after, by=by, now=now, confirmed_by=confirmed_by.name)


@dataclass(frozen=True)
class Past:
    """One rule that took the place of another."""

    before: Rule
    after: Rule
    who: str
    confirmed_by: str
    at: datetime


def history() -> list[Past]:
    """Return the changes of the rule, newest first."""
    return [
        Past(Rule(**one.before), Rule(**one.after), one.who, one.confirmed_by, one.at)
        for one in rule_changes.past(KIND)
    ]


def eligible(day: date, by: Rule | None = None) -> Any:
    """Return the query of the persons who may take part on ``day``, by another rule than the one in force if need be.

    Callers add conditions and choose the columns. All conditions are on columns of the index ``person_standing``: ids and counts are read
    without touching the table.
    """
    return Person.select().where(*conditions(day, by or rule()))


def conditions(day: date, by: Rule) -> list[Any]:
    """Return what must hold of a person who may take part. An exit counts from its day on, for whoever owes no dues arrears can't arise."""
    found: list[Any] = is_member(day)
    if by.entitled:
        found.append(Person.may_vote == True)  # noqa: E712
    if by.has_paid:
        found.append(Person.first_paid_on <= day)
    if by.most_arrears is not None:
        enough = Person.paid_until >= months.latest_paid(day, by.most_arrears)
        found.append(enough | (Person.dues_cents == 0))
    return found


def is_member(day: date) -> list[Any]:
    """Return what must hold of somebody who is a member on ``day``."""
    # With a sign too much: the index by entry would find nearly everybody, and then read each row from the table.
    entered = Person.entered_on.concat("") <= day.isoformat()
    return [entered, Person.left_on.is_null() | (Person.left_on > day)]
