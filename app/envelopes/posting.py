"""Puts public senders' envelopes into the shared layer: sealed in the request that takes them, once, whatever is clicked twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app import pieces
from app.crossings import PUBLIC_SENDER, find
from app.envelopes.directory import PinnedKeys, follow
from app.envelopes.letter import Letter, seal_letter
from app.envelopes.package import ROOM, Beside, Enclosure, beside, in_memory
from app.offices import kind_of
from app.shared.models import Envelope, EnvelopePiece, Mailbox
from app.shared.prepared import PreparedInsert
from keys.mailbox import MailboxKeys

_PUT = PreparedInsert(Envelope)
_OPEN = PreparedInsert(Mailbox)


@dataclass(frozen=True)
class Sealed:
    """An envelope ready to be put, and the files that are to lie beside it."""

    ciphertext: bytes = field(repr=False)
    large: Beside | None = None


def seal_from_public(
    type_: str,
    to: PinnedKeys,
    envelope_id: str,
    body: Mapping[str, Any],
    files: Sequence[Enclosure] = (),
    *,
    room: int = ROOM,
) -> Sealed:
    """Seal what a public sender says. Worth doing before the transaction, which lets nobody else write.

    Files of more than ``room`` bytes are only described in it; they are read and sealed when it is put.
    """
    crossing, large = find(type_, PUBLIC_SENDER, kind_of(to.vault)), beside(files, room)
    enclosed = () if large else in_memory(files)
    letter = Letter(envelope_id, crossing, PUBLIC_SENDER, to.vault, 0, body, enclosed)
    return Sealed(seal_letter(letter, follow(to)[0].keys.sealing, None, large), large)


def post_from_public(
    type_: str,
    to: PinnedKeys,
    envelope_id: str,
    body: Mapping[str, Any],
    files: Sequence[Enclosure] = (),
    *,
    day: date,
) -> bool:
    """Seal and store one envelope; return whether it is new. The same id again changes nothing."""
    return put(envelope_id, to.vault, seal_from_public(type_, to, envelope_id, body, files), day)


def put(envelope_id: str, recipient: str, sealed: Sealed, day: date) -> bool:
    """Store an envelope unless one of that id is there; return whether it is new. With large files, call it inside a transaction."""
    new = _PUT(id=envelope_id, recipient=recipient, ciphertext=sealed.ciphertext, day=day)
    if new:
        put_beside(envelope_id, sealed.large)
    return new


def put_beside(envelope_id: str, large: Beside | None) -> None:
    """Put an envelope's large files beside it. Call it inside the transaction that puts the envelope."""
    if large:
        pieces.put(EnvelopePiece, envelope_id, large.pieces())


def open_mailbox(mailbox: MailboxKeys, expires_on: date) -> None:
    """Make the mailbox of a receipt code, once."""
    _OPEN(id=mailbox.id, sealing_key=mailbox.sealing.public.to_bytes(), expires_on=expires_on)
