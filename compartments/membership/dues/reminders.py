"""Whom to remind of dues, and whom to strike off, by the rules that the office has set. Knows no Flask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import JOIN

from app.office.authors import Author
from compartments.membership import months, persons
from compartments.membership.dues.rules import rules
from compartments.membership.eligibility import is_member
from compartments.membership.models import Division, FieldChange, Person, database

SHOWN = 200
FIELD = "reminders"


@dataclass(frozen=True)
class Owing:
    """One line of a list."""

    id: int
    member_number: int
    last_name: str
    first_name: str
    email: str
    language: str
    division: str | None
    paid_until: date
    dues_cents: int | None
    reminders: int
    reminded_on: date | None

    def months_on(self, day: date) -> int:
        """Months in arrears."""
        return months.arrears(self.paid_until, day, self.dues_cents)


def due(day: date) -> list[Owing]:
    """Return who is to be reminded on ``day``, who owes longest first; one more than are shown at most."""
    return _listed(_may_be_reminded(day))


def strike_offs(day: date) -> list[Owing]:
    """Return who may be struck off on ``day``, who owes longest first; one more than are shown at most. Nobody where the office strikes off nobody."""
    return _listed(_may_be_struck_off(day)) if rules().strikes_off else []


def remind(ids: Iterable[int], *, day: date, by: Author, now: datetime) -> int:
    """Write down that reminders went out to those of ``ids`` who are due, and return how many."""
    reminded = 0
    with database.atomic("IMMEDIATE"):
        for person in _chosen(ids, _may_be_reminded(day)):
            person.reminders += 1
            person.reminded_on = day
            person.revision += 1
            person.save(only=["reminders", "reminded_on", "revision"])
            FieldChange.create(
                person=person,
                revision=person.revision,
                field=FIELD,
                before=str(person.reminders - 1),
                after=str(person.reminders),
                officer=by.id,
                officer_name=by.name,
                at=now,
            )
            reminded += 1
    return reminded


def strike_off(ids: Iterable[int], *, day: date, by: Author, now: datetime, ticket: str = "") -> int:
    """End the membership of those of ``ids`` who may be struck off, at once, and return how many."""
    struck = 0
    with database.atomic("IMMEDIATE"):
        if not rules().strikes_off:
            return 0
        for person in _chosen(ids, _may_be_struck_off(day)):
            persons.leave(person.id, day=day, reason="struck-off", by=by, now=now, ticket=ticket)
            struck += 1
    return struck


def _owes(day: date, least: int) -> list[Any]:
    owing = Person.paid_until <= months.latest_paid(day, least)
    return [*is_member(day), owing, Person.dues_cents.is_null() | (Person.dues_cents > 0)]


def _may_be_reminded(day: date) -> list[Any]:
    by = rules()
    again = (Person.reminders < by.reminders) & (Person.reminded_on <= day - by.apart)
    return [*_owes(day, by.remind_after + 1), (Person.reminders == 0) | again]


def _may_be_struck_off(day: date) -> list[Any]:
    by = rules()
    warned = (Person.reminders >= by.reminders) & (Person.reminded_on <= day - by.grace)
    return [*_owes(day, by.strike_off_after), warned]


def _listed(conditions: list[Any]) -> list[Owing]:
    query: Any = (
        Person.select(
            Person.id,
            Person.member_number,
            Person.last_name,
            Person.first_name,
            Person.email,
            Person.language,
            Division.name,
            Person.paid_until,
            Person.dues_cents,
            Person.reminders,
            Person.reminded_on,
        )
        .join(Division, JOIN.LEFT_OUTER)
        .where(*conditions)
        .order_by(Person.paid_until, Person.id)
        .limit(SHOWN + 1)
    )
    return [Owing(*row) for row in query.tuples()]


def _chosen(ids: Iterable[int], conditions: list[Any]) -> list[Person]:
    return list(Person.select().where(Person.id.in_(list(ids)[:SHOWN]), *conditions))
