"""From counts to what may be published: choose, audit, and only then hand over. Where no choice protects a table, less of it is published, never more."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.disclosure.audit import AuditFailed, all_of_it, audit, audit_released, audit_total
from app.disclosure.linked import Linked, name_of
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
        pattern = suppress(table, k)
    except NoPattern:
        return _less(table, k, base)
    audit(table, pattern)
    return _finished(table, k, BY_SUPPRESSION, pattern.suppressed, base)


def protect_together(
    tables: Sequence[Table], k: int = THRESHOLD, *, base: int | None = None, seed: bytes = b""
) -> list[Protected]:
    """Return tables that are published together and share cells; a shared cell has one status in all of them. ``seed``: see :func:`~.secondary.suppress`.

    The most important table comes first: where no choice protects them all, a later one is withheld. Raises :class:`AuditFailed` as :func:`protect` does, and
    ``NotATable`` where two of them disagree.
    """
    if not tables:
        return []
    kept, pattern = _as_many_as_possible(tables, k, seed)
    if pattern is None:
        return [_less(tables[0], k, base)] + [_withheld(table, k) for table in tables[1:]]
    audit(Linked(kept), pattern)
    return [
        _finished(table, k, BY_SUPPRESSION, _suppressed(table, pattern), base)
        if table in kept
        else _withheld(table, k)
        for table in tables
    ]


def _as_many_as_possible(tables: Sequence[Table], k: int, seed: bytes) -> tuple[list[Table], Pattern | None]:
    """The tables that can be protected together: all of them, or each one in its turn that goes with those before it."""
    Linked(tables)
    try:
        return list(tables), suppress(Linked(tables), k, seed=seed)
    except NoPattern:
        kept, pattern = list[Table](), None
    for table in tables:
        try:
            pattern = suppress(Linked([*kept, table]), k, seed=seed)
        except NoPattern:
            continue
        kept.append(table)
    return kept, pattern


def _suppressed(table: Table, pattern: Pattern) -> set[Cell]:
    return {cell for cell in table.cells if name_of(table, cell) in pattern.suppressed}


def _less(table: Table, k: int, base: int | None) -> Protected:
    try:
        audit_total(table, k)
    except AuditFailed:
        return _withheld(table, k)
    return _finished(table, k, TOTAL_ONLY, set(table.cells) - all_of_it(table), base)


def _withheld(table: Table, k: int) -> Protected:
    return _finished(table, k, WITHHELD, set(table.cells), None)


def _finished(table: Table, k: int, method: str, suppressed: Collection[Cell], base: int | None) -> Protected:
    released = without(table, k, suppressed, method)
    if base is not None:
        released = round_sums(released, base)
    audit_released(table, released, suppressed)
    return released


def without(table: Table, k: int, suppressed: Collection[Cell], method: str = BY_SUPPRESSION) -> Protected:
    """Return a table without some of its cells. Whether that is safe is for the audit to say: nothing but this module calls it."""
    cells = {cell: None if cell in suppressed else count for cell, count in table.cells.items()}
    return Protected(table.name, table.dimensions, cells, k, method, counted=table.counted)
