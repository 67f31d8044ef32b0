"""What work on many rows needs of the process: room for pages of the file, and no search for circular rubbish meanwhile. Holds no data."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from compartments.membership.tables import database

CACHE_KIB = 96_000


def take_room() -> None:
    """Let this connection keep more pages decrypted, until it is closed: work on many rows touches pages all over the file."""
    database.execute_sql(f"pragma cache_size = -{CACHE_KIB}")


@contextmanager
def in_bulk() -> Iterator[None]:
    """The same for the time of a large transaction, and :func:`without_collector`."""
    (before,) = database.execute_sql("pragma cache_size").fetchone()
    take_room()
    try:
        with without_collector():
            yield
    finally:
        database.execute_sql(f"pragma cache_size = {before}")


@contextmanager
def without_collector() -> Iterator[None]:
    """Let Python look for circular rubbish only afterwards. Rows have none, and it would look through all of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
