"""Which cells are confidential in themselves, and how well each has to be hidden.

The threshold rule (minimum frequency rule): a count below k is confidential, and so is a zero, since it tells of a whole group what its members haven't
done. A zero that every reader knows beforehand (a structural zero) hides nothing and is published. Where one person may have been counted several times, fewer than k persons
behind a count make it confidential too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.disclosure.tables import Cell, Cells

THRESHOLD = 5
COUNSEL_THRESHOLD = 10
"""What a breakdown of counsel figures takes: fewer people, and more at stake for each."""
LEAST = 3
"""A threshold below it would let one of two persons learn of the other by subtracting themselves."""
UNBOUNDED = 10**12


@dataclass(frozen=True)
class Interval:
    """Whole numbers from ``low`` to ``high``, both included."""

    low: int
    high: int

    def __contains__(self, number: int) -> bool:
        return self.low <= number <= self.high


def sensitive(table: Cells, k: int) -> Mapping[Cell, Interval]:
    """Return the cells that are confidential in themselves (primary), each with its protection interval.

    A count below k is protected if everything from 0 to k - 1 stays possible: whoever sees the table learns at most that it is below k. A larger one that
    comes of fewer than k persons is protected k - 1 to both sides. Raises ``ValueError`` for a k that protects nobody.
    """
    if k < LEAST:
        raise ValueError(f"a threshold is at least {LEAST}")
    found = {}
    for cell, count in table.cells.items():
        if cell in table.fixed:
            continue
        if count < k:
            found[cell] = Interval(0, k - 1)
        elif table.persons is not None and table.persons.get(cell, 0) < k:
            found[cell] = Interval(max(0, count - k + 1), count + k - 1)
    return found


def told(table: Cells, cell: Cell, k: int) -> Interval:
    """Return what somebody knows of a suppressed cell who was told why it is suppressed: the rule itself.

    The attackers are given it, so that the protection doesn't depend on nobody knowing how it was made.
    """
    if table.cells[cell] < k:
        return Interval(0, k - 1)
    if table.persons is not None and table.persons.get(cell, 0) < k:
        return Interval(0, UNBOUNDED)
    return Interval(k, UNBOUNDED)
