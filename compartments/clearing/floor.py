"""The batch floor k: what leaves this office for the administration concerns at least so many, or a second officer has agreed.

A change to one single code, next to a change to one single member on the same day, would tie the two together. Knows no Flask.
"""

from __future__ import annotations

from compartments.clearing.tables import Setting, database

NAME = "batch-floor"
DEFAULT = 5
LOWEST, HIGHEST = 1, 1000


class BelowFloor(Exception):
    """Too few for one officer to decide: it takes a stated reason and a second officer."""


def floor() -> int:
    """Return k."""
    known = Setting.get_or_none(Setting.name == NAME)
    return known.number if known else DEFAULT


def set_floor(number: int) -> None:
    """Set k. Raises ``ValueError`` outside of 1 to 1000."""
    if not LOWEST <= number <= HIGHEST:
        raise ValueError("the batch floor is between 1 and 1000")
    with database.atomic("IMMEDIATE"):
        Setting.insert(name=NAME, number=number).on_conflict_replace().execute()


def is_small(number: int) -> bool:
    """Whether so many are too few to hide one among them. None at all tell nothing."""
    return 0 < number < floor()
