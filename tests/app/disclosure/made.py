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
