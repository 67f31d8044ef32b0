"""What is known of a person, as plain values, and how two versions of it are compared and merged. Touches no table."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

Value = str | int | bool | date | None


@dataclass(frozen=True)
class Details:
    """The fields of a person that officers write. Dues are cents per year, paid every so many months; ``division`` is an id."""

    member_number: int
    last_name: str
    first_name: str
    entered_on: date
    birth_date: date | None = None
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "DE"
    email: str = ""
    phone: str = ""
    language: str = ""
    citizenship: str = ""
    division: int | None = None
    may_vote: bool = False
    voting_by: str = ""
    voting_on: date | None = None
    dues_cents: int | None = None
    dues_every: int = 12
    reduced_cents: int | None = None
    reduced_until: date | None = None
    reduction_reason: str = ""
    left_on: date | None = None
    exit_reason: str | None = None
    consent_news_on: date | None = None
    consent_phone_on: date | None = None
    notes: str = ""

    @classmethod
    def of(cls, values: dict[str, Any]) -> Details:
        """Make details out of a mapping that may hold more."""
        return cls(**{name: values[name] for name in FIELDS})

    def as_dict(self) -> dict[str, Value]:
        """Field name -> value."""
        return {name: getattr(self, name) for name in FIELDS}

    def differences(self, other: Details) -> dict[str, tuple[Value, Value]]:
        """Field name -> (value here, value there), for the fields that differ."""
        mine, theirs = self.as_dict(), other.as_dict()
        return {name: (mine[name], theirs[name]) for name in FIELDS if mine[name] != theirs[name]}


FIELDS = tuple(field.name for field in fields(Details))
DATES = frozenset(
    {
        "birth_date",
        "entered_on",
        "left_on",
        "voting_on",
        "reduced_until",
        "consent_news_on",
        "consent_phone_on",
    }
)
NUMBERS = frozenset({"member_number", "division", "dues_cents", "dues_every", "reduced_cents"})
TEXTS = frozenset(field.name for field in fields(Details) if field.type == "str")
TRUTHS = frozenset({"may_vote"})


def to_text(value: Value) -> str | None:
    """Write a value as the history keeps it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def from_text(field: str, text: str | None) -> Value:
    """Read a value that :func:`to_text` wrote."""
    if text is None:
        return None
    if field in DATES:
        return date.fromisoformat(text)
    if field in TRUTHS:
        return text == "1"
    return int(text) if field in NUMBERS else text


@dataclass(frozen=True)
class Merged:
    """Three-way merge of what two officers did with one person at the same time.

    ``details`` is what the second one sees next: their own entries, and the other's in fields that they left alone. ``taken_over`` names the
    latter; ``contested`` maps a field that both changed to the value the other gave it.
    """

    details: Details
    taken_over: frozenset[str]
    contested: dict[str, Value]


def merge(base: Details, theirs: Details, typed: Details) -> Merged:
    """Merge ``typed`` with what has become of ``base`` meanwhile."""
    result = typed.as_dict()
    taken_over, contested = set(), {}
    for field, (_, now) in base.differences(theirs).items():
        mine = result[field]
        if mine == now:
            continue
        if mine == base.as_dict()[field]:
            result[field] = now
            taken_over.add(field)
        else:
            contested[field] = now
    return Merged(Details.of(result), frozenset(taken_over), contested)
