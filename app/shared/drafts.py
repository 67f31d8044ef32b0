"""Files added to a form that isn't sent yet: each sealed under a key that only the open form holds, and gone after some hours.

A row says nothing: random id, hour of its end, and beside it the pieces (:mod:`keys.streams`), so that a large file is never whole in memory. Name, type and purpose are carried by the form; the seal binds them, so a form
that claims another name for a file than it was added with can't open it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import fn

from app import faultpoints, pieces
from app.shared.database import shared_database
from app.shared.dialect import spare_memory, write_transaction
from app.shared.draft_models import DraftFile, DraftPiece
from keys.errors import CannotOpen
from keys.padding import Part, pad_parts, unpad_parts
from keys.randomness import new_id
from keys.sealing import bind
from keys.streams import check_first_piece, open_pieces, seal_pieces

MOST_BYTES = 2 * 1024 * 1024 * 1024
"""All drafts together: anybody may add files, and nobody may fill the disk."""


class TooManyDrafts(RuntimeError):
    """So many files are waiting in open forms that no more are taken for now."""


class DraftIsGone(LookupError):
    """There is no such file any more, or this form isn't the one that it was added to."""


@dataclass(frozen=True)
class Draft:
    """A file as the form carries it. ``purpose`` says what it is for: a requirement's key, or empty."""

    id: str
    name: str
    media_type: str
    size: int
    purpose: str


def add(
    content: Sequence[Part],
    *,
    name: str,
    media_type: str,
    purpose: str,
    key: bytes,
    now: datetime,
    valid_for: timedelta,
) -> Draft:
    """Seal a file, given in parts, under the form's 32-byte ``key`` and keep it for a while. Raises :class:`TooManyDrafts`."""
    draft = Draft(new_id(), name, media_type, sum(map(len, content)), purpose)
    sealed = seal_pieces(key, pad_parts(content, draft.size), info=_context(draft))
    with write_transaction(shared_database):
        if (
            DraftPiece.select(fn.SUM(fn.LENGTH(DraftPiece.ciphertext))).scalar() or 0
        ) + draft.size > MOST_BYTES:
            raise TooManyDrafts("no more files are taken for now")
        DraftFile.create(id=draft.id, expires_at=now + valid_for)
        pieces.put(DraftPiece, draft.id, sealed)
        faultpoints.reached("draft.before-commit")
    spare_memory(shared_database)
    return draft


def check(draft: Draft, key: bytes, now: datetime) -> None:
    """Raise :class:`DraftIsGone` unless the file is there and is this form's."""
    there = DraftFile.select().where(DraftFile.id == draft.id, DraftFile.expires_at > now).exists()
    try:
        check_first_piece(key, next(pieces.read(DraftPiece, draft.id), b""), info=_context(draft))
    except CannotOpen:
        there = False
    if not there:
        raise DraftIsGone(draft.id)


def read(draft: Draft, key: bytes) -> Iterator[bytes]:
    """Give a file's bytes, part by part. Raises :class:`DraftIsGone`, at the end too: act on no part before it."""
    try:
        opened = open_pieces(key, pieces.read(DraftPiece, draft.id), info=_context(draft))
        yield from unpad_parts(opened, draft.size)
    except CannotOpen:
        raise DraftIsGone(draft.id) from None


def remove(draft: Draft) -> None:
    """Delete a file."""
    pieces.remove(DraftPiece, draft.id)
    DraftFile.delete().where(DraftFile.id == draft.id).execute()


def remove_expired(now: datetime) -> int:
    """Delete what was never sent; return how many files. Needs no key."""
    expired = [row.id for row in DraftFile.select(DraftFile.id).where(DraftFile.expires_at <= now)]
    for draft_id in expired:
        with write_transaction(shared_database):
            pieces.remove(DraftPiece, draft_id)
            DraftFile.delete().where(DraftFile.id == draft_id).execute()
    return len(expired)


def _context(draft: Draft) -> bytes:
    return bind("draft", draft.id, draft.name, draft.media_type, draft.size, draft.purpose)
