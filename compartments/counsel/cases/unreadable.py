"""Letters that couldn't be opened: kept as they came, shown to whoever reads the case, tried again or thrown away. Knows no Flask.

A first letter that doesn't open leaves a case without a first sheet, which stands in no list: here it is seen. One that opens for none of the
officers who have looked is told to everybody after a while, by its day and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app import pieces
from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.models import Case, CaseLetter, CaseLetterPiece
from compartments.counsel.cases.opened import NoCase, in_one_piece, open_case
from compartments.counsel.retention import service as retention

NOBODY_LOOKED_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Unreadable:
    """A letter that was put aside. ``opens``: nothing else is known of its case. ``reason`` is the name of the error."""

    id: str
    case: Case
    opens: bool
    received_on: date
    reason: str
    size: int


def of(desk: Desk) -> list[Unreadable]:
    """Return the letters put aside of the cases that an officer reads, newest first."""
    mine = set(desk.ring.cases)
    letters = CaseLetter.select().where(CaseLetter.refused != "").order_by(CaseLetter.received_on.desc())
    rows = [letter for letter in letters if letter.case_id in mine]
    return [Unreadable(row.id, row.case, row.opens, row.received_on, row.refused, _size(row)) for row in rows]


def unopened(desk: Desk, day: date) -> Sequence[date]:
    """Return the days of letters that nobody has opened for long, and that this officer can't: their readers haven't been here, or have left."""
    late = (CaseLetter.refused == "") & (CaseLetter.received_on <= day - NOBODY_LOOKED_FOR)
    mine = set(desk.ring.cases)
    rows = CaseLetter.select().where(late).order_by(CaseLetter.received_on)
    return [row.received_on for row in rows if row.case_id not in mine]


def try_again(desk: Desk, letter: str, *, now: datetime) -> bool:
    """Try a letter once more, after an upgrade of the program say; return whether it opened. Raises :class:`~.opened.NoCase`.

    It stays put aside until it has opened, so that an alarm is raised for it once.
    """
    row = _mine(desk, letter)
    try:
        desk.open(row.case_id, now=now, again=row.id)
    except NoCase:
        return False
    return not CaseLetter.select().where(CaseLetter.id == row.id).exists()


def throw_away(desk: Desk, letter: str, *, backups_kept: timedelta, now: datetime) -> None:
    """Delete a letter; with a first one its case goes, and a receipt remains. Raises :class:`~.opened.NoCase`."""
    row = _mine(desk, letter)
    with in_one_piece():
        if row.opens and not open_case(desk.ring, row.case_id, desk.author).has_head:
            retention.remove_unread(row.case_id, retention.BY_HAND, backups_kept=backups_kept, now=now)
        pieces.remove(CaseLetterPiece, row.id)
        CaseLetter.delete().where(CaseLetter.id == row.id).execute()


def _size(row: CaseLetter) -> int:
    """With the files that came beside it."""
    return len(bytes(row.sealed)) + pieces.size(CaseLetterPiece, row.id)


def _mine(desk: Desk, letter: str) -> CaseLetter:
    row: CaseLetter | None = CaseLetter.get_or_none(CaseLetter.id == letter, CaseLetter.refused != "")
    if row is None or row.case_id not in desk.ring.cases:
        raise NoCase(letter)
    return row
