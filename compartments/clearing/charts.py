"""Geometry of this office's charts, for an SVG that a template writes out: numbers in, pieces of a bar out."""

from __future__ import annotations

from dataclasses import dataclass

from compartments.clearing.keysets.service import Counts


@dataclass(frozen=True)
class Piece:
    """One piece of a bar, in per cent of the longest one."""

    state: str
    number: int
    x: float
    width: float


def bar(counts: Counts, longest: int) -> list[Piece]:
    """Return the pieces of a set's bar: claimed, open, deactivated. A piece that isn't empty can be seen."""
    pieces, reached = [], 0.0
    for state in ("claimed", "open", "deactivated"):
        number = getattr(counts, state)
        if number:
            width = max(100 * number / max(longest, 1), 0.5)
            pieces.append(Piece(state, number, round(reached, 2), round(width, 2)))
            reached += width
    return pieces
