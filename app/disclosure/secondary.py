"""Complementary suppression: which more cells have to go so that nobody recomputes the confidential ones from the sums. Counts only.

For every confidential cell two other tables are sought that add up just as well and agree with everything published: one in which the cell has the lowest
value of its protection interval, one in which it has the highest (Hundepool et al. 2012, chapter 4: the feasibility interval has to contain the protection
interval). Whatever has to change on the way is suppressed, at the least cost. These two tables are kept: they prove the protection, and :mod:`app.disclosure.audit`
checks the proof. At last each cell that was suppressed for others is published again where the proofs can do without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from app.disclosure.layers import routes_of
from app.disclosure.linked import Linked
from app.disclosure.primary import UNBOUNDED, Interval, sensitive, told
from app.disclosure.routes import FORBIDDEN, Change, Room, Routes, route
from app.disclosure.tables import Cell, Cells, Table

PER_CELL, PER_MARGIN = 8, 3
"""Losing a cell costs this much, and a little for its size; each dimension that is summed up multiplies it."""
BY_CHANCE = 8
"""With a seed it costs less than this by chance, instead of for its size."""


class NoPattern(Exception):
    """No choice of suppressed cells protects this table as a table."""


@dataclass
class Pattern:
    """Which cells of a table are suppressed, and the changes that prove that this protects them: by cell, how all others move with it."""

    table: Cells
    k: int
    primary: Mapping[Cell, Interval]
    proofs: dict[Cell, list[Mapping[Cell, int]]] = field(default_factory=dict)
    suppressed: set[Cell] = field(default_factory=set)

    @property
    def secondary(self) -> set[Cell]:
        """What is suppressed for others' sake."""
        return self.suppressed - set(self.primary)


def suppress(table: Table | Linked, k: int, *, also: Iterable[Cell] = (), seed: bytes = b"") -> Pattern:
    """Choose what to suppress; ``also`` names cells that are suppressed in any case. Raises :class:`NoPattern`.

    With a ``seed`` that stays secret the choice among cells doesn't depend on their counts but on it. Otherwise whoever runs this over guessed
    tables can exclude those for which other cells would have been suppressed.
    """
    return _Search(table, k, frozenset(also), seed).pattern()


class _Search:
    def __init__(self, table: Table | Linked, k: int, also: frozenset[Cell], seed: bytes) -> None:
        self.table, self.k, self.also = table, k, also
        self.cells = list(table.cells)
        self.place = {cell: place for place, cell in enumerate(self.cells)}
        self.values = [table.cells[cell] for cell in self.cells]
        self.primary = {self.place[cell]: need for cell, need in sensitive(table, k).items()}
        self.routes: Routes = table.routes() if isinstance(table, Linked) else routes_of(table)
        self.price = [_price(table, cell, seed) for cell in self.cells]
        for cell in table.fixed:
            self.price[self.place[cell]] = FORBIDDEN
        self.hidden = set(self.primary) | {self.place[cell] for cell in also}
        rule = [told(table, cell, k) for cell in self.cells]
        self.informed = [
            (value - knows.low, knows.high - value) for value, knows in zip(self.values, rule, strict=True)
        ]
        self.proofs: dict[int, list[Change]] = {}

    def pattern(self) -> Pattern:
        for cell in sorted(self.primary, key=lambda at: (-self.values[at], at)):
            self._protect(cell)
        self._publish_again()
        for _ in self.cells:
            grown = [self._widen(cell) for cell in sorted(self.hidden - set(self.primary))]
            if not any(grown):
                break
        return Pattern(
            self.table,
            self.k,
            {self.cells[cell]: need for cell, need in self.primary.items()},
            {self.cells[cell]: [self._named(change) for change in of] for cell, of in self.proofs.items()},
            {self.cells[cell] for cell in self.hidden},
        )

    def _protect(self, cell: int) -> None:
        found = self._found(cell, self._costs())
        if found is None:
            raise NoPattern(self.table.name)
        self.proofs[cell] = found
        self.hidden |= {place for change in found for place in change}

    def _found(self, cell: int, costs: list[int]) -> list[Change] | None:
        """Changes down to the lowest and up to the highest value that has to stay possible."""
        need, found = self.primary[cell], []
        for bound in (need.low, need.high):
            change = route(self.routes, cell, bound - self.values[cell], self._room(costs))
            if change is None:
                return None
            found.append(change)
            costs = [0 if place in change else cost for place, cost in enumerate(costs)]
        return found

    def _publish_again(self) -> None:
        """Give back what isn't needed, the most precious first."""
        spare = self.hidden - set(self.primary) - {self.place[cell] for cell in self.also}
        for cell in sorted(spare, key=lambda at: (-self.price[at], at)):
            self.hidden.discard(cell)
            costs, anew = self._costs(only_hidden=True), {}
            for other, changes in self.proofs.items():
                if any(cell in change for change in changes):
                    found = self._found(other, costs)
                    if found is None:
                        self.hidden.add(cell)
                        break
                    anew[other] = found
            else:
                self.proofs.update(anew)

    def _widen(self, cell: int) -> bool:
        """See to it that a cell suppressed for others has k possible values as well; return whether more had to be suppressed for it."""
        steps = {change.get(cell, 0) for changes in self.proofs.values() for change in changes} | {0}
        if max(steps) - min(steps) >= self.k - 1:
            self.proofs.setdefault(cell, self._extremes(cell))
            return False
        for costs in (self._costs(only_hidden=True), self._costs()):
            for amount in (1 - self.k, self.k - 1):
                if (
                    change := route(self.routes, cell, amount, self._room(costs, informed=False))
                ) is not None:
                    self.proofs[cell] = [change, {}]
                    more = set(change) - self.hidden
                    self.hidden |= more
                    return bool(more)
        raise NoPattern(self.table.name)

    def _extremes(self, cell: int) -> list[Change]:
        every = [change for changes in self.proofs.values() for change in changes] + [{}]
        return [
            min(every, key=lambda one: one.get(cell, 0)),
            max(every, key=lambda one: one.get(cell, 0)),
        ]

    def _costs(self, *, only_hidden: bool = False) -> list[int]:
        return [
            0 if place in self.hidden else FORBIDDEN if only_hidden else price
            for place, price in enumerate(self.price)
        ]

    def _room(self, costs: list[int], *, informed: bool = True) -> Room:
        """How far cells may move: as the rule allows in the eyes of one who was told it, or of one who only reads the table."""
        if informed:
            return Room([low for low, _ in self.informed], [high for _, high in self.informed], costs)
        return Room(list(self.values), [UNBOUNDED] * len(self.values), costs)

    def _named(self, change: Change) -> Mapping[Cell, int]:
        return {self.cells[place]: step for place, step in change.items()}


def _price(table: Table | Linked, cell: Cell, seed: bytes) -> int:
    if seed:
        more = blake2b("\0".join(cell).encode(), key=seed, digest_size=1).digest()[0] % BY_CHANCE
    else:
        more = table.cells[cell].bit_length()
    price: int = (PER_CELL + more) * PER_MARGIN ** table.level(cell)
    return price
