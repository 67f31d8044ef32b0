"""Whom to remind of dues, and whom to strike off: two reminders at least 30 days apart, and 12 months in arrears. Knows no Flask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import JOIN

from app.office.authors import Author
from compartments.membership import months, persons
from compartments.membership.eligibility import is_member
from compartments.membership.models import Division, FieldChange, Person, database

REMIND_AFTER, STRIKE_OFF_AFTER = 3, 12
"""Months in arrears: reminded with more than the first, struck off with at least the second."""
REMINDERS, DAYS_APART = 2, 30
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
    """Return who may be struck off on ``day``, who owes longest first; one more than are shown at most."""
    return _listed(_may_be_struck_off(day))


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
        for person in _chosen(ids, _may_be_struck_off(day)):
            persons.leave(person.id, day=day, reason="struck-off", by=by, now=now, ticket=ticket)
            struck += 1
    return struck


def _owes(day: date, least: int) -> list[Any]:
    owing = Person.paid_until <= months.latest_paid(day, least)
    return [*is_member(day), owing, Person.dues_cents.is_null() | (Person.dues_cents > 0)]


def _may_be_reminded(day: date) -> list[Any]:
    long_ago = Person.reminded_on <= day - timedelta(days=DAYS_APART)
    again = (Person.reminders < REMINDERS) & long_ago
    return [*_owes(day, REMIND_AFTER + 1), (Person.reminders == 0) | again]


def _may_be_struck_off(day: date) -> list[Any]:
    warned = (Person.reminders >= REMINDERS) & (Person.reminded_on <= day - timedelta(days=DAYS_APART))
    return [*_owes(day, STRIKE_OFF_AFTER), warned]


def _listed(conditions: list[Any]) -> list[Owing]:
    query: Any = (
        Person.select(
            Person.id,
            Person.member_number,
            Person.last_name,
            Person.first_name,
            Person.email,
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
