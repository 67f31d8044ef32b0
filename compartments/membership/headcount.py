"""Head counts: how many members each division had on a day. Aggregates, and for the office alone: nothing here leaves the vault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from compartments.membership import divisions
from compartments.membership.eligibility import is_member
from compartments.membership.models import Division, Person


@dataclass
class Line:
    """A division in the tree. ``own`` are the members directly in it, ``total`` those of the divisions below as well."""

    id: int | None
    name: str
    kind: str
    depth: int
    own: int
    total: int


def members_on(day: date) -> list[Line]:
    """Return the members of each division at the end of ``day``, in the order of the tree; last those who belong to none.

    Counted from one index, which begins with the division. Its sum is the first lines' ``total``.
    """
    rows: Any = (
        Person.select(Person.division, fn.COUNT(Person.id)).where(*is_member(day)).group_by(Person.division)
    )
    own: dict[int | None, int] = dict(rows.tuples())
    children: dict[int | None, list[Division]] = {}
    for division in divisions.every():
        children.setdefault(division.__data__["parent"], []).append(division)
    lines: list[Line] = []

    def below(parent: int | None, depth: int) -> int:
        counted = 0
        for division in sorted(children.get(parent, []), key=lambda one: one.name):
            here = own.get(division.id, 0)
            line = Line(division.id, division.name, division.kind, depth, here, 0)
            lines.append(line)
            line.total = here + below(division.id, depth + 1)
            counted += line.total
        return counted

    below(None, 0)
    if none := own.get(None, 0):
        lines.append(Line(None, "", "", 0, none, none))
    return lines


def total(lines: list[Line]) -> int:
    """Return the members of all divisions and of none."""
    return sum(line.own for line in lines)
