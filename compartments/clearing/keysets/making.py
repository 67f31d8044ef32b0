"""Making a set: pairs, their claim slots, and the two shuffled lists, all ordered in one transaction. Knows no Flask.

After a crash there is either nothing of a set or all of it, and what is ordered is delivered once: the slots first, so that nobody
holds a key that doesn't open yet.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from peewee import chunked

from app import faultpoints
from app.envelopes import outbox
from app.office.authors import Author
from app.shared import claims
from app.shared.claims import Slot
from compartments.clearing.floor import BelowFloor, is_small
from compartments.clearing.keysets.models import OPEN, KeyRequest, KeySet, Pair
from compartments.clearing.tables import database
from keys.claims import ClaimKeys
from keys.codes import new_code
from keys.randomness import shuffle
from keys.sealing import SealingKey

PUT = "put-claim-slots"
AT_ONCE = 10_000
"""Pairs that one request can make while an officer waits. More are made by a job (``large``)."""
MOST = 100_000
"""Pairs of one set: what the two lists hold in one letter each."""
SLOTS_PER_ORDER = 500
ROWS = 200


class NameTaken(ValueError):
    """Another set has this name."""


class NoRequest(LookupError):
    """The membership office has made no such request, or it is answered."""


@dataclass(frozen=True)
class NewPair:
    """A pair before it is stored, with its sealed slot."""

    reference: str = field(repr=False)
    invite: str = field(repr=False)
    slot: Slot


def make(
    set_id: str,
    name: str,
    count: int,
    *,
    claim_key: SealingKey,
    by: Author,
    day: date,
    request: str | None = None,
    reason: str = "",
    agreed: bool = False,
) -> KeySet:
    """Make a set of ``count`` pairs and return it; the same ``set_id`` again returns the one it made.

    ``claim_key`` is the public face's. ``agreed`` says that a second officer has confirmed a set below the floor. Raises
    :class:`NameTaken`, :class:`NoRequest`, :class:`~compartments.clearing.floor.BelowFloor`, ``ValueError`` for an impossible number.
    """
    if not 1 <= count <= AT_ONCE:
        raise ValueError(f"1 to {AT_ONCE} pairs are made at once")
    if known := KeySet.get_or_none(KeySet.id == set_id):
        return known
    if is_small(count) and not agreed:
        raise BelowFloor("so small a set needs a second officer")
    pairs = new_pairs(count, claim_key)
    with database.atomic("IMMEDIATE"):
        if known := KeySet.get_or_none(KeySet.id == set_id):
            return known
        made = found(set_id, name, count, by=by, day=day, request=request, reason=reason)
        store(made, pairs)
        faultpoints.reached("keyset.after-pairs")
        send_lists(made, day=day)
        faultpoints.reached("keyset.before-commit")
    faultpoints.reached("keyset.after-commit")
    return made


def found(
    set_id: str,
    name: str,
    count: int,
    *,
    by: Author,
    day: date,
    request: str | None,
    reason: str = "",
    whole: bool = True,
) -> KeySet:
    """Write down a set that is to have ``count`` pairs, inside a transaction. Raises :class:`NameTaken`, :class:`NoRequest`."""
    if KeySet.select().where(KeySet.name == name).exists():
        raise NameTaken(name)
    asked = _answer(request, count) if request else None
    made: KeySet = KeySet.create(
        id=set_id, name=name, size=count, request=asked, made_on=day, made_by=by.id,
        made_by_name=by.name, reason=reason, whole=whole,
    )  # fmt: skip
    return made


def new_pairs(count: int, claim_key: SealingKey) -> list[NewPair]:
    """Draw pairs and seal their slots: most of the time that a set takes, and outside of any transaction."""
    made = []
    for _ in range(count):
        reference, invite = new_code(), new_code()
        keys = ClaimKeys.from_reference(reference)
        made.append(NewPair(reference, invite, Slot(keys.slot_id, keys.seal_slot(invite, claim_key))))
    return made


def put_slots(order_id: str, payload: dict[str, Any]) -> None:
    """Carry out the order for some slots, once. A pair that was deactivated meanwhile gets none."""
    slots = [Slot(slot, b64decode(ciphertext)) for slot, ciphertext in payload["slots"]]
    with claims.putting(order_id) as new:
        if new:
            still_open = _still_open([slot.id for slot in slots])
            claims.put(slot for slot in slots if slot.id in still_open)
        faultpoints.reached("slots.before-commit")


def _still_open(slots: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for some in chunked(slots, ROWS):
        rows = Pair.select(Pair.slot).where(Pair.slot.in_(some), Pair.state == OPEN)
        found.update(row.slot for row in rows)
    return found


def _answer(request: str, count: int) -> KeyRequest:
    asked: KeyRequest | None = KeyRequest.get_or_none(
        KeyRequest.id == request, KeyRequest.issued < KeyRequest.count
    )
    if asked is None:
        raise NoRequest(request)
    KeyRequest.update(issued=KeyRequest.issued + count).where(KeyRequest.id == request).execute()
    return asked


def store(made: KeySet, pairs: Sequence[NewPair]) -> None:
    """Keep pairs and order their slots, in one transaction: there is no pair without a slot, and no slot without a pair."""
    rows = (
        {"key_set": made.id, "reference": pair.reference, "invite": pair.invite, "slot": pair.slot.id}
        for pair in pairs
    )
    for some in chunked(rows, ROWS):
        Pair.insert_many(some).execute()

    slots = sorted((pair.slot for pair in pairs), key=lambda slot: slot.id)
    for part in chunked(slots, SLOTS_PER_ORDER):
        outbox.order(PUT, {"slots": [[slot.id, b64encode(slot.ciphertext).decode()] for slot in part]})


def send_lists(made: KeySet, *, day: date) -> None:
    """Order the set's two lists, after its slots: nobody holds a key that doesn't open yet."""
    both: Any = Pair.select(Pair.reference, Pair.invite).where(Pair.key_set == made.id).tuples()
    pairs = list(both)
    # Shuffled each for itself: the place of a key in one list says nothing about the other.
    keys = shuffle(reference for reference, _invite in pairs)
    codes = shuffle(invite for _reference, invite in pairs)
    body = {"request": made.request_id, "key_set": made.name, "keys": keys}
    outbox.send("reference-keys", "membership", body, day=day)
    outbox.send("invite-codes", "administration", {"key_set": made.name, "codes": codes}, day=day)
