"""Tables that are released together and share cells (a common margin, the same total): read together, so protected together. Counts only.

A cell that stands in several tables is one cell here and gets one status. What proves a protection has to add up in all of them at once, or two tables that are
safe each for itself could be solved against one another (linked tables: Handbook on Statistical Disclosure Control, chapter 4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from app.disclosure.layers import routes_of
from app.disclosure.routes import Change, Room, Routes, route
from app.disclosure.tables import TOTAL, Cell, NotATable, Table


class Linked:
    """Several tables as one set of cells and sums; it is searched and audited like a table."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self.tables = tuple(tables)
        self.name = ", ".join(table.name for table in tables)
        self.names = [{cell: name_of(table, cell) for cell in table.cells} for table in tables]
        known = {(table.counted, one.name): one for table in tables for one in table.dimensions}
        if any(known[table.counted, one.name] != one for table in tables for one in table.dimensions):
            raise NotATable(
                f"{self.name}: a dimension is divided in two ways, whose difference nobody looks at"
            )
        found: dict[Cell, int] = {}
        for table, names in zip(tables, self.names, strict=True):
            for cell, count in table.cells.items():
                if found.setdefault(names[cell], count) != count:
                    raise NotATable(f"{self.name}: two tables count the same and don't agree")
        self.cells: Mapping[Cell, int] = found

    @cached_property
    def fixed(self) -> frozenset[Cell]:
        """The structural zeros of any of them."""
        return frozenset(
            names[cell] for table, names in zip(self.tables, self.names, strict=True) for cell in table.fixed
        )

    @cached_property
    def persons(self) -> Mapping[Cell, int] | None:
        """How many persons stand behind a cell, the fewest that any table knows of."""
        found: dict[Cell, int] = {}
        for table, names in zip(self.tables, self.names, strict=True):
            for cell, name in names.items():
                persons = table.cells[cell] if table.persons is None else table.persons.get(cell, 0)
                found[name] = min(persons, found.get(name, persons))
        return found

    @cached_property
    def sums(self) -> tuple[tuple[Cell, tuple[Cell, ...]], ...]:
        """Every sum of every table."""
        return tuple(
            (names[whole], tuple(names[part] for part in parts))
            for table, names in zip(self.tables, self.names, strict=True)
            for whole, parts in table.sums
        )

    def level(self, cell: Cell) -> int:
        """How many dimensions are summed up in a cell, against the largest table."""
        return max(len(table.dimensions) for table in self.tables) - len(cell) + 1

    def routes(self) -> Routes:
        """Changes that add up in all tables."""
        return LinkedRoutes(self)


def name_of(table: Table, cell: Cell) -> Cell:
    """Return what a cell is called whichever table it stands in: what is counted, and each dimension that isn't summed up."""
    parts = (f"{one.name}={at}" for one, at in zip(table.dimensions, cell, strict=True) if at != TOTAL)
    return (table.counted, *sorted(parts))


class LinkedRoutes:
    """Finds a change in one table and makes it good in the others."""

    def __init__(self, linked: Linked) -> None:
        place = {cell: number for number, cell in enumerate(linked.cells)}
        self._routes = [routes_of(table) for table in linked.tables]
        self._to_all = [[place[name] for name in names.values()] for names in linked.names]
        self._to_own = [{at: own for own, at in enumerate(to_all)} for to_all in self._to_all]
        standing = Counter(at for to_all in self._to_all for at in to_all)
        self._shared = {at for at, tables in standing.items() if tables > 1}

    def piece(self, cell: int, direction: int, amount: int, room: Room) -> Change | None:
        """See :class:`Routes`. First without touching what tables share, if that can be."""
        home = next(number for number, own in enumerate(self._to_own) if cell in own)
        for kept in (self._shared - {cell}, set[int]()):
            own = self._own(home, room, dict.fromkeys(kept, 0))
            found = self._routes[home].piece(self._to_own[home][cell], direction, amount, own)
            if found is None:
                continue
            change = {self._to_all[home][at]: step for at, step in found.items()}
            if self._complete(change, home, room):
                return change
        return None

    def _complete(self, change: Change, home: int, room: Room) -> bool:
        """Extend a change to all other tables; whether it could be."""
        settled = set(self._to_own[home])
        for number, own in enumerate(self._to_own):
            if number == home:
                continue
            known = {at: change.get(at, 0) for at in own if at in settled}
            found = self._extended(number, known, room)
            if found is None:
                return False
            change.update(found)
            settled |= set(own)
        return True

    def _extended(self, number: int, known: Mapping[int, int], room: Room) -> Change | None:
        """A change of one table in which the known cells move exactly so far."""
        own = self._own(number, room, known)
        left = {self._to_own[number][at]: step for at, step in known.items() if step}
        whole: Change = {}
        while left:
            cell, step = left.popitem()
            found = route(self._routes[number], cell, step, own)
            if found is None:
                return None
            own.take(found)
            own.down[cell] = own.up[cell] = 0
            for at, moved in found.items():
                whole[at] = whole.get(at, 0) + moved
                if at in left:
                    left[at] -= moved
                    own.down[at], own.up[at] = max(-left[at], 0), max(left[at], 0)
            left = {at: step for at, step in left.items() if step}
        return {self._to_all[number][at]: step for at, step in whole.items()}

    def _own(self, number: int, room: Room, known: Mapping[int, int]) -> Room:
        """The room of one table's cells: what is known moves so far and no farther."""
        to_all = self._to_all[number]
        return Room(
            [max(-known[at], 0) if at in known else room.down[at] for at in to_all],
            [max(known[at], 0) if at in known else room.up[at] for at in to_all],
            [room.cost[at] for at in to_all],
        )
