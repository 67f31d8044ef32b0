"""What is sealed in pieces (:mod:`keys.streams`), a row each: so neither who writes nor who reads ever holds more than a piece or two.

A table for pieces has a foreign key ``owner`` (deleting the owner deletes them), a ``number`` and the ``ciphertext``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


def put(table: Any, owner: str, pieces: Iterable[bytes]) -> None:
    """Write the pieces of one owner. Call it inside the transaction that writes the owner."""
    for number, piece in enumerate(pieces):
        table.insert(owner=owner, number=number, ciphertext=piece).execute()


def read(table: Any, owner: str) -> Iterator[bytes]:
    """Read the pieces of one owner, in order, one at a time. Whether one is missing shows when they are opened."""
    last = -1
    while True:
        following = table.select(table.number, table.ciphertext).where(
            table.owner == owner, table.number > last
        )
        found = next(iter(following.order_by(table.number).limit(1).tuples()), None)
        if found is None:
            return
        last, piece = found
        yield bytes(piece)


def remove(table: Any, owner: str) -> None:
    """Delete the pieces of one owner. SQLite needs much less memory for that than where they go with their owner's row."""
    table.delete().where(table.owner == owner).execute()
