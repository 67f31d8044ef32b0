"""Which persons the register shows: by division with those below it, status, entitlement, arrears, and days of entry and exit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from compartments.membership import divisions, months
from compartments.membership.models import Person

CURRENT, LEFT = "current", "left"
STATUS = ("", CURRENT, LEFT)
VOTING = ("", "yes", "no")
MOST_MONTHS = 1200


@dataclass(frozen=True)
class Filter:
    """What is asked of a person; None and "" ask nothing. ``arrears`` is the least number of months."""

    division: int | None = None
    status: str = ""
    voting: str = ""
    arrears: int | None = None
    entered_from: date | None = None
    entered_to: date | None = None
    left_from: date | None = None
    left_to: date | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Filter:
        """Read an address, or what was saved. What can't be read asks nothing."""
        read = {name: _READ[name](values[name]) for name in _READ if values.get(name) not in {None, ""}}
        return cls(**{name: value for name, value in read.items() if value is not None})

    def as_arguments(self) -> dict[str, str]:
        """Write it as an address or as a saved filter."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value not in {None, ""}}

    def conditions(self, day: date) -> list[Any]:
        """Return what must hold of a person on ``day``, in columns of the index that the list is read from."""
        found: list[Any] = []
        if self.division is not None:
            found.append(Person.division.in_(divisions.below(self.division)))
        if self.status:
            gone = Person.left_on <= day
            found.append(gone if self.status == LEFT else Person.left_on.is_null() | (Person.left_on > day))
        if self.voting:
            found.append(Person.may_vote == (self.voting == "yes"))
        if self.arrears is not None:
            owing = Person.paid_until <= months.latest_paid(day, max(1, self.arrears))
            found += [owing, Person.dues_cents.is_null() | (Person.dues_cents > 0)]
        # With a sign too much: these days choose among the lines of the list, they don't decide its order.
        entered, left = Person.entered_on.concat(""), Person.left_on
        found += [entered >= self.entered_from.isoformat()] if self.entered_from else []
        found += [entered <= self.entered_to.isoformat()] if self.entered_to else []
        found += [left >= self.left_from] if self.left_from else []
        found += [left <= self.left_to] if self.left_to else []
        return found


def _number(most: int) -> Any:
    def read(value: Any) -> int | None:
        text = str(value)
        return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(most)) else None

    return read


def _one_of(known: tuple[str, ...]) -> Any:
    return lambda value: str(value) if str(value) in known else None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


_READ: dict[str, Any] = {
    "division": _number(10**10),
    "status": _one_of(STATUS),
    "voting": _one_of(VOTING),
    "arrears": _number(MOST_MONTHS * 10),
    "entered_from": _day,
    "entered_to": _day,
    "left_from": _day,
    "left_to": _day,
}
