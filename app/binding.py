"""Models without a database of their own: each query goes to the database that this context has opened, or nowhere.

A model bound to a :class:`ContextDatabase` can be imported, described and tested anywhere, but a query on it works only while
a request (or a command) holds the database open. There is no default and no last one used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peewee import Database, DatabaseProxy


class NotOpen(RuntimeError):
    """A query ran where this context holds no open database of that name."""


class ContextDatabase(DatabaseProxy):
    """A peewee proxy that asks ``current`` at every use; ``name`` appears in the error when there is none."""

    __slots__ = ("_callbacks", "_current", "_name")

    def __init__(self, name: str, current: Callable[[], Database | None]) -> None:
        object.__setattr__(self, "_callbacks", [])
        object.__setattr__(self, "_current", current)
        object.__setattr__(self, "_name", name)

    @property
    def obj(self) -> Database | None:
        """The database opened in this context, or None."""
        return self._current()  # type: ignore[no-any-return]

    def initialize(self, obj: Database | None) -> None:  # noqa: ARG002  (peewee's signature)
        """Refuse: a proxy that holds a database would hold it for every request."""
        raise TypeError("a context database is opened per context, never initialised")

    def __getattr__(self, attribute: str) -> Any:
        database = self._current()
        if database is None:
            raise NotOpen(f"no {self._name} is open in this context")
        return getattr(database, attribute)
