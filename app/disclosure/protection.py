"""From counts to what may be published: choose, audit, and only then hand over. Where no choice protects a table, less of it is published, never more."""

from __future__ import annotations

from app.disclosure.audit import AuditFailed, all_of_it, audit_released, audit_total
from app.disclosure.primary import THRESHOLD
from app.disclosure.released import BY_SUPPRESSION, TOTAL_ONLY, WITHHELD, Protected
from app.disclosure.rounding import round_sums
from app.disclosure.secondary import NoPattern, Pattern, suppress
from app.disclosure.tables import Cell, Table


def protect(table: Table, k: int = THRESHOLD, *, base: int | None = None) -> Protected:
    """Return the table as it may be published. ``base`` rounds its sums on top.

    Raises :class:`AuditFailed` rather than return what isn't proven to be safe. A table that can't be protected cell by cell comes back with its total only,
    or with nothing; ``method`` says which.
    """
    try:
        pattern: Pattern | None = suppress(table, k)
    except NoPattern:
        pattern = None
    return finished(table, k, pattern, base)


def finished(table: Table, k: int, pattern: Pattern | None, base: int | None) -> Protected:
    """Return what a pattern leaves of a table, audited; without a pattern the total or nothing. Raises :class:`AuditFailed`."""
    if pattern is not None:
        released = _without(table, k, pattern.suppressed, BY_SUPPRESSION)
    else:
        released = _without(table, k, set(table.cells), WITHHELD)
        try:
            audit_total(table, k)
            released = _without(table, k, set(table.cells) - all_of_it(table), TOTAL_ONLY)
        except AuditFailed:
            pass
    if base is not None:
        released = round_sums(released, base)
    audit_released(table, released, pattern)
    return released


def _without(table: Table, k: int, suppressed: set[Cell], method: str) -> Protected:
    cells = {cell: None if cell in suppressed else count for cell, count in table.cells.items()}
    return Protected(table.name, table.dimensions, cells, k, method)
