"""So that neither how the rows of a covered day lie, nor which of them differ from yesterday's copy, says more than their number does.

PostgreSQL writes a changed row to a place of its own and notes in which transaction: one look at it, or at a dump, which has the rows in
that order, would tell what has taken a cover's place. So upkeep writes the rows of a day anew, in no order, all in one transaction. A SQLite
file keeps a row where it was, and says nothing of when.

When an envelope is imported or a case erased, rows of former days change. So some covers change with each new day for nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from app.shared import cover
from app.shared.cover import Covered
from app.shared.database import current_cover_key, shared_database
from app.shared.dialect import keeps_rows_in_place, write_transaction
from keys.cover import is_cover
from keys.randomness import shuffle, token_bytes

CHANGE_FOR_NOTHING = 16
"""Fewer rows than this, by chance."""


def stir(kind: Covered, day: date) -> int:
    """Write a day's rows anew in no order; return how many. Nothing to do where rows stay where they are."""
    if keeps_rows_in_place(shared_database):
        return 0
    model: Any = kind.model
    with write_transaction(shared_database):
        cover.take_turns()
        ids = shuffle([row.id for row in kind.of_day(day)])
        for row in ids:
            model.update(ciphertext=model.ciphertext.concat(b"")).where(model.id == row).execute()
    return len(ids)


def stir_former(kind: Covered, day: date) -> int:
    """The same for each day before."""
    model: Any = kind.model
    days = sorted({row.day for row in kind.before(day).select(model.day).distinct()})
    return sum(stir(kind, one) for one in days)


def change_some(kind: Covered, day: date) -> int:
    """Let new covers take the places of some others of former days; return how many."""
    with write_transaction(shared_database):
        cover.take_turns()
        covers = shuffle([row.id for row in kind.before(day) if is_cover(current_cover_key(), row.id)])
        changed = covers[: token_bytes(1)[0] % CHANGE_FOR_NOTHING]
        for row in changed:
            cover.take_out(kind, row)
    return len(changed)
