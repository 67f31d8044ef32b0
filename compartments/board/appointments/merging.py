"""Two entries of the board's list of persons that are the same human: finding them, comparing them, making them one.

The decision stands in the vault as an order; names change here only after the shared layer has made the two one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from app import faultpoints
from app.clock import utc_now
from app.envelopes import outbox
from app.envelopes.outbox import Action
from app.shared import assignments
from app.shared.assignments import SeparationRefused
from app.shared.models import Assignment
from app.shared.models import Person as SharedPerson
from app.vault.models import Alarm
from compartments.board.applications.history import Actor
from compartments.board.appointments import people
from compartments.board.appointments.people import Held
from compartments.board.models import Appointment, Person, database

MERGE = "persons-merge"


class NoSuchEntry(LookupError):
    """There is no such person, or it has been made one with another."""


@dataclass(frozen=True)
class Past:
    """An office that somebody held, or was to hold, and that is over."""

    posting: str | None
    compartment: str | None
    starts_on: date
    ended_on: date | None


@dataclass(frozen=True)
class Entry:
    """One person of the list, with the offices held now and before. ``name`` is empty where the board has none."""

    person: str
    name: str
    email: str
    held: Sequence[Held]
    past: Sequence[Past]


def entries() -> list[Entry]:
    """Return everybody with a name here or an office; by name, those without one last."""
    held = people.held()
    names = {person.id: person for person in Person.select()}
    past: dict[str, list[Past]] = {}
    for row in Assignment.select().where(Assignment.state == "ended").order_by(Assignment.ended_on.desc()):
        over = Past(row.posting_id, row.compartment, row.starts_on, row.ended_on)
        past.setdefault(row.person_id, []).append(over)
    found = [
        Entry(
            person,
            names[person].name if person in names else "",
            names[person].email if person in names else "",
            [one for one in held if one.person == person],
            past.get(person, []),
        )
        for person in {*names, *(one.person for one in held)}
    ]
    return sorted(found, key=lambda one: (not one.name, people.comparable(one.name), one.person))


def likely(known: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Return the pairs whose names or addresses are the same or nearly so."""
    return [
        pair
        for pair in combinations([one for one in known if one.name], 2)
        if people.is_alike(pair[0].name, pair[1].name) or _same_address(*pair)
    ]


def pair(one: str, other: str) -> tuple[Entry, Entry]:
    """Return two entries; raises :class:`NoSuchEntry` where one of them isn't there (any more), or both are the same."""
    known = {entry.person: entry for entry in entries()}
    if one == other or one not in known or other not in known:
        raise NoSuchEntry
    return known[one], known[other]


def rule_against(one: Entry, other: Entry) -> str | None:
    """Return the name of the rule that the offices of both would break together, or None."""
    return assignments.rule_against_merging(one.person, other.person)


def cooling_off_until(one: Entry, other: Entry, day: date, cooling_off: timedelta) -> date | None:
    """Return until when an office that one has left stands against one that the other holds: it was taken too early.

    That is no reason to leave the two apart, which would only hide it; the board has to know it.
    """
    found = []
    for holder, leaver in ((one, other), (other, one)):
        for office in holder.held:
            try:
                assignments.check(leaver.person, office.compartment, day, cooling_off)
            except SeparationRefused as refused:
                found += [refused.until] if refused.until else []
    return max(found, default=None)


def held_twice(one: Entry, other: Entry) -> list[str]:
    """Return the compartments in which the two, as one human, would count as two colleagues."""
    theirs = {office.compartment for office in other.held if office.compartment}
    return sorted({office.compartment for office in one.held if office.compartment in theirs})


def merge(kept: str, other: str, *, actor: Actor) -> None:
    """Order that two persons become one. Raises :class:`NoSuchEntry` and :class:`~app.shared.assignments.SeparationRefused`."""
    with database.atomic("IMMEDIATE"):
        if rule := rule_against(*pair(kept, other)):
            raise SeparationRefused(rule)
        outbox.order(MERGE, {"kept": kept, "other": other, "by": actor.id})


def _merge(order_id: str, payload: dict[str, Any]) -> None:
    try:
        assignments.merge(payload["kept"], payload["other"], actor=payload["by"])
    except SeparationRefused:
        # One of them has taken another office since the decision. An order that raised would be tried for ever.
        if not Alarm.select().where(Alarm.detail == order_id).exists():
            Alarm.create(kind=assignments.REFUSED_MERGE, detail=order_id, raised_at=utc_now())
        return
    faultpoints.reached("merging.after-shared")
    _settle()


def _settle() -> None:
    """Let every name stand where the shared layer has its person, whoever merged what in whatever order."""
    with database.atomic("IMMEDIATE"):
        merged = {row.id for row in SharedPerson.select().where(SharedPerson.merged_into.is_null(False))}
        for gone in Person.select().where(Person.id.in_(merged)):
            root = assignments.root(gone.id)
            Person.insert(id=root, name=gone.name, email=gone.email).on_conflict_ignore().execute()
            stays = Person.get_by_id(root)
            stays.name, stays.email = stays.name or gone.name, stays.email or gone.email
            stays.save()
            Appointment.update(person=stays).where(Appointment.person == gone).execute()
            gone.delete_instance()
            faultpoints.reached("merging.before-settled")


def _same_address(one: Entry, other: Entry) -> bool:
    return bool(one.email) and one.email.casefold() == other.email.casefold()


ACTIONS: Mapping[str, Action] = {MERGE: _merge}
