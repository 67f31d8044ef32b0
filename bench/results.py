"""A row per measure, shown as a table and written as JSON."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

FILE = Path(__file__).with_name("results.json")
AT_LEAST, AT_MOST = ">=", "<="


@dataclass(frozen=True)
class Row:
    """One figure. ``target`` reads like ">= 0.5"; ``detail`` says what it was made from."""

    name: str
    value: float | None
    unit: str
    target: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True)
class Target:
    """What a measure has to reach, as agreed before it was measured."""

    direction: str
    bound: float

    def __str__(self) -> str:
        return f"{self.direction} {self.bound:g}"

    def met(self, value: float) -> bool:
        """Whether ``value`` reaches the target."""
        return value >= self.bound if self.direction == AT_LEAST else value <= self.bound


@dataclass(frozen=True)
class Measure:
    """A figure to find: ``take`` returns it with a sentence about what it was made from."""

    name: str
    unit: str
    target: Target
    take: Callable[..., tuple[float, str]] = field(repr=False)

    def row(self, value: float, detail: str) -> Row:
        """Compare with the target."""
        return Row(self.name, round(value, 3), self.unit, str(self.target), self.target.met(value), detail)

    def missed(self, why: str) -> Row:
        """A measure that could not be taken."""
        return Row(self.name, None, self.unit, str(self.target), False, why)


def ratio(measured: Sequence[float], baseline: Sequence[float]) -> float:
    """The median of the ratios of neighbouring rounds: what slows the machine down for a while hits both alike."""
    return statistics.median(m / b for m, b in zip(measured, baseline, strict=True))


def table(rows: Sequence[Row]) -> str:
    """The rows, aligned, for people."""
    lines = [("measure", "value", "unit", "target", "", "made from")]
    lines += [
        (
            r.name,
            "-" if r.value is None else f"{r.value:g}",
            r.unit,
            r.target,
            "ok" if r.ok else "MISSED",
            r.detail,
        )
        for r in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(
        "  ".join([*(c.ljust(w) for c, w in zip(line[:5], widths, strict=True)), line[5]]) for line in lines
    )


def write(rows: Sequence[Row], file: Path = FILE) -> None:
    """Write the rows as a JSON list."""
    file.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
