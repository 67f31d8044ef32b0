"""Rounding of sums, where an exact one would say more than is meant: a function of what is published anyway, so it never tells more. Counts only."""

from __future__ import annotations

from dataclasses import replace

from app.disclosure.released import Protected
from app.disclosure.tables import TOTAL


def rounded(number: int, base: int) -> int:
    """Return the multiple of ``base`` that is nearest (conventional rounding; halves go up). Raises ``ValueError`` for a base below 2."""
    if base < 2:  # noqa: PLR2004
        raise ValueError("a base is at least 2")
    return (number + base // 2) // base * base


def round_sums(table: Protected, base: int) -> Protected:
    """Round every published margin, each for itself: the table doesn't add up exactly any more, and says what it was rounded to."""
    cells = {
        cell: rounded(number, base) if number is not None and TOTAL in cell else number
        for cell, number in table.cells.items()
    }
    return replace(table, cells=cells, base=base)


def published_total(number: int, k: int, base: int | None = None) -> int | None:
    """Return a single count as it may be published: None below k, and rounded where a base is given."""
    if number < k:
        return None
    return number if base is None else rounded(number, base)
