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
from app.shared.prepared import PreparedInsert
from keys.mailbox import MailboxKeys

_PUT = PreparedInsert(Envelope)
_OPEN = PreparedInsert(Mailbox)


def seal_from_public(
    type_: str, to: PinnedKeys, envelope_id: str, body: Mapping[str, Any], files: Sequence[File] = ()
) -> bytes:
    """Seal what a public sender says. Worth doing before the transaction, which lets nobody else write."""
    crossing = find(type_, PUBLIC_SENDER, kind_of(to.vault))
    letter = Letter(envelope_id, crossing, PUBLIC_SENDER, to.vault, 0, body, files)
    return seal_letter(letter, follow(to)[0].keys.sealing, None)


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
    return put(envelope_id, to.vault, seal_from_public(type_, to, envelope_id, body, files), day)


def put(envelope_id: str, recipient: str, ciphertext: bytes, day: date) -> bool:
    """Store an envelope unless one of that id is there; return whether it is new."""
    return _PUT(id=envelope_id, recipient=recipient, ciphertext=ciphertext, day=day)


def open_mailbox(mailbox: MailboxKeys, expires_on: date) -> None:
    """Make the mailbox of a receipt code, once."""
    _OPEN(id=mailbox.id, sealing_key=mailbox.sealing.public.to_bytes(), expires_on=expires_on)
