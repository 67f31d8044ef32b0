"""The last look before anything leaves: are the proofs of a table's protection right? It trusts nothing that the search has said. Counts only.

For each suppressed cell it checks other tables, whole numbers all, that add up and agree with every published cell. A confidential cell takes the lowest and the
highest value of its protection interval in them, even for somebody who was told for every suppressed cell whether it is below the threshold. A cell
suppressed for others takes values at least k - 1 apart. So the intervals that anybody can compute contain these; the tests ask an independent solver as well.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.disclosure.primary import UNBOUNDED, Interval, sensitive, told
from app.disclosure.released import BY_SUPPRESSION, TOTAL_ONLY, WITHHELD, Protected
from app.disclosure.rounding import rounded
from app.disclosure.secondary import Pattern
from app.disclosure.tables import Cell, Cells, Table

ANYTHING = Interval(0, UNBOUNDED)


class AuditFailed(Exception):
    """The protection of a table isn't proven. Nothing of it may leave."""


def audit(table: Cells, pattern: Pattern) -> None:
    """Check the proofs. Raises :class:`AuditFailed`."""
    needs = sensitive(table, pattern.k)
    if not set(needs) <= pattern.suppressed or pattern.suppressed & table.fixed:
        raise AuditFailed("what is suppressed isn't what has to be")
    rule = {cell: told(table, cell, pattern.k) for cell in pattern.suppressed}
    unruled = dict.fromkeys(pattern.suppressed, ANYTHING)
    for cell in pattern.suppressed:
        knowing = rule if cell in needs else unruled
        reached = [table.cells[cell]]
        for change in pattern.proofs.get(cell, ()):
            _check(table, change, knowing)
            reached.append(table.cells[cell] + change.get(cell, 0))
        need = needs.get(cell)
        if need is not None and not (min(reached) <= need.low and max(reached) >= need.high):
            raise AuditFailed("a confidential cell can be narrowed down")
        if max(reached) - min(reached) < pattern.k - 1:
            raise AuditFailed("a suppressed cell can be narrowed down")


def _check(table: Cells, change: Mapping[Cell, int], knowing: Mapping[Cell, Interval]) -> None:
    """Whether the table, changed so, is as possible as the true one: published cells the same, the others within what is known of them, all sums right."""
    for cell, step in change.items():
        if cell not in knowing or table.cells[cell] + step not in knowing[cell]:
            raise AuditFailed("a proof changes what can't be different")
    for whole, parts in table.sums:
        if change.get(whole, 0) != sum(change.get(part, 0) for part in parts):
            raise AuditFailed("a proof doesn't add up")


def all_of_it(table: Table) -> set[Cell]:
    """Return the cells that are the grand total whatever was counted, since nothing is possible beside them; the total is one of them."""
    leaves = {cell for cell in table.cells if cell not in table.fixed and _is_leaf(table, cell)}
    return {
        cell for cell in table.cells if leaves and all(_counts_towards(table, leaf, cell) for leaf in leaves)
    }


def audit_total(table: Table, k: int) -> None:
    """Check that the grand total alone tells of no confidential cell. Raises :class:`AuditFailed`.

    Beside the cells that are the total, each may be anything from nothing to all of it: there is a leaf within it, and one outside.
    """
    if table.total not in all_of_it(table) or all_of_it(table) & set(sensitive(table, k)):
        raise AuditFailed("the total is confidential itself")


def audit_released(table: Table, released: Protected, suppressed: Collection[Cell] | None) -> None:
    """Check the very thing that leaves: that it holds nothing but what was audited. Raises :class:`AuditFailed`.

    ``suppressed`` are the cells of an audited pattern; None where there is none.
    """
    shown = {cell: number for cell, number in released.cells.items() if number is not None}
    allowed: Collection[Cell] = ()
    if released.method == BY_SUPPRESSION and suppressed is not None:
        allowed = set(table.cells) - set(suppressed)
    elif released.method == TOTAL_ONLY:
        audit_total(table, released.k)
        allowed = all_of_it(table)
    elif released.method != WITHHELD:
        raise AuditFailed("there is no proof")
    if not set(shown) <= set(allowed) or set(released.cells) != set(table.cells):
        raise AuditFailed("something is published that is confidential")
    for cell, number in shown.items():
        sum_of_it = released.base is not None and table.level(cell) > 0
        if number != (rounded(table.cells[cell], released.base or 2) if sum_of_it else table.cells[cell]):
            raise AuditFailed("something is published that wasn't counted")


def _is_leaf(table: Table, cell: Cell) -> bool:
    return all(at in one.leaves for one, at in zip(table.dimensions, cell, strict=True))


def _counts_towards(table: Table, leaf: Cell, cell: Cell) -> bool:
    return all(at in one.above(below) for one, below, at in zip(table.dimensions, leaf, cell, strict=True))
