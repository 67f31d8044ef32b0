"""Queries and inserts whose SQL is written once.

Peewee writes a query's SQL anew at each use, which takes ten times as long as SQLite needs to answer by primary key. Where one query
is asked at every request, that is most of what the request costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from peewee import BlobField, Model

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

    def change(self, *texts: str) -> int:
        """Carry out what deletes or updates; return how many rows."""
        number: int = self._cursor(texts).rowcount
        return number

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


class PreparedInsert:
    """Inserts whole rows of a model, each unless there is one of its key; defaults must be given too."""

    def __init__(self, model: type[Model]) -> None:
        self._model = model
        self._written: dict[type, tuple[str, list[str]]] = {}

    def __call__(self, **row: Any) -> bool:
        """Insert a row, given by the fields' names; return whether it is new."""
        sql, names = self._statement()
        fields = self._model._meta.fields  # noqa: SLF001  (peewee's public way to a model's fields)
        values = [fields[name].db_value(row.pop(name)) for name in names]
        if row:
            raise TypeError(f"{self._model.__name__} has no {', '.join(row)}")
        return bool(shared_database.execute_sql(sql, values).rowcount)

    def _statement(self) -> tuple[str, list[str]]:
        engine = type(shared_database.obj)
        if engine not in self._written:
            fields = self._model._meta.sorted_fields  # noqa: SLF001
            marks = {f"\x00{field.name}": field.name for field in fields}
            row = {
                field: mark.encode() if isinstance(field, BlobField) else mark
                for mark, field in zip(marks, fields, strict=True)
            }
            query: Any = self._model.insert(row).on_conflict_ignore().as_rowcount()
            sql, places = query.sql()
            self._written[engine] = sql, [marks[_text(place)] for place in places]
        return self._written[engine]


def _text(mark: Any) -> str:
    return mark if isinstance(mark, str) else bytes(mark).decode()
