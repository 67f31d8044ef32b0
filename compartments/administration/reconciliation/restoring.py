"""Codes that are valid after all are taken off the lists that would lock them, and put on the regular ones, as long as nobody has confirmed those.

A list that is confirmed may be on its way to the platform at this moment, so it stays as it is: the next regular list unlocks. Knows no Flask.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from compartments.administration.codes import books
from compartments.administration.platform.planning import CREATION, REGULAR
from compartments.administration.reconciliation import batches, lists
from compartments.administration.reconciliation.models import (
    APPLIED,
    PLANNED,
    WAITING,
    Batch,
    BatchCode,
    PlanLine,
    Remark,
)


def restore(codes: Sequence[str], *, listed: bool, day: date) -> None:
    """Let codes be valid again. ``listed`` says that they belong on the regular lists that wait. The caller holds the transaction."""
    books.restore(codes)
    waiting = Batch.select().where(Batch.state.in_((WAITING, PLANNED)), Batch.kind != CREATION)
    for batch in list(waiting):
        before = BatchCode.select().where(BatchCode.batch == batch).count()
        if batch.kind != REGULAR:
            BatchCode.delete().where(BatchCode.batch == batch, BatchCode.code.in_(list(codes))).execute()
        elif listed:
            lists.write("batch_code", "code", batch.id, codes)
        after = BatchCode.select().where(BatchCode.batch == batch).count()
        if after != before:
            _changed(batch, after, abs(after - before), day)


def _changed(batch: Batch, size: int, number: int, day: date) -> None:
    """A dry run of the list as it was is none any more, so a proposal made of it goes out of date."""
    PlanLine.delete().where(PlanLine.batch == batch).execute()
    Remark.delete().where(Remark.batch == batch).execute()
    batch.size, batch.taken_back = size, batch.taken_back + number
    batch.state, batch.planned_at, batch.planned_by_name = WAITING, None, ""
    batch.created = batch.locked = batch.unlocked = batch.unchanged = batch.unknown = 0
    if not size:
        batch.state, batch.applied_on = APPLIED, day
        batches.send_counts(batch, day)
    batch.save()
