"""Keys for those whom another way than the register's own pages has brought in or changed, such as an import. In small steps. Knows no Flask."""

from __future__ import annotations

from collections.abc import Iterator

from app.faultpoints import reached
from compartments.membership.duplicates import blocking
from compartments.membership.duplicates.profiles import Reader
from compartments.membership.room import take_room, without_collector
from compartments.membership.tables import database

WORKED_OUT_AT_ONCE = 5_000
SPREAD_AT_ONCE = 100_000
"""Neighbours by id share no key: so many at once, or each page of the keys would be written again and again."""


def complete() -> Iterator[int]:
    """Write what duplicates are looked up by, of whom it is missing or old. Yields for how many, after each step's transaction."""
    done = after = 0
    reader = Reader()
    while True:
        take_room()
        with without_collector(), database.atomic("IMMEDIATE"):
            people = blocking.without_keys(after, WORKED_OUT_AT_ONCE)
            blocking.work_out(people, reader)
        if not people:
            break
        after = people[-1].id
        reached("duplicates.after-keys")
        done += len(people)
        yield done
    last = 0
    while found := blocking.waiting(last, SPREAD_AT_ONCE):
        take_room()
        with database.atomic("IMMEDIATE"):
            blocking.spread(*found)
        last = found[1]
        reached("duplicates.after-spreading")
        yield done
