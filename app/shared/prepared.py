"""Queries and inserts whose SQL is written once.

Peewee writes a query's SQL anew at each use, which takes ten times as long as SQLite needs to answer by primary key. Where one query
is asked at every request, that is most of what the request costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import BlobField, Model

from app.shared.database import shared_database


class Prepared:
    """A query on the shared layer with places for texts or bytes, as in ``Prepared(lambda slug: Posting.select().where(Posting.slug == slug))``.

    Rows come as plain tuples, as the database gives them: no field of the model converts them.
    """

    def __init__(self, query: Callable[..., Any], *, places: int = 1) -> None:
        self._query = query
        self._marks = tuple(f"\x00{number}" for number in range(places))
        self._written: dict[type, tuple[str, list[_Place | Any]]] = {}

    def first(self, *values: str | bytes) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        row: tuple[Any, ...] | None = self._cursor(values).fetchone()
        return row

    def all(self, *values: str | bytes) -> list[tuple[Any, ...]]:
        """Return every row."""
        rows: list[tuple[Any, ...]] = self._cursor(values).fetchall()
        return rows

    def change(self, *values: str | bytes) -> int:
        """Carry out what deletes or updates; return how many rows."""
        number: int = self._cursor(values).rowcount
        return number

    def _cursor(self, values: Sequence[str | bytes]) -> Any:
        if len(values) != len(self._marks):
            raise TypeError(f"{len(self._marks)} values are needed, not {len(values)}")
        sql, parameters = self._statement()
        return shared_database.execute_sql(
            sql, [values[one.number] if isinstance(one, _Place) else one for one in parameters]
        )

    def _statement(self) -> tuple[str, list[_Place | Any]]:
        """The engines differ in how they mark places and quote names, so each has its own."""
        engine = type(shared_database.obj)
        if engine not in self._written:
            sql, parameters = self._query(*self._marks).sql()
            self._written[engine] = sql, [self._place(one) for one in parameters]
        return self._written[engine]

    def _place(self, parameter: Any) -> _Place | Any:
        mark = _text(parameter) if isinstance(parameter, str | bytes | bytearray | memoryview) else None
        return _Place(self._marks.index(mark)) if mark in self._marks else parameter


@dataclass(frozen=True)
class _Place:
    number: int


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
