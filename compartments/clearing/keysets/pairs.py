"""What becomes of pairs: claimed, deactivated, and the administration told of it in lists that hide the single code. Knows no Flask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from peewee import chunked

from app.clock import utc_now
from app.envelopes import outbox
from app.envelopes.letter import Letter
from app.shared import claims
from compartments.clearing.floor import BelowFloor, floor, is_small
from compartments.clearing.keysets import fields
from compartments.clearing.keysets.models import CLAIMED, DEACTIVATED, OPEN, Deactivation, KeyRequest, Pair
from compartments.clearing.tables import database
from keys.codes import grouped
from keys.errors import MalformedCode
from keys.randomness import shuffle

DELETE = "delete-claim-slots"
COLLECTED = "collected"
"""What the administration is told as reason for a list that came together by itself. Membership's own words stay here: they may say
more than the administration should know."""
ROWS = 500


def take_request(letter: Letter) -> None:
    """The membership office asks for keys."""
    KeyRequest.create(
        id=fields.identifier(letter.body["request"]),
        count=fields.number(letter.body["count"], 1),
        arrived_on=utc_now().date(),
    )


def take_claim(letter: Letter) -> None:
    """A slot was claimed. One that was deactivated in the same moment stays deactivated, but its code is out."""
    slot = fields.identifier(letter.body["slot"])
    pair = Pair.get_or_none(Pair.slot == slot)
    if pair is None:
        raise ValueError("no pair has this slot")
    pair.was_claimed = True
    if pair.state == OPEN:
        pair.state = CLAIMED
    pair.save(only=[Pair.was_claimed, Pair.state])


def take_deactivation(letter: Letter) -> None:
    """Keys aren't valid any more: lost, or their holder has left. Their pairs are off from now on, their slots are ordered away."""
    keys = fields.codes(letter.body["keys"])
    reason = fields.text(letter.body["reason"])
    found = find(keys)
    living = [pair for pair in found if pair.state != DEACTIVATED]
    for some in chunked([pair.id for pair in found], ROWS):
        Pair.update(state=DEACTIVATED, ended=letter.number).where(Pair.id.in_(some)).execute()
    # Those of claimed pairs too: gone already, unless somebody only said that they were claimed.
    if slots := sorted(pair.slot for pair in living):
        outbox.order(DELETE, {"slots": slots})
    Deactivation.create(
        id=letter.envelope_id,
        reason=reason,
        named=len(keys),
        deactivated=len(living),
        unknown=len(keys) - len(found),
        arrived_on=utc_now().date(),
    )
    if untold() >= floor():
        tell(day=utc_now().date(), reason=COLLECTED)


def delete_slots(_order_id: str, payload: dict[str, Any]) -> None:
    """Carry out the order to delete slots."""
    claims.delete(payload["slots"])


def untold() -> int:
    """Return of how many deactivated codes the administration doesn't know yet."""
    return int(Pair.select().where(Pair.state == DEACTIVATED, Pair.told == False).count())  # noqa: E712


def tell(*, day: date, reason: str, agreed: bool = False) -> int:
    """Tell the administration of all deactivated codes that it doesn't know, shuffled; return how many.

    ``agreed`` says that a second officer has confirmed a list below the floor. Raises :class:`~compartments.clearing.floor.BelowFloor`.
    """
    with database.atomic("IMMEDIATE"):
        waiting = list(
            Pair.select(Pair.id, Pair.invite).where(Pair.state == DEACTIVATED, Pair.told == False)  # noqa: E712
        )
        if is_small(len(waiting)) and not agreed:
            raise BelowFloor("so few codes need a second officer")
        if waiting:
            for some in chunked([pair.id for pair in waiting], ROWS):
                Pair.update(told=True).where(Pair.id.in_(some)).execute()
            body = {"codes": shuffle(pair.invite for pair in waiting), "reason": reason}
            outbox.send("codes-deactivated", "administration", body, day=day)
    return len(waiting)


def find(references: Iterable[str]) -> list[Pair]:
    """Return the pairs of these reference keys, deactivated ones too."""
    found: list[Pair] = []
    for some in chunked(references, ROWS):
        found.extend(Pair.select().where(Pair.reference.in_(some)))
    return found


def by_invite(code: object) -> Pair | None:
    """Return the living pair of an invite code: a deactivated one is none any more."""
    try:
        wanted = grouped(fields.text(code))
    except MalformedCode:
        return None
    found: Pair | None = Pair.get_or_none(Pair.invite == wanted, Pair.state != DEACTIVATED)
    return found


def state_of(reference: str) -> str | None:
    """Return the state of a reference key as somebody typed it, None for one that was never issued. Raises MalformedCode."""
    state: str | None = Pair.select(Pair.state).where(Pair.reference == grouped(reference)).scalar()
    return state
