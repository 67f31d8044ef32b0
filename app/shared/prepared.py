"""Queries whose SQL is written once.

Peewee writes a query's SQL anew at each use, which takes ten times as long as SQLite needs to answer by primary key. Where one query
is asked at every request, that is most of what the request costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.shared.database import shared_database


class Prepared:
    """A query on the shared layer with places for texts, as in ``Prepared(lambda slug: Posting.select().where(Posting.slug == slug))``.

    Rows come as plain tuples, as the database gives them: no field of the model converts them.
    """

    def __init__(self, query: Callable[..., Any], *, places: int = 1) -> None:
        self._query = query
        self._marks = tuple(f"\x00{number}" for number in range(places))
        self._written: dict[type, tuple[str, Sequence[Any]]] = {}

    def first(self, *texts: str) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        row: tuple[Any, ...] | None = self._cursor(texts).fetchone()
        return row

    def all(self, *texts: str) -> list[tuple[Any, ...]]:
        """Return every row."""
        rows: list[tuple[Any, ...]] = self._cursor(texts).fetchall()
        return rows

    def _cursor(self, texts: Sequence[str]) -> Any:
        given = dict(zip(self._marks, texts, strict=True))
        sql, parameters = self._statement()
        return shared_database.execute_sql(
            sql, [given.get(value, value) if isinstance(value, str) else value for value in parameters]
        )

    def _statement(self) -> tuple[str, Sequence[Any]]:
        """The engines differ in how they mark places and quote names, so each has its own."""
        engine = type(shared_database.obj)
        if engine not in self._written:
            self._written[engine] = self._query(*self._marks).sql()
        return self._written[engine]
