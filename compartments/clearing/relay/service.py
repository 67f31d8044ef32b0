"""Rules of the relay: identifiers are exchanged, the sealed text passes untouched. Knows no Flask.

Code in, reference key out; and even the identifier of the message itself is another one on each side. What the text says is sealed by
the sender for the last recipient (:mod:`app.envelopes.enclosed`), so that it can't be read here.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.clock import utc_now
from app.envelopes import outbox
from app.envelopes.letter import Letter
from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.vault.jobs import Work
from compartments.clearing.keysets import fields, pairs
from compartments.clearing.relay.models import ANSWERED, PASSED, UNDELIVERABLE, Relayed
from keys.randomness import new_id

LONGEST = 400_000
"""Hexadecimal signs of a sealed text."""


def take_message(letter: Letter) -> None:
    """The administration writes to the holder of an account."""
    text = _sealed(letter.body["text"])
    day = utc_now().date()
    pair = pairs.by_invite(letter.body["code"])
    relayed = Relayed.create(
        id=fields.identifier(letter.body["relay"]),
        onward=new_id(),
        pair=pair,
        state=PASSED if pair else UNDELIVERABLE,
        arrived_on=day,
    )
    if pair:
        body = {"relay": relayed.onward, "key": pair.reference, "text": text}
        outbox.send("relay-onward", "membership", body, day=day)


def take_reply(letter: Letter) -> None:
    """Membership answers for the member."""
    text = _sealed(letter.body["text"])
    relayed = Relayed.get_or_none(Relayed.onward == fields.identifier(letter.body["relay"]))
    if relayed is None:
        raise ValueError("an answer to a message that never went this way")
    changes = {"state": ANSWERED, "replies": Relayed.replies + 1}
    Relayed.update(**changes).where(Relayed.id == relayed.id).execute()
    outbox.send("relay-answer", "administration", {"relay": relayed.id, "text": text}, day=utc_now().date())


def recent(limit: int = 50) -> list[Relayed]:
    """Return the messages, newest first."""
    return list(Relayed.select().order_by(Relayed.arrived_on.desc(), Relayed.id).limit(limit))


def _sealed(value: object) -> str:
    text = fields.text(value, LONGEST)
    bytes.fromhex(text)
    return text


INCOMING: Mapping[str, Handler] = {"relay": take_message, "relay-reply": take_reply}
ACTIONS: Mapping[str, Action] = {}
JOBS: Mapping[str, Work] = {}
