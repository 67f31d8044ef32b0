"""Sends and takes in envelopes for the tests of this folder, through the real mechanisms."""

from datetime import date
from importlib import import_module

from app.crossings import PUBLIC_SENDER, find
from app.envelopes import outbox
from app.envelopes.letter import Letter, seal_letter
from app.envelopes.posting import Sealed, open_mailbox, post_from_public, put
from app.envelopes.receiving import receive
from app.shared.models import Envelope
from keys.codes import new_code
from keys.mailbox import MailboxKeys
from keys.randomness import new_id

DAY = date(2026, 11, 21)


def contact(cast, text="Guten Tag", **changes) -> MailboxKeys:
    """Somebody writes to the desk."""
    keys = MailboxKeys.from_receipt(new_code())
    with cast.shared():
        open_mailbox(keys, DAY)
        pinned = cast.app.extensions["schotten"].pinned("desk")
        post_from_public("contact", pinned, keys.envelope_id, {**body_of(keys, text), **changes}, day=DAY)
    return keys


def body_of(keys: MailboxKeys, text: str) -> dict:
    return {
        "mailbox": keys.id,
        "sealing_key": keys.sealing.public.to_bytes().hex(),
        "signing_key": keys.signing.public.to_bytes().hex(),
        "language": "de",
        "day": DAY.isoformat(),
        "name": "Jonas Wellenreiter",
        "email": "",
        "subject": "Frage",
        "text": text,
    }


def notice_body(subject: str) -> dict:
    return {"subject": subject, "text": "Text", "author": "Berta", "day": DAY.isoformat()}


def order_notice(cast, to: str, subject: str) -> str:
    """The board decides to send a notice; nothing is delivered yet."""
    with cast.vault("board") as vault, vault.database.atomic("IMMEDIATE"):
        return outbox.send("notice", to, notice_body(subject), day=DAY)


def deliver_from(cast, name: str) -> int:
    with cast.vault(name):
        return outbox.deliver(handlers(name, "ACTIONS"))


def notice(cast, to: str, subject: str) -> str:
    """The board sends a notice, and it is delivered."""
    envelope = order_notice(cast, to, subject)
    deliver_from(cast, "board")
    return envelope


def take_in(cast, name: str, incoming=None) -> int:
    """An officer opens a page: what waits is taken in."""
    with cast.vault(name):
        return receive(handlers(name, "INCOMING") if incoming is None else incoming)


def handlers(name: str, which: str):
    return getattr(import_module(f"compartments.{name}.service"), which)


def put_forged(cast, recipient: str, ciphertext: bytes, envelope_id: str | None = None) -> str:
    """Somebody who can write into the shared layer puts an envelope there."""
    envelope_id = envelope_id or new_id()
    with cast.shared():
        put(envelope_id, recipient, Sealed(ciphertext), DAY)
    return envelope_id


def sealed(type_: str, sender: str, to: str, sealing_key, signer=None, **changes) -> tuple[str, bytes]:
    """A letter sealed by hand; ``changes`` replace the letter's parts."""
    kind = sender.partition("-")[0]
    parts = {
        "envelope_id": new_id(),
        "crossing": find(type_, kind if kind != "public" else PUBLIC_SENDER, to),
        "sender": sender,
        "recipient": to,
        "number": 0 if kind == "public" else 1,
        "body": {},
        **changes,
    }
    return parts["envelope_id"], seal_letter(Letter(**parts), sealing_key, signer)


def put_in_order(cast, *envelopes: str) -> None:
    """Let the shared layer give these envelopes out in this order, as an engine may that keeps none."""
    with cast.shared():
        rows = {row.id: row for row in Envelope.select()}
        for one in envelopes:
            rows[one].delete_instance()
            rows[one].save(force_insert=True)
        waiting = Envelope.select(Envelope.id).where(Envelope.recipient == rows[envelopes[0]].recipient)
        assert [row.id for row in waiting if row.id in envelopes] == list(envelopes)
