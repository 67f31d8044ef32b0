"""Ways of changing a cell so that every sum still adds up: what makes another table as possible as the true one. Counts only, no record.

A cell's change has to be made good by others. In a table of two dimensions, one of which may be a tree, sums and cells are the nodes and arcs of a
network, and a change is a flow around a circle: the cheapest one is found by shortest paths (Castro 2003; Handbook on Statistical Disclosure Control, section 4.4.3). In
three dimensions it isn't a network, and the change is made good by the corners of a hypercube (Repsilber 1994; Handbook, section 4.4.4).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol

from app.disclosure.primary import UNBOUNDED
from app.disclosure.tables import TOTAL, Cell, Dimension, Table

FORBIDDEN = -1
"""The cost of a cell that may not change."""
MOST_PIECES = 8

Change = dict[int, int]
Node = tuple[str, ...]
GROUND: Node = ()


@dataclass
class Room:
    """How far each cell may fall and rise, and what it costs to suppress it: 0 where it is suppressed already."""

    down: list[int]
    up: list[int]
    cost: Sequence[int]

    def take(self, change: Mapping[int, int]) -> None:
        """Use up what a change takes, and win what could be taken back."""
        for cell, amount in change.items():
            self.up[cell] -= amount
            self.down[cell] += amount


class Routes(Protocol):
    """Finds changes in one table; cells are their places in ``table.cells``."""

    def piece(self, cell: int, direction: int, amount: int, room: Room) -> Change | None:
        """Return the cheapest change that moves ``cell`` by 1 to ``amount`` in a direction (1 or -1), in full if it can be; None if there is none."""


def route(routes: Routes, cell: int, amount: int, room: Room) -> Change | None:
    """Return a change that moves ``cell`` by exactly ``amount`` (signed), cheap in what else it has to suppress; None if there is none."""
    left, direction, whole = abs(amount), 1 if amount > 0 else -1, Change()
    rest = Room(list(room.down), list(room.up), list(room.cost))
    for _ in range(MOST_PIECES):
        if not left:
            break
        found = routes.piece(cell, direction, left, rest)
        if found is None:
            return None
        rest.take(found)
        left -= abs(found[cell])
        for place, step in found.items():
            whole[place] = whole.get(place, 0) + step
        rest.cost = [0 if place in found else cost for place, cost in enumerate(rest.cost)]
    return None if left else {place: step for place, step in whole.items() if step}


class Network:
    """A table of one or two dimensions as a network: a cell is an arc, and raising it is a flow along it."""

    def __init__(self, table: Table) -> None:
        self._ends = [_ends(table, cell) for cell in table.cells]
        self._arcs: dict[Node, list[tuple[Node, int, int]]] = {}
        for place, (tail, head) in enumerate(self._ends):
            self._arcs.setdefault(tail, []).append((head, place, 1))
            self._arcs.setdefault(head, []).append((tail, place, -1))

    def piece(self, cell: int, direction: int, amount: int, room: Room) -> Change | None:
        """See :class:`Routes`: a shortest path that closes the circle, first one that is wide enough for all of it."""
        for width in (amount, 1):
            path = self._path(cell, direction, width, room)
            if path is not None:
                wide = min((room.up if sign > 0 else room.down)[place] for place, sign in path)
                much = min(amount, wide)
                return {cell: direction * much} | {place: sign * much for place, sign in path}
        return None

    def _path(self, cell: int, direction: int, width: int, room: Room) -> list[tuple[int, int]] | None:
        tail, head = self._ends[cell]
        start, goal = (head, tail) if direction > 0 else (tail, head)
        if start == goal:
            return []
        came: dict[Node, tuple[Node, int, int]] = {}
        best, done, queue = {start: 0}, set[Node](), [(0, start)]
        up, down, cost = room.up, room.down, room.cost
        while queue:
            so_far, node = heapq.heappop(queue)
            if node == goal:
                return list(_back(came, goal))
            if node in done:
                continue
            done.add(node)
            for other, place, sign in self._arcs[node]:
                step = cost[place]
                if other in done or step == FORBIDDEN or place == cell:
                    continue
                if (up if sign > 0 else down)[place] >= width and so_far + step < best.get(other, UNBOUNDED):
                    best[other] = so_far + step
                    came[other] = (node, place, sign)
                    heapq.heappush(queue, (so_far + step, other))
        return None


def _back(came: Mapping[Node, tuple[Node, int, int]], node: Node) -> Iterator[tuple[int, int]]:
    while node in came:
        node, place, sign = came[node]
        yield place, sign


def _ends(table: Table, cell: Cell) -> tuple[Node, Node]:
    """Between which two sums a cell stands: it is a part of one and the whole of the other. Leaves and the total meet at the ground."""
    if len(table.dimensions) == 1:
        (tree,), (row,), column = table.dimensions, cell, "-"
    else:
        turned = bool(table.dimensions[1].within)
        tree, row, column = table.dimensions[turned], cell[turned], cell[not turned]
    whole = (row, column) if row in tree.parts else (row,) if len(cell) > 1 else GROUND
    part = GROUND if row == TOTAL else (tree.above(row)[1], column)
    return (part, whole) if column == TOTAL else (whole, part)


class Hypercubes:
    """A table of any dimensions: one cell's change is made good at the other corners of a box, or in the sums."""

    def __init__(self, table: Table) -> None:
        self._cells = list(table.cells)
        self._moves = [
            {at: along(one, at, weight) for at in one.everything}
            for one, weight in zip(table.dimensions, weights(table), strict=True)
        ]

    def piece(self, cell: int, direction: int, amount: int, room: Room) -> Change | None:
        """See :class:`Routes`: the cheapest box that is wide enough for all of it, or else the widest."""
        best, chosen = (0, 0), Change()
        for corners in self._boxes(cell, direction, room):
            wide, price = amount, 0
            for place, sign in corners:
                step = room.cost[place]
                left = (room.up if sign * direction > 0 else room.down)[place]
                if left < 1 or (step == FORBIDDEN and place != cell):
                    break
                wide, price = min(wide, left), price + (0 if place == cell else step)
            else:
                if (wide, -price) > best or not chosen:
                    best = (wide, -price)
                    chosen = {place: sign * direction * wide for place, sign in corners}
                    if best == (amount, 0):
                        break
        return chosen or None

    def _boxes(self, cell: int, direction: int, room: Room) -> Iterator[list[tuple[int, int]]]:
        """The boxes at whose corners next to the cell there is room; the others can't be any good."""
        edges = [
            [edge for edge in moves[at] if has_room(beside(cell, edge), direction, room)]
            for moves, at in zip(self._moves, self._cells[cell], strict=True)
        ]
        for chosen in product(*edges):
            corners = [(0, 1)]
            for edge in chosen:
                corners = [(at + step, sign * turn) for at, sign in corners for step, turn in edge]
            yield corners


def beside(cell: int, edge: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the other cells of an edge; a cell's own place in it stands first."""
    own = edge[0][0]
    return [(cell - own + step, sign) for step, sign in edge[1:]]


def has_room(places: Sequence[tuple[int, int]], direction: int, room: Room) -> bool:
    """Whether each of these cells may move a step, in its own or the other direction."""
    return all(
        room.cost[place] != FORBIDDEN and (room.up if sign * direction > 0 else room.down)[place] > 0
        for place, sign in places
    )


def weights(table: Table) -> list[int]:
    """Return how far apart two neighbours along each dimension stand in ``table.cells``."""
    sizes = [len(one.everything) for one in table.dimensions]
    found = [1]
    for size in reversed(sizes[1:]):
        found.insert(0, found[0] * size)
    return found


def along(one: Dimension, at: str, weight: int) -> list[list[tuple[int, int]]]:
    """Return the ways in which a category can rise along a dimension, at another leaf's cost or with all sums above it.

    Each is a list of places with signs, the category's own place first.
    """
    place = {category: number * weight for number, category in enumerate(one.everything)}
    found: list[list[tuple[int, int]]] = []
    for leaf in one.leaves:
        if at not in one.above(leaf):
            continue
        rising = one.above(leaf)
        ways: list[tuple[tuple[str, ...], tuple[str, ...]]] = [(rising, ())]
        ways += [
            (tuple(up for up in rising if up not in one.above(other)),
             tuple(down for down in one.above(other) if down not in rising))
            for other in one.leaves
            if at not in one.above(other)
        ]  # fmt: skip
        for up, down in ways:
            others = [(place[category], 1) for category in up if category != at]
            found.append([(place[at], 1), *others, *((place[category], -1) for category in down)])
    return found
