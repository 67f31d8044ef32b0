"""Taking a single exit out of a full list: the member stays, though the list doesn't name them. Knows no Flask."""

from __future__ import annotations

from datetime import datetime

from app.office.authors import Author
from compartments.membership.imports import staging
from compartments.membership.imports.models import (
    EXIT,
    NOT_IN_THE_LIST,
    STAGED,
    Import,
    SparedExit,
    StagedRow,
)
from compartments.membership.tables import database


class NoExit(LookupError):
    """There is no such exit in this list, or it stands in the list itself."""


def find(import_id: int, place: int) -> StagedRow:
    """Return the exit of a member whom the list doesn't name; raises :class:`NoExit`."""
    found: StagedRow | None = StagedRow.get_or_none(
        StagedRow.import_id == import_id,
        StagedRow.place == place,
        StagedRow.kind == EXIT,
        StagedRow.line == NOT_IN_THE_LIST,
    )
    if found is None:
        raise NoExit(place)
    return found


def spare(import_id: int, place: int, reason: str, *, by: Author, now: datetime) -> None:
    """Take the exit out. What was seen or proposed until now is another list, so it no longer counts; the choice holds if the file is read anew.

    Raises :class:`NoExit`, and :class:`~.staging.WrongState` for an import that is written or not yet read.
    """
    with database.atomic("IMMEDIATE"):
        one = staging.find(import_id)
        if one.state != STAGED:
            raise staging.WrongState(one.state)
        row = find(import_id, place)
        SparedExit.create(
            import_id=import_id, person=row.person, number=row.number, reason=reason, by_name=by.name, at=now
        )
        StagedRow.delete().where(StagedRow.import_id == import_id, StagedRow.place == place).execute()
        Import.update(version=Import.version + 1).where(Import.id == import_id).execute()


def spared(import_id: int) -> list[SparedExit]:
    """Return who stays, by number."""
    return list(SparedExit.select().where(SparedExit.import_id == import_id).order_by(SparedExit.number))
