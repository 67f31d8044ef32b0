"""Claim slots in the shared layer: put by the clearing office's orders, looked up and destroyed by a claim, deleted with their pair.

Whoever asks for a slot that was used, was deleted or never was finds the same: no row. What is kept are ids derived from reference keys,
ciphertext of one size, and the ends of grace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from peewee import chunked

from app import faultpoints
from app.shared.claim_models import ClaimSlot, GraceSlot, SlotDelivery
from app.shared.database import shared_database
from app.shared.dialect import serialise_writers, write_transaction
from app.shared.prepared import Prepared, PreparedInsert

GRACE = timedelta(minutes=15)
ROWS = 200
"""Rows of one statement, well below what any engine takes."""
_SLOTS = "claim-slots"
_FOUND = Prepared(lambda slot: ClaimSlot.select(ClaimSlot.ciphertext).where(ClaimSlot.id == slot))
_GRACE = Prepared(
    lambda slot, now: GraceSlot.select(GraceSlot.ciphertext).where(
        GraceSlot.id == slot, GraceSlot.expires_at > now
    ),
    places=2,
)
_PUT_GRACE = PreparedInsert(GraceSlot)
_TAKE = Prepared(lambda slot: ClaimSlot.delete().where(ClaimSlot.id == slot))
_FORGET = Prepared(lambda now: GraceSlot.delete().where(GraceSlot.expires_at <= now))


@dataclass(frozen=True)
class Slot:
    """One slot as clearing makes it."""

    id: str
    ciphertext: bytes = field(repr=False)


@contextmanager
def putting(order_id: str) -> Iterator[bool]:
    """Hold the transaction that puts the slots of one order; yield whether they are to be put: once, however often it is carried out.

    What the block reads from the vault is as of a moment in which nobody deletes slots.
    """
    with write_transaction(shared_database):
        serialise_writers(shared_database, _SLOTS)
        new: Any = SlotDelivery.insert(id=order_id).on_conflict_ignore().as_rowcount()
        yield bool(new.execute())


def put(slots: Iterable[Slot]) -> None:
    """Insert slots, inside :func:`putting`, in the order of their ids: that of the rows tells nothing then."""
    rows = [{"id": slot.id, "ciphertext": slot.ciphertext} for slot in sorted(slots, key=lambda one: one.id)]
    for some in chunked(rows, ROWS):
        ClaimSlot.insert_many(some).on_conflict_ignore().execute()
        faultpoints.reached("slots.half-put")


def delete(slots: Sequence[str]) -> None:
    """Delete slots; those that are gone stay gone."""
    with write_transaction(shared_database):
        serialise_writers(shared_database, _SLOTS)
        for some in chunked(slots, ROWS):
            ClaimSlot.delete().where(ClaimSlot.id.in_(some)).execute()


def find(slot: str) -> bytes | None:
    """Return what is in a slot, or None."""
    row = _FOUND.first(slot)
    return bytes(row[0]) if row else None


def take(slot: str) -> bool:
    """Destroy a slot, inside the claim's transaction; return whether it was still there. One of two at once gets True."""
    return bool(_TAKE.change(slot))


def find_grace(grace: str, now: datetime) -> bytes | None:
    """Return what a device may see again at ``now`` (naive UTC), or None."""
    row = _GRACE.first(grace, _moment(now))
    return bytes(row[0]) if row else None


def put_grace(grace: str, ciphertext: bytes, now: datetime) -> None:
    """Let a device see its code again for :data:`GRACE`, and forget those whose time is over."""
    remove_expired(now)
    _PUT_GRACE(id=grace, ciphertext=ciphertext, expires_at=now + GRACE)


def remove_expired(now: datetime) -> int:
    """Delete what no device may see again; return how many. Needs no key."""
    return _FORGET.change(_moment(now))


def _moment(now: datetime) -> str:
    """A time as tables hold it."""
    return now.isoformat(sep=" ")
