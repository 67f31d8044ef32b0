"""Two records side by side: which fields differ, and what an officer's choices come to. Plain values, no table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compartments.membership.details import FIELDS, Details, Value

FIRST, SECOND, BOTH = "first", "second", "both"
FOLLOWERS = {
    "street": ("postcode", "city", "country"),
    "left_on": ("exit_reason",),
    "may_vote": ("voting_by", "voting_on"),
    "reduced_cents": ("reduced_until", "reduction_reason"),
}
"""Fields that only make sense together: who chooses the street chooses the town."""
_LEADERS = {follower: leader for leader, followers in FOLLOWERS.items() for follower in followers}
LONGEST_NOTES = 2000


@dataclass(frozen=True)
class Choice:
    """One line of the comparison: a field with those that follow it. ``differs``: there is something to choose."""

    field: str
    fields: tuple[str, ...]
    differs: bool
    proposed: str


def choices(first: Details, second: Details) -> list[Choice]:
    """Return the lines of the comparison, in the order of the fields."""
    lines = []
    for name in FIELDS:
        if name in _LEADERS:
            continue
        together = (name, *FOLLOWERS.get(name, ()))
        mine, theirs = _values(first, together), _values(second, together)
        lines.append(Choice(name, together, mine != theirs, _proposed(name, mine, theirs)))
    return lines


def chosen(first: Details, second: Details, sides: Mapping[str, str]) -> Details:
    """Return the details that the choices (field -> side) come to; where nothing is chosen, the first record's."""
    values = first.as_dict()
    for line in choices(first, second):
        side = sides.get(line.field, FIRST)
        if side == SECOND:
            values.update({name: getattr(second, name) for name in line.fields})
        elif side == BOTH and line.field == "notes":
            values["notes"] = f"{first.notes}\n{second.notes}"[:LONGEST_NOTES]
    return Details.of(values)


def _values(details: Details, names: tuple[str, ...]) -> list[Value]:
    return [getattr(details, name) for name in names]


def _proposed(name: str, mine: list[Value], theirs: list[Value]) -> str:
    """The first record's, unless it has nothing there; of notes both."""
    if name == "notes" and mine[0] and theirs[0]:
        return BOTH
    return SECOND if not mine[0] and theirs[0] else FIRST
