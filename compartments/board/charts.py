"""Geometry of the board's charts, for an SVG that a template writes out. Numbers in, rectangles out; no colour, no word, no person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 640, 180
FLOOR, CEILING = 150, 18
"""Vertical places of the zero line and of the highest bar, in the picture's own units."""


@dataclass(frozen=True)
class Column:
    """One column of a chart over time, with the number it stands for."""

    day: date
    number: int
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Where its label is centred."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Piece:
    """One piece of a stacked bar, in per cent of the longest bar."""

    stage: str
    number: int
    x: float
    width: float


def columns(numbers: Sequence[tuple[date, int]]) -> list[Column]:
    """Return one column per day; the highest reaches the ceiling, nothing has no height."""
    most = max([number for _, number in numbers] or [0]) or 1
    step = WIDTH / max(len(numbers), 1)
    tall = FLOOR - CEILING
    return [
        Column(
            day=day,
            number=number,
            x=round(place * step + step * 0.14, 1),
            y=round(FLOOR - tall * number / most, 1),
            width=round(step * 0.72, 1),
            height=round(tall * number / most, 1),
        )
        for place, (day, number) in enumerate(numbers)
    ]


def stacked(numbers: Mapping[str, int], stages: Sequence[str], longest: int) -> list[Piece]:
    """Return the pieces of one bar in the order of ``stages``; ``longest`` is the sum of the longest bar beside it."""
    pieces, reached = [], 0.0
    for stage in stages:
        number = numbers.get(stage, 0)
        if number:
            width = 100 * number / max(longest, 1)
            pieces.append(Piece(stage, number, round(reached, 2), round(width, 2)))
            reached += width
    return pieces
