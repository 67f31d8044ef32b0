"""What a shared layer in a file needs beyond SQLCipher: that several processes take turns at writing without sleeping through them."""

from __future__ import annotations

from time import monotonic

from peewee import OperationalError
from playhouse.sqlcipher_ext import SqlCipherDatabase

SECONDS_TO_WAIT_FOR_A_WRITER = 30
MILLISECONDS_AT_A_TIME = 2


class SharedFile(SqlCipherDatabase):
    """A file that one process at a time writes to, each for a few milliseconds.

    Whoever waits for that looks every millisecond. Left to itself SQLite looks again after 1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50 and then every
    100 milliseconds, and so waits for longer than it would have to. What holds the file is SQLite's own lock, as ever: it
    ends with the process that has it.
    """

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
