"""Notices from the board, as every other compartment takes them in. Knows no Flask."""

from __future__ import annotations

from datetime import date

from app.envelopes.letter import Letter
from app.vault.models import Notice

LONGEST_SUBJECT = 200
LONGEST_TEXT = 20_000


def take_in(letter: Letter) -> None:
    """Put a notice into the inbox. Raises ``ValueError`` where it isn't one, which refuses the envelope."""
    subject, text, author = (_text(letter.body[field]) for field in ("subject", "text", "author"))
    if (
        not subject
        or len(subject) > LONGEST_SUBJECT
        or len(text) > LONGEST_TEXT
        or len(author) > LONGEST_SUBJECT
    ):
        raise ValueError("a notice has a subject, and neither that nor its text is endless")
    Notice.create(
        id=letter.envelope_id,
        sender=letter.sender,
        subject=subject,
        text=text,
        author_name=author,
        sent_on=date.fromisoformat(_text(letter.body["day"])),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a notice is made of text")
    return value
