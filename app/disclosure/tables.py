"""Tables of counts: up to three dimensions, with every margin, and the sums that tie the cells to one another. It never holds a record.

A cell is named by one category per dimension; :data:`TOTAL` stands for all of a dimension. A dimension may be a tree (divisions within divisions):
then the categories above the leaves are margins too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Protocol

TOTAL = "*"
MOST_DIMENSIONS = 3

Cell = tuple[str, ...]


class NotATable(ValueError):
    """The dimensions or the counts don't make a table; nothing of it may be published."""


@dataclass(frozen=True)
class Dimension:
    """One dimension: its categories, and for a tree which of them lies within which other one."""

    name: str
    categories: tuple[str, ...]
    within: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = set(self.categories)
        if not known or TOTAL in known or len(known) != len(self.categories):
            raise NotATable(f"{self.name}: categories are different from each other, and none is {TOTAL}")
        if not set(self.within) | set(self.within.values()) <= known:
            raise NotATable(f"{self.name}: what lies within what is told of categories only")
        for category in self.categories:
            self.above(category)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The categories that hold no others, in their order: what is counted."""
        parents = set(self.within.values())
        return tuple(one for one in self.categories if one not in parents)

    @cached_property
    def everything(self) -> tuple[str, ...]:
        """All categories, and the total at the end."""
        return (*self.categories, TOTAL)

    @cached_property
    def parts(self) -> Mapping[str, tuple[str, ...]]:
        """What each sum is made of: the total, and in a tree every category above others."""
        found: dict[str, list[str]] = {}
        for one in self.categories:
            found.setdefault(self.within.get(one, TOTAL), []).append(one)
        return {whole: tuple(of) for whole, of in found.items()}

    def above(self, category: str) -> tuple[str, ...]:
        """Return what a category counts towards, itself first and the total last. Raises :class:`NotATable` for a circle."""
        chain = [category]
        while chain[-1] != TOTAL:
            chain.append(self.within.get(chain[-1], TOTAL))
            if len(chain) > len(self.categories) + 1:
                raise NotATable(f"{self.name}: {category} lies within itself")
        return tuple(chain)


class Cells(Protocol):
    """What is searched and audited: a table, or several read together."""

    @property
    def name(self) -> str: ...
    @property
    def cells(self) -> Mapping[Cell, int]: ...
    @property
    def fixed(self) -> frozenset[Cell]: ...
    @property
    def persons(self) -> Mapping[Cell, int] | None: ...
    @property
    def sums(self) -> tuple[tuple[Cell, tuple[Cell, ...]], ...]: ...
    def level(self, cell: Cell) -> int:
        """Return how many dimensions are summed up in a cell."""


@dataclass(frozen=True)
class Table:
    """Counts of one thing by one to three dimensions.

    ``counts`` names leaves only; what isn't named is zero. ``impossible`` names the leaves that can't be anything but zero, as every reader knows (a
    structural zero, such as an online incident in an office): they are published. ``persons`` says for a cell how many different persons stand
    behind its count, where one person can be counted more than once. ``counted`` says what is counted: tables that count the same share their margins.
    """

    name: str
    dimensions: tuple[Dimension, ...]
    counts: Mapping[Cell, int]
    impossible: frozenset[Cell] = frozenset()
    persons: Mapping[Cell, int] | None = None
    counted: str = "records"

    def __post_init__(self) -> None:
        if not 1 <= len(self.dimensions) <= MOST_DIMENSIONS:
            raise NotATable(f"{self.name}: one to {MOST_DIMENSIONS} dimensions")
        if len({one.name for one in self.dimensions}) != len(self.dimensions):
            raise NotATable(f"{self.name}: two dimensions have one name")
        leaves = set(product(*(one.leaves for one in self.dimensions)))
        if not set(self.counts) <= leaves or not self.impossible <= leaves:
            raise NotATable(f"{self.name}: a count belongs to one leaf of every dimension")
        if any(type(count) is not int or count < 0 for count in self.counts.values()):
            raise NotATable(f"{self.name}: counts are whole numbers from zero")
        if any(self.counts.get(cell, 0) for cell in self.impossible):
            raise NotATable(f"{self.name}: what is impossible has happened")

    @classmethod
    def from_records(
        cls,
        name: str,
        records: Iterable[Mapping[str, str]],
        dimensions: Sequence[Dimension],
        *,
        impossible: Iterable[Cell] = (),
        person: str | None = None,
        counted: str = "records",
    ) -> Table:
        """Count records, each a mapping that has a leaf under every dimension's name.

        ``person`` names the field that tells one person from another where somebody may stand behind several records.
        """
        of = tuple(dimensions)
        counts: Counter[Cell] = Counter()
        seen: dict[Cell, set[str]] = {}
        for record in records:
            cell = tuple(record[one.name] for one in of)
            counts[cell] += 1
            if person is not None:
                for margin in product(*(one.above(at) for one, at in zip(of, cell, strict=True))):
                    seen.setdefault(margin, set()).add(record[person])
        persons = None if person is None else {cell: len(who) for cell, who in seen.items()}
        return cls(name, of, dict(counts), frozenset(impossible), persons, counted)

    @cached_property
    def cells(self) -> Mapping[Cell, int]:
        """Every cell with its count, margins and total included, in the order of the categories."""
        found = dict.fromkeys(product(*(one.everything for one in self.dimensions)), 0)
        for cell, count in self.counts.items():
            for margin in product(*(one.above(at) for one, at in zip(self.dimensions, cell, strict=True))):
                found[margin] += count
        return found

    @cached_property
    def fixed(self) -> frozenset[Cell]:
        """The structural zeros: cells, margins among them, below which nothing is possible."""
        possible: set[Cell] = set()
        for leaf in product(*(one.leaves for one in self.dimensions)):
            if leaf not in self.impossible:
                possible |= set(
                    product(*(one.above(at) for one, at in zip(self.dimensions, leaf, strict=True)))
                )
        return frozenset(self.cells) - possible

    def level(self, cell: Cell) -> int:
        """Return how many dimensions are summed up in a cell."""
        return cell.count(TOTAL)

    @property
    def total(self) -> Cell:
        """The cell of the grand total."""
        return (TOTAL,) * len(self.dimensions)

    @cached_property
    def sums(self) -> tuple[tuple[Cell, tuple[Cell, ...]], ...]:
        """Every sum that a reader can make: a cell, and the cells that it is made of."""
        return tuple(
            (cell, tuple((*cell[:place], part, *cell[place + 1 :]) for part in one.parts[cell[place]]))
            for cell in self.cells
            for place, one in enumerate(self.dimensions)
            if cell[place] in one.parts
        )
