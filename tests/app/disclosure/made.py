"""Made-up tables, for tests of disclosure control."""

import random

from app.disclosure.tables import Dimension, Table


def flat(name, size):
    return Dimension(name, tuple(f"{name}{number}" for number in range(size)))


def drawn(*sizes, seed=0, mean=12.0, zeros=0.1):
    """A table whose counts are drawn; the same for the same seed."""
    draw = random.Random(seed)
    dimensions = tuple(flat(name, size) for name, size in zip("abc", sizes, strict=False))
    table = Table("drawn", dimensions, {})
    leaves = [cell for cell in table.cells if "*" not in cell]
    counts = {cell: 0 if draw.random() < zeros else int(draw.expovariate(1 / mean)) for cell in leaves}
    return Table("drawn", dimensions, counts)


def of(rows, *, impossible=(), persons=None):
    """A table of two dimensions, from rows of numbers."""
    a, b = flat("a", len(rows)), flat("b", len(rows[0]))
    counts = {
        (a.leaves[i], b.leaves[j]): number for i, row in enumerate(rows) for j, number in enumerate(row)
    }
    return Table("given", (a, b), counts, frozenset(impossible), persons)


YEAR = {"kind": 4, "form": 3, "setting": 4, "level": 4, "half": 2, "relation": 4, "outcome": 4, "reported": 2}


def year(cases, seed=0):
    """The tables of a report on a year's cases, most important first: one count by kind, and what the kinds go with."""
    draw = random.Random(seed)
    dimensions = {name: flat(name, size) for name, size in YEAR.items()}
    records = [
        {
            name: draw.choices(one.leaves, [1 / (place + 1) for place in range(len(one.leaves))])[0]
            for name, one in dimensions.items()
        }
        for _ in range(cases)
    ]
    by = [("kind",), ("kind", "setting"), ("kind", "level"), ("kind", "half"), ("form", "setting"),
          ("kind", "relation"), ("kind", "outcome"), ("kind", "reported")]  # fmt: skip
    return [
        Table.from_records(" by ".join(names), records, [dimensions[name] for name in names], counted="cases")
        for names in by
    ]
