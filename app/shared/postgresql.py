"""What a shared layer on PostgreSQL needs beyond a file: it knows no NUL in texts, and it may end a connection that we still hold.

Everything else is the same on both engines, or stands in :mod:`app.shared.dialect`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peewee import InterfaceError, OperationalError, PostgresqlDatabase
from playhouse.db_url import parse

NUL, REPLACEMENT = "\x00", "\N{REPLACEMENT CHARACTER}"
SCHEMES = ("postgresql://", "postgres://")


class SharedPostgresql(PostgresqlDatabase):
    """A PostgreSQL whose connections are held for long, by one thread each."""

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        """Open this thread's connection, or a new one where the server has ended the old one (a restart, an update)."""
        if not self.is_closed() and not self._answers():
            self.close()
        return super().connect(*args, **kwargs)

    def execute_sql(self, sql: str, params: Iterable[Any] | None = None) -> Any:
        """Run a statement. What a stranger typed with a NUL in it is looked up and not found, as in a file, instead of refused."""
        clean = [_without_nul(value) for value in params] if params else params
        return super().execute_sql(sql, clean)  # type: ignore[no-untyped-call]

    def _answers(self) -> bool:
        try:
            self.execute_sql("select 1")
        except (OperationalError, InterfaceError):
            return False
        return True


def at(url: str) -> SharedPostgresql:
    """Describe the database at ``postgresql://user:password@host/name``; signs of user and password may be percent-encoded."""
    return SharedPostgresql(**parse(url, unquote_password=True, unquote_user=True))


def _without_nul(value: Any) -> Any:
    return value.replace(NUL, REPLACEMENT) if isinstance(value, str) and NUL in value else value
