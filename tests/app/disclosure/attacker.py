"""The attacker: reads what was released, knows that counts are never negative and add up, and solves for every suppressed cell.

Shares no code with the program's own search and audit: it works out the sums for itself and asks a solver (HiGHS, in scipy) for the lowest and the
highest value that each cell can have.
"""

import json
from itertools import product

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

TOTAL, SUPPRESSED = "*", "suppressed"
SLACK = 1e-6


class Attacker:
    """Several tables read together: cells that mean the same (by dimension and category) are one unknown."""

    def __init__(self, *released: str):
        self.known, self.lines, self.cells = {}, [], []
        for text in released:
            self._read(json.loads(text))

    def _read(self, table):
        names = [one["name"] for one in table["dimensions"]]

        def key(cell):
            parts = {(name, at) for name, at in zip(names, cell, strict=True) if at != TOTAL}
            return frozenset(parts | {("counted", table["counted"])})

        for *cell, value in table["cells"]:
            unknown = key(cell)
            base = table["base"] if TOTAL in cell else None
            low = 0 if value == SUPPRESSED else value if base is None else value - base // 2
            high = None if value == SUPPRESSED else value if base is None else value + (base + 1) // 2 - 1
            self.known[unknown] = (max(low, 0), high)
            if value == SUPPRESSED and unknown not in self.cells:
                self.cells.append(unknown)
        everything = [[*one["categories"], TOTAL] for one in table["dimensions"]]
        for place, one in enumerate(table["dimensions"]):
            for whole in everything[place]:
                parts = [at for at in one["categories"] if one["within"].get(at, TOTAL) == whole]
                for rest in product(*everything[:place], *everything[place + 1 :]) if parts else ():
                    put = lambda at, rest=rest, place=place: key((*rest[:place], at, *rest[place:]))  # noqa: E731
                    self.lines.append((put(whole), [put(part) for part in parts]))

    def solve(self, told=()):
        """Return for every suppressed cell the lowest and the highest possible value; ``told`` maps cells to bounds learned elsewhere."""
        told = dict(told)
        unknowns = list(self.known)
        at = {cell: number for number, cell in enumerate(unknowns)}
        sums = lil_matrix((len(self.lines), len(unknowns)))
        for row, (whole, parts) in enumerate(self.lines):
            sums[row, at[whole]] -= 1
            for part in parts:
                sums[row, at[part]] += 1
        bounds = [told.get(cell, self.known[cell]) for cell in unknowns]
        return {cell: self._extremes(at[cell], sums.tocsr(), bounds) for cell in self.cells}

    @staticmethod
    def _extremes(place, sums, bounds):
        found = []
        for sign in (1, -1):
            goal = np.zeros(len(bounds))
            goal[place] = sign
            result = linprog(goal, A_eq=sums, b_eq=np.zeros(sums.shape[0]), bounds=bounds, method="highs")
            if result.status == 3:  # unbounded
                found.append(float("inf"))
            else:
                assert result.status == 0, result.message
                found.append(sign * result.fun)
        return found[0], found[1]


def key(table, cell):
    parts = {(one.name, at) for one, at in zip(table.dimensions, cell, strict=True) if at != TOTAL}
    return frozenset(parts | {("counted", table.counted)})


def rule(tables, released, k):
    """What somebody was told who knows of each suppressed cell whether it is below the threshold."""
    return {
        key(table, cell): (0, k - 1) if count < k else (k, None)
        for table, shown in zip(tables, released, strict=True)
        for cell, count in table.cells.items()
        if shown.cells[cell] is None
    }


def narrowed(tables, released, k, *, told=()):
    """The suppressed cells that the attacker gets closer to than they should: confidential ones to within 0..k-1, others to less than k values."""
    found = Attacker(*(shown.to_json() for shown in released)).solve(told)
    failures = []
    for table, shown in zip(tables, released, strict=True):
        for cell, count in table.cells.items():
            if shown.cells[cell] is not None:
                continue
            low, high = found[key(table, cell)]
            if count < k and (low > SLACK or high < k - 1 - SLACK):
                failures.append((table.name, cell, count, low, high))
            if not told and high - low < k - 1 - SLACK:
                failures.append((table.name, cell, count, low, high))
    return failures
