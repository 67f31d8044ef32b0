"""Disclosure control of a table of 40 by 12 with its margins: choosing what to suppress, proving it, and auditing the proof."""

from __future__ import annotations

import random
import statistics
import time

from app.disclosure import Dimension, Protected, Table, protect
from app.disclosure.released import BY_SUPPRESSION
from bench.ground import Ground
from bench.load import WrongAnswer

ROWS, COLUMNS = 40, 12
MEANS = (200, 50, 12, 6, 3)
"""How many a cell holds on average, from a table with a few small counts to one that is mostly small counts."""


def take(ground: Ground) -> tuple[float, str]:
    """Seconds for the kind of table that takes longest (median of the rounds)."""
    slowest, made_from = 0.0, ""
    for mean in MEANS:
        taken = []
        for seed in range(ground.pace.rounds):
            table = _drawn(mean, seed)
            began = time.perf_counter()
            released = protect(table)
            taken.append(time.perf_counter() - began)
            if released.method != BY_SUPPRESSION:
                raise WrongAnswer(f"no table of cells came out at {mean} per cell")
        if statistics.median(taken) > slowest:
            slowest, made_from = statistics.median(taken), _said(released, mean)
    return slowest, made_from


def _drawn(mean: int, seed: int) -> Table:
    draw = random.Random(f"{mean} {seed}")
    rows = Dimension("row", tuple(f"r{number}" for number in range(ROWS)))
    columns = Dimension("column", tuple(f"c{number}" for number in range(COLUMNS)))
    counts = {
        (row, column): int(draw.expovariate(1 / mean)) for row in rows.leaves for column in columns.leaves
    }
    return Table("bench", (rows, columns), counts)


def _said(released: Protected, mean: int) -> str:
    return f"{released.suppressed} of {len(released.cells)} cells suppressed, {mean} per cell on average"
