"""What an export may hold of a person, and how it is written. Notes, histories and bookings are no columns: they are never exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import Field

from compartments.membership.listing import MORE
from compartments.membership.tables import Person

NUMBER = "member_number"
COLUMNS: dict[str, Field] = {
    NUMBER: Person.member_number,
    "last_name": Person.last_name,
    "first_name": Person.first_name,
    "street": Person.street,
    "postcode": Person.postcode,
    "city": Person.city,
    "country": Person.country,
    "division": Person.division,
    "entered_on": Person.entered_on,
    "left_on": Person.left_on,
    **MORE,
}
"""The number is in every export; whoever asks chooses among the others."""


@dataclass(frozen=True)
class Words:
    """What a file says in its reader's language: names of columns, of divisions, of reasons for an exit, and yes and no."""

    columns: Mapping[str, str]
    divisions: Mapping[int, str]
    reasons: Mapping[str, str]
    yes: str
    no: str
    origin: str

    def cell(self, name: str, value: Any) -> str:
        """Write one value. Days are ISO 8601, money has a point."""
        if value is None or value == "":
            return ""
        if name == "division":
            return self.divisions.get(int(value), str(value))
        if name == "exit_reason":
            return self.reasons.get(value, str(value))
        if name == "may_vote":
            return self.yes if value else self.no
        if name == "dues_cents":
            return f"{value // 100}.{value % 100:02d}"
        return value.isoformat() if isinstance(value, date) else str(value)


def chosen(names: Sequence[str]) -> list[str]:
    """Return the columns of an export in their order, the number first; unknown names are left out."""
    return [name for name in COLUMNS if name == NUMBER or name in names]
