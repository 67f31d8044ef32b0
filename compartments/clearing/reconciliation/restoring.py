"""Keys that membership took back by mistake are good again: their pairs, their slots, and the batches that wait here. Knows no Flask.

Where the administration has the code already, as deactivated or on a list, it has to be told; and one code is a telling one.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import date

from app import faultpoints
from app.clock import utc_now
from app.envelopes import outbox
from app.envelopes.letter import Letter
from app.office.authors import Author
from compartments.clearing.floor import BelowFloor, is_small
from compartments.clearing.keysets import fields, making, pairs
from compartments.clearing.keysets.models import CLAIMED, DEACTIVATED, OPEN, Pair, Restoration
from compartments.clearing.reconciliation import service
from compartments.clearing.reconciliation.models import REGULAR
from compartments.clearing.tables import database
from keys.claims import ClaimKeys
from keys.randomness import shuffle
from keys.sealing import SealingKey


class NoRestoration(LookupError):
    """There is no such restoration, or it is carried out."""


@dataclass(frozen=True)
class Preview:
    """What carrying it out would do: so many pairs are good again, and so many codes have to be told to the administration."""

    pairs: list[Pair] = field(repr=False)
    telling: list[Pair] = field(repr=False)

    @property
    def is_small(self) -> bool:
        """Whether a single code could be told from it."""
        return is_small(len(self.telling))


def take(letter: Letter) -> None:
    """Membership wants keys to be good again; it waits for an officer."""
    keys, listed = fields.codes(letter.body["keys"]), letter.body["listed"]
    if not isinstance(listed, bool):
        raise TypeError("listed or not")
    Restoration.create(
        id=letter.envelope_id,
        number=letter.number,
        keys=json.dumps(keys),
        named=len(keys),
        listed=listed,
        reason=fields.text(letter.body["reason"]),
        arrived_on=utc_now().date(),
    )


def waiting() -> list[Restoration]:
    """Return those that an officer must carry out, oldest first."""
    return list(
        Restoration.select()
        .where(Restoration.done_on.is_null())
        .order_by(Restoration.arrived_on, Restoration.id)
    )


def others(limit: int = 20) -> list[Restoration]:
    """Return those that were carried out, newest first."""
    done = Restoration.select().where(Restoration.done_on.is_null(False))
    return list(done.order_by(Restoration.done_on.desc(), Restoration.id).limit(limit))


def count_waiting() -> int:
    """Return how many wait. Cheap: every page asks."""
    return int(Restoration.select().where(Restoration.done_on.is_null()).count())


def find(restoration_id: str) -> Restoration:
    """Return one; raises :class:`NoRestoration`."""
    found: Restoration | None = Restoration.get_or_none(Restoration.id == restoration_id)
    if found is None:
        raise NoRestoration(restoration_id)
    return found


def preview(one: Restoration) -> Preview:
    """Return what carrying it out would do now."""
    named = pairs.find(json.loads(one.keys))
    # Letters may come in any order, and this one may have waited: who has left again since, or lost the key, stays off.
    dead = [pair for pair in named if pair.state == DEACTIVATED and pair.ended < one.number]
    missing = one.listed and service.is_out(REGULAR)
    return Preview(dead, [pair for pair in dead if pair.told or pair.locked or missing])


def carry_out(
    restoration_id: str,
    *,
    claim_key: SealingKey,
    by: Author,
    day: date,
    reason: str = "",
    agreed: bool = False,
) -> Preview:
    """Let the pairs be good again. ``claim_key`` is the public face's, for the slots of those that nobody has claimed.

    ``reason`` is the stated one, which the administration reads; ``agreed`` says that a second officer has confirmed. Raises
    :class:`NoRestoration`, :class:`~compartments.clearing.floor.BelowFloor`.
    """
    with database.atomic("IMMEDIATE"):
        one = find(restoration_id)
        if one.done_on is not None:
            raise NoRestoration(restoration_id)
        seen = preview(one)
        if seen.is_small and not agreed:
            raise BelowFloor("so few codes need a second officer")
        _revive(seen.pairs, claim_key)
        service.amend([pair.reference for pair in seen.pairs], listed=one.listed)
        if seen.telling:
            codes = shuffle(pair.invite for pair in seen.telling)
            body = {"codes": codes, "listed": one.listed, "reason": reason}
            outbox.send("codes-restored", "administration", body, day=day)
        one.keys, one.restored, one.told = "[]", len(seen.pairs), bool(seen.telling)
        one.done_on, one.done_by_name = day, by.name
        one.save()
        faultpoints.reached("restoring.before-commit")
    faultpoints.reached("restoring.after-commit")
    return seen


def _revive(dead: list[Pair], claim_key: SealingKey) -> None:
    slots = []
    for pair in dead:
        state = CLAIMED if pair.was_claimed else OPEN
        Pair.update(state=state, told=False, locked=False).where(Pair.id == pair.id).execute()
        if not pair.was_claimed:
            sealed = ClaimKeys.from_reference(pair.reference).seal_slot(pair.invite, claim_key)
            slots.append([pair.slot, b64encode(sealed).decode()])
    if slots:
        outbox.order(making.PUT, {"slots": sorted(slots)})
