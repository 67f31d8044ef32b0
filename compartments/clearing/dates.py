"""The days of the month on which membership's list is expected here and passed on. Knows no Flask."""

from __future__ import annotations

from app.office.calendar import DAYS
from compartments.clearing.tables import Setting, database

FIRST_DAY, SECOND_DAY = "first-day", "second-day"
LOWEST, HIGHEST = 1, 28


def days() -> tuple[int, int]:
    """Return the days that the office has agreed on."""
    known = {
        row.name: row.number for row in Setting.select().where(Setting.name.in_((FIRST_DAY, SECOND_DAY)))
    }
    return known.get(FIRST_DAY, DAYS[0]), known.get(SECOND_DAY, DAYS[1])


def set_days(first: int, second: int) -> None:
    """Agree on other days. Raises ``ValueError`` for one that some month doesn't have."""
    if not LOWEST <= min(first, second) <= max(first, second) <= HIGHEST:
        raise ValueError("every month has the days 1 to 28")
    with database.atomic("IMMEDIATE"):
        for name, number in ((FIRST_DAY, first), (SECOND_DAY, second)):
            Setting.insert(name=name, number=number).on_conflict_replace().execute()
