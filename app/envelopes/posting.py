"""Puts public senders' envelopes into the shared layer: sealed in the request that takes them, once, whatever is clicked twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.crossings import PUBLIC_SENDER, find
from app.envelopes.directory import PinnedKeys, follow
from app.envelopes.letter import File, Letter, seal_letter
from app.offices import kind_of
from app.shared.models import Envelope, Mailbox
from keys.mailbox import MailboxKeys


def post_from_public(
    type_: str,
    to: PinnedKeys,
    envelope_id: str,
    body: Mapping[str, Any],
    files: Sequence[File] = (),
    *,
    day: date,
) -> bool:
    """Seal and store one envelope; return whether it is new. The same id again changes nothing."""
    crossing = find(type_, PUBLIC_SENDER, kind_of(to.vault))
    letter = Letter(envelope_id, crossing, PUBLIC_SENDER, to.vault, 0, body, files)
    ciphertext = seal_letter(letter, follow(to)[0].keys.sealing, None)
    return put(envelope_id, to.vault, ciphertext, day)


def put(envelope_id: str, recipient: str, ciphertext: bytes, day: date) -> bool:
    """Store an envelope unless one of that id is there; return whether it is new."""
    new = Envelope.insert(
        id=envelope_id, recipient=recipient, ciphertext=ciphertext, day=day
    ).on_conflict_ignore()
    return bool(new.as_rowcount().execute())


def open_mailbox(mailbox: MailboxKeys, expires_on: date) -> None:
    """Make the mailbox of a receipt code, once."""
    Mailbox.insert(
        id=mailbox.id, sealing_key=mailbox.sealing.public.to_bytes(), expires_on=expires_on
    ).on_conflict_ignore().execute()
