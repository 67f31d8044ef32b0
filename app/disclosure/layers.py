"""Changes in a table of three dimensions: first the corners of a box, and where no box is wide enough, a circle in two dimensions that the third one makes good.

Three dimensions aren't a network, but a flow in one layer is made good by its opposite in another layer, or by the same in the layers of the sums. Counts only.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.disclosure.routes import (
    FORBIDDEN,
    Change,
    Hypercubes,
    Network,
    Room,
    Routes,
    along,
    beside,
    has_room,
    weights,
)
from app.disclosure.tables import MOST_DIMENSIONS, Table


def routes_of(table: Table) -> Routes:
    """Return what fits a table: a network where it is one."""
    if len(table.dimensions) == MOST_DIMENSIONS:
        return Layers(table)
    return Network(table) if sum(bool(one.within) for one in table.dimensions) <= 1 else Hypercubes(table)


class Layers:
    """Finds changes in a table of three dimensions."""

    def __init__(self, table: Table) -> None:
        self._boxes = Hypercubes(table)
        self._cells = list(table.cells)
        self._stacks = [
            stack
            for stack in (_Stack(table, place) for place in range(MOST_DIMENSIONS))
            if stack.network is not None
        ]

    def piece(self, cell: int, direction: int, amount: int, room: Room) -> Change | None:
        """See :class:`app.disclosure.routes.Routes`."""
        best = self._boxes.piece(cell, direction, amount, room)
        if best is not None and abs(best[cell]) == amount:
            return best
        for stack in self._stacks:
            for found in stack.pieces(cell, self._cells[cell][stack.place], direction, amount, room):
                if best is None or _worth(found, cell, room) < _worth(best, cell, room):
                    best = found
                    if _worth(best, cell, room) == (-amount, 0):
                        return best
        return best


def _worth(change: Change, cell: int, room: Room) -> tuple[int, int]:
    """Wide changes first, then cheap ones."""
    return -abs(change[cell]), sum(room.cost[at] for at in change if at != cell)


class _Stack:
    """A table of three dimensions as layers of two, stacked along one of them."""

    def __init__(self, table: Table, place: int) -> None:
        self.place = place
        along_it, flat = (
            table.dimensions[place],
            [one for one in table.dimensions if one is not table.dimensions[place]],
        )
        weight = weights(table)[place]
        two = Table(table.name, tuple(flat), {})
        self.network = Network(two) if sum(bool(one.within) for one in flat) <= 1 else None
        self._edges = {at: along(along_it, at, weight) for at in along_it.everything}
        first = [cell for cell in table.cells if cell[place] == along_it.everything[0]]
        numbers = {cell: number for number, cell in enumerate(table.cells)}
        self._ground = [numbers[cell] for cell in first]
        self._layer = {at: number * weight for number, at in enumerate(along_it.everything)}

    def pieces(self, cell: int, at: str, direction: int, amount: int, room: Room) -> Iterator[Change]:
        """Return a change for each layer that can make this one good."""
        ground = cell - self._layer[at]
        own = self._ground.index(ground)
        for edge in self._edges[at]:
            if not has_room(beside(cell, edge), direction, room):
                continue
            flat = self._flat(edge, room, cell)
            most = min(amount, (flat.up if direction > 0 else flat.down)[own])
            change = self.network.piece(own, direction, most, flat) if self.network and most > 0 else None
            if change is not None:
                yield {
                    self._ground[one] + step: sign * moved
                    for one, moved in change.items()
                    for step, sign in edge
                }

    def _flat(self, edge: list[tuple[int, int]], room: Room, cell: int) -> Room:
        """The room of a change that is made in all layers of an edge at once."""
        down, up, cost = [], [], []
        for one in self._ground:
            places = [(one + step, sign) for step, sign in edge]
            down.append(min((room.down if sign > 0 else room.up)[place] for place, sign in places))
            up.append(min((room.up if sign > 0 else room.down)[place] for place, sign in places))
            prices = [room.cost[place] for place, _ in places if place != cell]
            cost.append(FORBIDDEN if FORBIDDEN in prices else sum(prices))
        return Room(down, up, cost)
