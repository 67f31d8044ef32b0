"""What may leave: a table whose confidential cells are gone, not merely marked. It holds no count that isn't published."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

from app.disclosure.tables import TOTAL, Cell, Dimension, NotATable

SUPPRESSED = "suppressed"
SOURCES = (
    "Hundepool et al., Statistical Disclosure Control, Wiley 2012, chapters 4 and 5",
    "Hundepool et al., Handbook on Statistical Disclosure Control, 2nd edition 2024, chapters 4 and 5",
)

BY_SUPPRESSION, TOTAL_ONLY, WITHHELD = "suppression", "total only", "withheld"
METHODS = (BY_SUPPRESSION, TOTAL_ONLY, WITHHELD)


@dataclass(frozen=True)
class Protected:
    """A table under disclosure control. A cell is a number or None: suppressed, whether for its own sake or another's isn't told.

    ``base`` is what the sums were rounded to, where they were; the cells need not add up then.
    """

    name: str
    dimensions: tuple[Dimension, ...]
    cells: Mapping[Cell, int | None]
    k: int
    method: str = BY_SUPPRESSION
    base: int | None = None
    counted: str = "records"
    sources: tuple[str, ...] = SOURCES

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", MappingProxyType(dict(self.cells)))

    def __getitem__(self, cell: Cell) -> int | None:
        return self.cells[cell]

    @property
    def total(self) -> int | None:
        """The grand total, where it is published."""
        return self.cells[(TOTAL,) * len(self.dimensions)]

    @property
    def suppressed(self) -> int:
        """How many cells are suppressed."""
        return sum(number is None for number in self.cells.values())

    def rows(self, *fixed: str) -> list[tuple[str, list[int | None]]]:
        """Return the table as rows, the total last: for each category of the first dimension its cells by the second one.

        A table of one dimension has one cell per row; of three, ``fixed`` names the category of the third (:data:`TOTAL` for all).
        """
        first, *others = self.dimensions
        columns = others[0].everything if others else None
        return [
            (
                row,
                [self.cells[(row,)]]
                if columns is None
                else [self.cells[(row, column, *fixed)] for column in columns],
            )
            for row in first.everything
        ]

    def to_json(self) -> str:
        """Return the one text of this table, the same for the same table: what is sealed, signed and compared."""
        body = {
            "name": self.name,
            "counted": self.counted,
            "k": self.k,
            "method": self.method,
            "base": self.base,
            "sources": list(self.sources),
            "dimensions": [
                {"name": one.name, "categories": list(one.categories), "within": dict(one.within)}
                for one in self.dimensions
            ],
            "cells": [
                [*cell, SUPPRESSED if number is None else number]
                for cell, number in sorted(self.cells.items())
            ],
        }
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Protected:
        """Read what :meth:`to_json` wrote. Raises :class:`NotATable` for anything else."""
        try:
            body = json.loads(text)
            dimensions = tuple(
                Dimension(one["name"], tuple(one["categories"]), dict(one["within"]))
                for one in body["dimensions"]
            )
            cells = {tuple(row[:-1]): None if row[-1] == SUPPRESSED else row[-1] for row in body["cells"]}
            read = cls(
                body["name"],
                dimensions,
                cells,
                body["k"],
                body["method"],
                body["base"],
                body["counted"],
                tuple(body["sources"]),
            )
            same = read.to_json() == text
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise NotATable("this isn't a table under disclosure control") from error
        if not same or not read._is_whole():
            raise NotATable("this isn't a table under disclosure control")
        return read

    def _is_whole(self) -> bool:
        """Whether every cell is there, as a count or suppressed."""
        wanted = set(product(*(one.everything for one in self.dimensions)))
        return (
            self.method in METHODS
            and type(self.k) is int
            and set(self.cells) == wanted
            and all(number is None or (type(number) is int and number >= 0) for number in self.cells.values())
        )
