"""Files added to a form that isn't sent yet: each sealed under a key that only the open form holds, and gone after some hours.

A row says nothing: random id, ciphertext, hour of its end. Name, type and purpose are carried by the form; the seal binds them, so a form
that claims another name for a file than it was added with can't open it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import fn

from app.shared.models import DraftFile
from keys.errors import CannotOpen
from keys.padding import pad, unpad
from keys.randomness import new_id
from keys.sealing import bind
from keys.symmetric import open_with, seal_with

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
    content: bytes,
    *,
    name: str,
    media_type: str,
    purpose: str,
    key: bytes,
    now: datetime,
    valid_for: timedelta,
) -> Draft:
    """Seal a file under the form's 32-byte ``key`` and keep it for a while. Raises :class:`TooManyDrafts`."""
    if (DraftFile.select(fn.SUM(fn.LENGTH(DraftFile.ciphertext))).scalar() or 0) + len(content) > MOST_BYTES:
        raise TooManyDrafts("no more files are taken for now")
    draft = Draft(new_id(), name, media_type, len(content), purpose)
    sealed = seal_with(key, pad(content), info=_context(draft))
    DraftFile.create(id=draft.id, ciphertext=sealed, expires_at=now + valid_for)
    return draft


def read(draft: Draft, key: bytes, now: datetime) -> bytes:
    """Return a file's bytes. Raises :class:`DraftIsGone`."""
    row = DraftFile.get_or_none(DraftFile.id == draft.id, DraftFile.expires_at > now)
    if row is None:
        raise DraftIsGone(draft.id)
    try:
        return unpad(open_with(key, bytes(row.ciphertext), info=_context(draft)))
    except CannotOpen:
        raise DraftIsGone(draft.id) from None


def remove(draft: Draft) -> None:
    """Delete a file."""
    DraftFile.delete().where(DraftFile.id == draft.id).execute()


def remove_expired(now: datetime) -> int:
    """Delete what was never sent; return how many files. Needs no key."""
    removed: int = DraftFile.delete().where(DraftFile.expires_at <= now).execute()
    return removed


def _context(draft: Draft) -> bytes:
    return bind("draft", draft.id, draft.name, draft.media_type, draft.size, draft.purpose)
