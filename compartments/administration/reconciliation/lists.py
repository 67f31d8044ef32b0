"""The lists of codes that stand on a batch: written down, put together, emptied of what is done, and forgotten. Knows no Flask.

The caller holds the transaction.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date

from compartments.administration.codes import books
from compartments.administration.codes.models import DELETED, LOCKED, VANISHED
from compartments.administration.platform.planning import DEACTIVATION
from compartments.administration.reconciliation.models import APPLIED, WAITING, Batch, BatchCode, PlanLine
from compartments.administration.tables import database
from keys.randomness import new_id

DONE_WITH = (LOCKED, DELETED, VANISHED)


def begin(kind: str, codes: Collection[str], *, batch_id: str = "", reason: str = "", day: date) -> Batch:
    """Write a batch down with its list, once. The caller holds the transaction."""
    known: Batch | None = Batch.get_or_none(Batch.id == batch_id) if batch_id else None
    if known is not None:
        return known
    batch: Batch = Batch.create(
        id=batch_id or new_id(), kind=kind, reason=reason, arrived_on=day, size=len(codes)
    )
    write("batch_code", "code", batch.id, codes)
    return batch


def deactivated(codes: Collection[str], reason: str, *, day: date) -> None:
    """Let codes that are no longer valid be locked: with those that wait already, if there are some."""
    waiting: Batch | None = Batch.get_or_none(Batch.kind == DEACTIVATION, Batch.state == WAITING)
    if waiting is None:
        begin(DEACTIVATION, codes, reason=reason, day=day)
        return
    write("batch_code", "code", waiting.id, codes)
    size = BatchCode.select().where(BatchCode.batch == waiting).count()
    Batch.update(size=size).where(Batch.id == waiting.id).execute()


def codes_of(batch_id: str) -> list[str]:
    """Return a batch's list."""
    rows = database.execute_sql("select code from batch_code where batch_id = ?", (batch_id,))
    return [code for (code,) in rows]


def settle(day: date) -> None:
    """Deactivated codes that are locked by now have nothing left to be done: a list with no others is done, and asks for no dry run."""
    waiting: Batch | None = Batch.get_or_none(Batch.kind == DEACTIVATION, Batch.state == WAITING)
    if waiting is None:
        return
    known = books.in_states(codes_of(waiting.id), DONE_WITH)
    BatchCode.delete().where(BatchCode.batch == waiting, BatchCode.code.in_(known)).execute()
    waiting.unchanged += len(known)
    if len(known) == waiting.size:
        waiting.state, waiting.applied_on = APPLIED, day
    else:
        waiting.size -= len(known)
    waiting.save()


def forget(batch_id: str) -> None:
    BatchCode.delete().where(BatchCode.batch == batch_id).execute()
    PlanLine.delete().where(PlanLine.batch == batch_id).execute()


def write(table: str, columns: str, batch_id: str, codes: Collection[str], *more: str) -> None:
    """Write a long list as one statement."""
    marks = "?, " * len(more)
    database.execute_sql(
        f"insert or ignore into {table} (batch_id, {columns}) select ?, {marks}value from json_each(?)",
        (batch_id, *more, json.dumps(list(codes))),
    )
