"""What somebody writes from their mailbox after their first letter, checked as an office takes it in. Whoever sends it is anybody at all.

Knows no Flask, and no table: which letter goes with which signing key, and where it is kept, is the office's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from app.envelopes.letter import Letter
from app.envelopes.mailbox_letters import verify
from app.envelopes.package import Enclosed
from keys.errors import BadSignature

LONGEST_TEXT, LONGEST_NAME, MOST_FILES = 50_000, 200, 50
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,90}")


@dataclass(frozen=True)
class Written:
    """A message that its mailbox's owner has signed. ``day`` is never one to come."""

    text: str = field(repr=False)
    day: date
    files: Sequence[Enclosed] = field(repr=False)


def check_owner(letter: Letter, signing_key: bytes) -> None:
    """Raise ``ValueError`` unless the owner of the mailbox signed exactly this letter."""
    try:
        verify(letter, signing_key)
    except BadSignature as error:
        raise ValueError("not signed by the owner of the mailbox") from error


def read(letter: Letter, signing_key: bytes, *, today: date) -> Written:
    """Return a message. Raises ``ValueError`` or ``TypeError`` where it is none, or not the owner's; that refuses the envelope."""
    check_owner(letter, signing_key)
    text = letter.body["text"]
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT or "\x00" in text:
        raise ValueError("a message is some text, and not endless")
    if len(letter.files) > MOST_FILES:
        raise ValueError("too many files")
    for one in letter.files:
        if not 0 < len(one.name) <= LONGEST_NAME or "\x00" in one.name:
            raise ValueError("a file has no name that could be shown")
        if not _MEDIA_TYPE.fullmatch(one.media_type):
            raise ValueError("this is no type of a file")
    return Written(text, min(date.fromisoformat(letter.body["day"]), today), letter.files)
