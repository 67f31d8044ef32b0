"""What is sealed in pieces (:mod:`keys.streams`), a row each: so neither who writes nor who reads ever holds more than a piece or two.

A table for pieces has a foreign key ``owner`` (deleting the owner deletes them), a ``number`` and the ``ciphertext``; in a vault, that is
encrypted itself, it may have the ``content`` in place of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from peewee import fn


def put(table: Any, owner: str, pieces: Iterable[bytes]) -> None:
    """Write the pieces of one owner. Call it inside the transaction that writes the owner."""
    database, bytes_ = table._meta.database, _bytes_of(table)  # noqa: SLF001  (peewee's public way to a model's database)
    sql, _first = table.insert({table.owner: owner, table.number: 0, bytes_: b""}).sql()
    for number, piece in enumerate(pieces):
        # Peewee would write the same SQL hundreds of times, while nobody else may write.
        database.execute_sql(sql, (owner, number, bytes_.db_value(piece)))


def read(table: Any, owner: str) -> Iterator[bytes]:
    """Read the pieces of one owner, in order, one at a time. Whether one is missing shows when they are opened."""
    database = table._meta.database  # noqa: SLF001
    following = table.select(table.number, _bytes_of(table)).where(table.owner == owner, table.number > -1)
    sql, (_owner, _last, one) = following.order_by(table.number).limit(1).sql()
    last = -1
    while found := database.execute_sql(sql, (owner, last, one)).fetchone():
        last, piece = found
        yield bytes(piece)


def size(table: Any, owner: str) -> int:
    """Return how many bytes the pieces of one owner have, without reading them."""
    length = table.select(fn.SUM(fn.LENGTH(_bytes_of(table)))).where(table.owner == owner).scalar()
    return int(length or 0)


def remove(table: Any, owner: str) -> None:
    """Delete the pieces of one owner. SQLite needs much less memory for that than where they go with their owner's row."""
    table.delete().where(table.owner == owner).execute()


def _bytes_of(table: Any) -> Any:
    return table.ciphertext if hasattr(table, "ciphertext") else table.content
