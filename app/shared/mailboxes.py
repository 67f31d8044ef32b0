"""Mailboxes of people without an account: opened with what they send, read with the receipt code, closed when they withdraw.

The server keeps an id, a public key and sealed messages; the code, and with it every private key, comes with a request and goes with it.
A mailbox that was closed stays as an empty row until its day, so that a page sent a second time can't open it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app import pieces
from app.shared.database import shared_database
from app.shared.dialect import held
from app.shared.models import Envelope, EnvelopePiece, Mailbox, MailboxMessage
from app.shared.prepared import Prepared, PreparedInsert
from keys.errors import CannotOpen
from keys.mailbox import MailboxKeys
from keys.padding import pad, unpad
from keys.sealing import bind, open_sealed

CLOSED = b""
_PUT = PreparedInsert(MailboxMessage)
_OPENED = Prepared(lambda mailbox: Mailbox.select(Mailbox.id).where(Mailbox.id == mailbox))


@dataclass(frozen=True)
class Message:
    """One opened message. ``content`` is its JSON, with a ``kind`` (see :class:`app.envelopes.mailbox_letters.Kind`)."""

    id: str
    day: date
    content: Mapping[str, Any] = field(repr=False)


def erased_by(day: date, deadlines: Iterable[date | None], retention: timedelta) -> date:
    """Return the day by which an application is erased that nobody decides: time to decide after the last deadline, and retention."""
    return max([day, *(deadline for deadline in deadlines if deadline)]) + 2 * retention


def context(mailbox: str, message_id: str) -> bytes:
    """What a message is bound to: its mailbox and its own id."""
    return bind("mailbox-message", mailbox, message_id)


def find(keys: MailboxKeys) -> Mailbox | None:
    """Return the mailbox of a receipt code; None where there is none, or none any more."""
    # Asked twice, for most who ask have none yet, and the first question costs next to nothing.
    row = Mailbox.get_or_none(Mailbox.id == keys.id) if was_opened(keys) else None
    return row if row and bytes(row.sealing_key) != CLOSED else None


def was_opened(keys: MailboxKeys) -> bool:
    """Whether this receipt code has ever been used to send something, closed mailboxes included."""
    return _OPENED.first(keys.id) is not None


def takes_messages(mailbox: str) -> bool:
    """Whether a mailbox is there and hasn't been closed. In a write transaction that holds until its end."""
    open_ones = Mailbox.select(Mailbox.id).where(Mailbox.id == mailbox, Mailbox.sealing_key != CLOSED)
    return bool(held(open_ones, shared_database))


def messages(keys: MailboxKeys) -> list[Message]:
    """Open every message, oldest first. One that doesn't open is left out: it was not sealed to this mailbox."""
    rows = MailboxMessage.select().where(MailboxMessage.mailbox == keys.id)
    opened = [found for found in (_open(row, keys) for row in rows) if found]
    return sorted(opened, key=lambda one: (str(one.content.get("at", "")) or one.day.isoformat(), one.id))


def sealed_copy(keys: MailboxKeys, message_id: str, content: Mapping[str, Any]) -> bytes:
    """Seal what the owner sends to themselves. Worth doing before the transaction, which lets nobody else write."""
    plain = pad(json.dumps(dict(content), ensure_ascii=False).encode())
    return keys.seal_own(plain, info=context(keys.id, keys.copy_id(message_id)))


def keep_copy(keys: MailboxKeys, message_id: str, content: Mapping[str, Any], *, day: date) -> None:
    """Put what the owner sent into their own mailbox, sealed to themselves, once per ``message_id``: the envelope's id."""
    put_copy(keys, message_id, sealed_copy(keys, message_id, content), day=day)


def put_copy(keys: MailboxKeys, message_id: str, ciphertext: bytes, *, day: date) -> None:
    """Store a copy that :func:`sealed_copy` has made, under an id of its own."""
    _PUT(id=keys.copy_id(message_id), mailbox=keys.id, ciphertext=ciphertext, day=day)


def close(keys: MailboxKeys) -> None:
    """Erase every message and the key; take back what opened the mailbox where nobody has fetched it yet."""
    MailboxMessage.delete().where(MailboxMessage.mailbox == keys.id).execute()
    Mailbox.update(sealing_key=CLOSED).where(Mailbox.id == keys.id).execute()
    pieces.remove(EnvelopePiece, keys.envelope_id)
    Envelope.delete().where(Envelope.id == keys.envelope_id).execute()


def erase_on(mailbox: str, day: date) -> None:
    """Set the day on which a mailbox and its messages go; idempotent, so that a vault can order it."""
    Mailbox.update(expires_on=day).where(Mailbox.id == mailbox).execute()


def _open(row: MailboxMessage, keys: MailboxKeys) -> Message | None:
    try:
        plain = unpad(_opened(bytes(row.ciphertext), keys, context(keys.id, row.id)))
        return Message(row.id, row.day, json.loads(plain))
    except (CannotOpen, ValueError):
        return None


def _opened(sealed: bytes, keys: MailboxKeys, info: bytes) -> bytes:
    try:
        return keys.open_own(sealed, info=info)
    except CannotOpen:
        return open_sealed(sealed, keys.sealing, info=info)
