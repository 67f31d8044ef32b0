"""Cover: rows that hold nothing, put in dozens before anything real comes, so that an onlooker learns nothing from what does.

A real row takes the place of one of its day's covers (same row, other id and ciphertext); an envelope that has been imported gives its
place back to a cover. So at any moment each day has a multiple of ``AT_ONCE`` rows of one length, whatever happened on it. Where more came
than that, the number doubles, by ``MOST_AT_ONCE`` at most: nobody's request has to make more. Only the server's key to the shared layer tells cover from the rest: whoever has that key, or watches the network,
sees more (SECURITY.md says so).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.crossings import COVERED_BYTES
from app.shared.counsel_models import Drop
from app.shared.database import current_cover_key, shared_database
from app.shared.dialect import serialise_writers
from app.shared.kept import Kept
from app.shared.models import Envelope
from app.shared.prepared import Prepared, PreparedInsert
from keys.cover import cover_id, is_cover
from keys.randomness import shuffle
from keys.sealing import OVERHEAD, bind, nobody, seal
from keys.visits import blank_drop

COVERED_KIND = "counsel"
AT_ONCE, MOST_AT_ONCE = 8, 256
DROP_BYTES = 32 * 1024
ENVELOPES_ARE_COVERED_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Covered:
    """Rows of one kind that are covered: how to find a day's, how long their ciphertext is, and how one is made that holds nothing."""

    model: type[Drop | Envelope]
    length: int
    sealed_to_nobody: Callable[[int], bytes]
    recipient: str | None = None

    def blank(self) -> bytes:
        """Return a ciphertext that nobody can open, made like every other of its kind."""
        return self.sealed_to_nobody(self.length)

    def put_in_place(self, row_id: str, ciphertext: bytes, place: str) -> bool:
        """Let a row take the place of another; return whether that one was still there."""
        return bool(_WRITTEN[self.model].in_place.change(row_id, ciphertext, place))

    def holds(self, row_id: str) -> bool:
        """Whether there is a row of this id, on whatever day and whoever's."""
        return _WRITTEN[self.model].is_there.first(row_id) is not None

    def of_day(self, day: date) -> Any:
        """Return this day's rows' ids, as a query."""
        return self._rows().where(self.model.day == day)

    def before(self, day: date) -> Any:
        """Return the ids of earlier days' rows, as a query."""
        return self._rows().where(self.model.day < day)

    def _rows(self) -> Any:
        rows = self.model.select(self.model.id)
        return rows.where(Envelope.recipient == self.recipient) if self.recipient else rows

    def columns(self, day: date) -> dict[str, Any]:
        """Return what every row of a day has besides its id and ciphertext."""
        return {"day": day, **({"recipient": self.recipient} if self.recipient else {})}


class _Written:
    """What is asked of a table for each row that is put."""

    def __init__(self, model: type[Drop | Envelope]) -> None:
        self.add = PreparedInsert(model)
        self.is_there = Prepared(lambda row: model.select(model.id).where(model.id == row))
        self.in_place = Prepared(
            lambda new, ciphertext, old: model.update(id=new, ciphertext=ciphertext).where(model.id == old),
            places=3,
        )


def _blank_envelope(length: int) -> bytes:
    return seal(bytes(length - OVERHEAD), nobody(), info=bind("cover"))


_WRITTEN: dict[type[Drop | Envelope], _Written] = {model: _Written(model) for model in (Drop, Envelope)}
DROPS = Covered(Drop, DROP_BYTES, blank_drop)
_FOUND: Kept[list[str]] = Kept(16)
"""Covers that this process has found and not used, in no order, by kind and day: ids, which it could tell from the rest at any time."""


def envelopes(recipient: str) -> Covered:
    """Return the covered envelopes of a vault."""
    return Covered(Envelope, COVERED_BYTES, _blank_envelope, recipient)


def take_turns() -> None:
    """Let one transaction at a time put rows in covers' places. Call it first in one that looks before it puts, or puts several.

    A file has one writer anyway. Where many write at once two could each hold the place that the other one tries next, both find the day
    without cover, or both bring the same row.
    """
    serialise_writers(shared_database, "cover")


def put(kind: Covered, row_id: str, ciphertext: bytes, day: date) -> bool:
    """Put a real row in a cover's place; return whether it is new. Call it inside a write transaction."""
    take_turns()
    if kind.holds(row_id):
        return False
    while not kind.put_in_place(row_id, ciphertext, _a_cover(kind, day)):
        continue  # another process was there before
    return True


def take_out(kind: Covered, row_id: str) -> None:
    """Let a cover take a real row's place, with its day. Does nothing where there is no such row."""
    new = cover_id(current_cover_key())
    kind.put_in_place(new, kind.blank(), row_id)


def top_up(kind: Covered, day: date) -> int:
    """See to it that a day has cover; return how many rows were added."""
    return 0 if kind.of_day(day).exists() else len(_add(kind, day, AT_ONCE))


def is_real(row_id: str) -> bool:
    """Whether a row is anything but cover."""
    return not is_cover(current_cover_key(), row_id)


def remove_old(kind: Covered, before: date) -> int:
    """Delete the covers of days before; real rows stay. Returns how many."""
    model, removed = kind.model, 0
    for row in list(kind.before(before)):
        if is_cover(current_cover_key(), row.id):
            removed += model.delete().where(model.id == row.id).execute()
    return removed


def _a_cover(kind: Covered, day: date) -> str:
    """Return the id of a cover of the day that this process hasn't used yet, at random; another process may have taken it meanwhile.

    A day is looked through only when the covers that were found last are used up: going through thousands of rows for each that is put
    would make a busy day slower and slower.
    """
    known = _FOUND.get((kind, day), list)
    try:
        return known.pop()
    except IndexError:
        covers = [row.id for row in kind.of_day(day) if is_cover(current_cover_key(), row.id)]
        found = shuffle(covers or _add(kind, day, _more(kind.of_day(day).count())))
        known.extend(found[1:])
        return str(found[0])


def _more(there: int) -> int:
    return min(max(AT_ONCE, there), MOST_AT_ONCE)


def _add(kind: Covered, day: date, number: int) -> list[str]:
    """Put new covers among a day's rows, one after the other, so that the order of rows tells nothing later."""
    ids = [cover_id(current_cover_key()) for _ in range(number)]
    add, columns = _WRITTEN[kind.model].add, kind.columns(day)
    for new in ids:
        add(id=new, ciphertext=kind.blank(), **columns)
    return ids
