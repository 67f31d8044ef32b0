"""How long the rows of an import are kept, since each is a copy of what is known of a member: as long as it can be undone. Knows no Flask."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from compartments.membership.imports import files
from compartments.membership.imports.models import (
    CLOSED,
    COMMITTED,
    DROPPED,
    NEW,
    READING,
    STAGED,
    Import,
    SparedExit,
    StagedRow,
)
from compartments.membership.tables import database

KEPT_FOR = timedelta(days=90)
"""After it was taken into the register, and after its upload where it never was."""


def kept_until(one: Import) -> date | None:
    """Return the last day on which there are rows of an import, None where there are none any more."""
    if one.state not in (COMMITTED, NEW, READING, STAGED):
        return None
    since: datetime = one.committed_at or one.uploaded_at
    return since.date() + KEPT_FOR


def is_any_due(day: date) -> bool:
    """Whether :func:`erase_due` has anything to do."""
    return bool(Import.select().where(_done(day) | _left_lying(day)).exists())


def erase_due(day: date) -> int:
    """Erase the rows and files whose time is over; return of how many imports. A committed one can't be undone from then on."""
    with database.atomic("IMMEDIATE"):
        due: Any = Import.select(Import.id).where(_done(day) | _left_lying(day)).tuples()
        ids = [id_ for (id_,) in due]
        StagedRow.delete().where(StagedRow.import_id.in_(ids)).execute()
        SparedExit.delete().where(SparedExit.import_id.in_(ids)).execute()
        files.forget(ids)
        Import.update(state=DROPPED).where(_left_lying(day)).execute()
        Import.update(state=CLOSED).where(_done(day)).execute()
    return len(ids)


def _done(day: date) -> Any:
    return (Import.state == COMMITTED) & (Import.committed_at < _begin(day))


def _left_lying(day: date) -> Any:
    return Import.state.in_((NEW, READING, STAGED)) & (Import.uploaded_at < _begin(day))


def _begin(day: date) -> datetime:
    return datetime.combine(day - KEPT_FOR, time.min)
