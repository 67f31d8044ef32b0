"""What a shared layer in a file needs beyond SQLCipher: that several processes take turns at writing without sleeping through them, and that
who waits for the disk lets others write meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from peewee import OperationalError
from playhouse.sqlcipher_ext import SqlCipherDatabase

SECONDS_TO_WAIT_FOR_A_WRITER = 30
MILLISECONDS_AT_A_TIME = 2
DISK_FAILED = "disk I/O error"
"""In SQLite's words."""


class SharedFile(SqlCipherDatabase):
    """A file that one process at a time writes to, each for a few milliseconds.

    Whoever waits for that looks every millisecond. Left to itself SQLite looks again after 1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50 and then every
    100 milliseconds, and so waits for longer than it would have to. What holds the file is SQLite's own lock, as ever: it
    ends with the process that has it.
    """

    @contextmanager
    def synced_later(self) -> Iterator[None]:
        """Let transactions begun in here commit without waiting for the disk. Nobody may be told of them before :meth:`sync` has returned.

        A power cut before that takes them back whole and in order (SQLite's log has a running checksum), and a commit that does wait
        for the disk, whoever's it is, takes along what was written before it.
        """
        self.execute_sql("pragma synchronous = normal")
        try:
            yield
        finally:
            self.execute_sql("pragma synchronous = full")

    def sync(self) -> None:
        """Wait until the disk has whatever is committed by now. Raises ``OperationalError``, as a commit does where the disk fails.

        Only by a connection that is open, so that SQLite's log stays where it is.
        """
        log = os.open(f"{self.database}-wal", os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fdatasync(log)
        except OSError as error:
            raise OperationalError(DISK_FAILED) from error
        finally:
            os.close(log)

    def begin(self, lock_type: str | None = None) -> None:
        """Begin a transaction; one of a ``lock_type`` when it is its turn. Raises ``OperationalError`` where that takes too long."""
        if lock_type is None:
            super().begin()
            return
        until = monotonic() + SECONDS_TO_WAIT_FOR_A_WRITER
        self._wait_at_most(MILLISECONDS_AT_A_TIME)
        try:
            while not self._is_my_turn(lock_type, last=monotonic() >= until):
                continue
        finally:
            self._wait_at_most(SECONDS_TO_WAIT_FOR_A_WRITER * 1000)

    def _is_my_turn(self, lock_type: str, *, last: bool) -> bool:
        try:
            super().begin(lock_type)
        except OperationalError as error:
            if last or "locked" not in str(error):
                raise
            return False
        return True

    def _wait_at_most(self, milliseconds: int) -> None:
        self.execute_sql(f"pragma busy_timeout = {milliseconds}")
