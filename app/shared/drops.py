"""Drops: what waits for somebody in counsel, in pieces of one length, each under an id that only the contact's own secret gives.

There is no row per contact. A contact's messages are numbered; the reader asks for number 0, 1, 2 ... until there is none. A message longer
than one piece takes several numbers.

    piece = 1 (more follows) or 0 | length (4 bytes, big-endian) | content | zeros
    drop = piece, sealed under a key that follows from the contact's secret, bound to its id

What somebody keeps for themselves nobody else has the secret for. The secret of answers is known to every reader of the case, and to those
who were one before: so an answer's piece is sealed to the person's public key first, bound to the same id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.shared import cover
from app.shared.counsel_models import Drop
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from keys.errors import CannotOpen
from keys.sealing import OVERHEAD, SealingKey, SealingKeyPair, bind, open_sealed, seal
from keys.visits import DROP_OVERHEAD, drop_id, open_drop, seal_drop

KEPT_FOR = timedelta(days=180)
_HEAD = 5
_PLAIN = cover.DROP_BYTES - DROP_OVERHEAD
PER_PIECE = _PLAIN - OVERHEAD - _HEAD
BLOCK, AT_LEAST = 128, 256
"""How many numbers are looked for at once, and in any case."""
MOST_PIECES = 64
"""Of one message: two megabytes. A longer one is no message of ours."""


@dataclass(frozen=True)
class Piece:
    """A drop ready to be put: always ``cover.DROP_BYTES`` long."""

    id: str
    ciphertext: bytes = field(repr=False)


def pieces(message: bytes, *, secret: bytes, first: int, to: SealingKey | None = None) -> list[Piece]:
    """Seal a message as the drops number ``first``, ``first + 1`` ... of a contact, ``to`` a key that not all have who know the secret.

    Raises ``ValueError`` for one too long.
    """
    length = _PLAIN - (OVERHEAD if to else 0)
    parts = [message[start : start + PER_PIECE] for start in range(0, max(1, len(message)), PER_PIECE)]
    if len(parts) > MOST_PIECES:
        raise ValueError("too long for a message")
    made = []
    for number, part in enumerate(parts):
        more = number + 1 < len(parts)
        piece = (bytes([more]) + len(part).to_bytes(4) + part).ljust(length, b"\0")
        new = drop_id(secret, first + number)
        inner = seal(piece, to, info=bind("drop", new)) if to else piece
        made.append(Piece(new, seal_drop(secret, new, inner)))
    return made


def put(made: Sequence[Piece], day: date) -> None:
    """Put pieces into the pool, once. Call it inside a write transaction."""
    for piece in made:
        cover.put(cover.DROPS, piece.id, piece.ciphertext, day)


def read(secret: bytes, keys: SealingKeyPair | None = None) -> list[bytes]:
    """Return a contact's messages, oldest first, sealed to ``keys`` inside or not. What doesn't open, or isn't whole, is left out."""
    messages: list[bytes] = []
    parts: list[bytes] = []
    for row in _rows(secret).values():
        try:
            more, content = _open(row, secret, keys)
        except CannotOpen:
            parts = []
            continue
        parts.append(content)
        if not more:
            messages.append(b"".join(parts))
            parts = []
    return messages


def next_number(secret: bytes) -> int:
    """Return the number that a contact's next piece takes."""
    return max(_rows(secret), default=-1) + 1


def is_begun(secret: bytes) -> bool:
    """Whether a contact's first piece is there. Much quicker than looking for the next number, which looks beyond gaps."""
    return cover.DROPS.holds(drop_id(secret, 0))


def blot_out(secret: bytes) -> int:
    """Let cover take the place of all that a contact has in the pool; return how many pieces there were."""
    found = _rows(secret)
    for row in found.values():
        cover.take_out(cover.DROPS, row.id)
    return len(found)


def remove_expired(day: date) -> int:
    """Delete drops past their time, cover and others alike; return how many."""
    with write_transaction(shared_database):
        cover.take_turns()
        return int(Drop.delete().where(Drop.day < day - KEPT_FOR).execute())


def _rows(secret: bytes) -> dict[int, Drop]:
    """The contact's rows by number. The first may have expired, so the search goes on beyond a gap."""
    found: dict[int, Drop] = {}
    start = 0
    while start < AT_LEAST or any(number >= start - BLOCK for number in found):
        numbers = {drop_id(secret, number): number for number in range(start, start + BLOCK)}
        found |= {numbers[row.id]: row for row in Drop.select().where(Drop.id.in_(list(numbers)))}
        start += BLOCK
    return dict(sorted(found.items()))


def _open(row: Drop, secret: bytes, keys: SealingKeyPair | None) -> tuple[bool, bytes]:
    inner = open_drop(secret, row.id, bytes(row.ciphertext))
    piece = open_sealed(inner, keys, info=bind("drop", row.id)) if keys else inner
    if len(piece) < _HEAD:  # whoever knows the secret can leave anything
        raise CannotOpen("no piece of a message")
    length = int.from_bytes(piece[1:_HEAD])
    return bool(piece[0]), piece[_HEAD : _HEAD + length]
