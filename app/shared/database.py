"""Opens the shared layer and binds it to the context. It holds public facts and ciphertext, never content.

Default: a SQLCipher file under a key derived from the service key. ``SCHOTTEN_SHARED_URL`` names another engine; nothing
outside :mod:`app.shared.dialect` writes SQL that only one engine knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from peewee import Database, InterfaceError, OperationalError
from playhouse.db_url import connect

from app.binding import ContextDatabase, NotOpen
from app.shared import postgresql
from app.shared.sqlcipher import SECONDS_TO_WAIT_FOR_A_WRITER, SharedFile
from keys.cover import cover_key

NOT_STORED = (OperationalError, InterfaceError)
"""What is raised where nothing can be written for now: the disk is full, the file held for too long, the server not there."""

_current: ContextVar[Database | None] = ContextVar("shared_database", default=None)
shared_database = ContextDatabase("shared layer", _current.get)
_cover: ContextVar[bytes | None] = ContextVar("shared_cover_key", default=None)

FILE_PRAGMAS = (
    # Said here, for peewee doesn't hand on to SQLCipher's driver a time-out that it is given.
    ("busy_timeout", 1000 * SECONDS_TO_WAIT_FOR_A_WRITER),
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("foreign_keys", "on"),
    ("temp_store", "memory"),
    ("secure_delete", "on"),
    ("cache_size", -4000),
)


def current_cover_key() -> bytes:
    """Return the key that tells cover from real rows (:mod:`app.shared.cover`); raises :class:`~app.binding.NotOpen`."""
    key = _cover.get()
    if key is None:
        raise NotOpen("no shared layer is bound in this context")
    return key


class SharedLayer:
    """The shared layer of one installation. Connections are per thread and made on first use, so it survives a fork."""

    def __init__(self, database: Database, key: bytes) -> None:
        self.database = database
        self._cover = cover_key(key)

    @classmethod
    def at(cls, file: Path, key: bytes, url: str = "") -> SharedLayer:
        """Describe the layer at ``url``, or in ``file`` under the 32-byte ``key``. Opens nothing yet."""
        if url:
            return cls(postgresql.at(url) if url.startswith(postgresql.SCHEMES) else connect(url), key)
        return cls(
            SharedFile(str(file), passphrase=f"x'{key.hex()}'", pragmas=FILE_PRAGMAS),
            key,
        )

    @contextmanager
    def bound(self) -> Iterator[Database]:
        """Bind the models of the shared layer for this context; the thread's connection stays open for the next."""
        self.database.connect(reuse_if_open=True)
        token, cover = _current.set(self.database), _cover.set(self._cover)
        try:
            yield self.database
        finally:
            _cover.reset(cover)
            _current.reset(token)
            while self.database.in_transaction():
                self.database.rollback()
                self.database.pop_transaction()

    def close(self) -> None:
        """Close this thread's connection."""
        if not self.database.is_closed():
            self.database.close()
