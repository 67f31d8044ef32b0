"""Notes to the colleagues of one's compartment. They stay inside the vault. Knows no Flask."""

from __future__ import annotations

from datetime import datetime

from app.office.authors import Author
from app.paging import Page, page_of
from app.vault.context import any_vault
from app.vault.models import Note

PER_PAGE = 20


def write(text: str, *, entry_id: str, by: Author, now: datetime) -> Note:
    """Write a note. The same ``entry_id`` again returns the note it made."""
    with any_vault.atomic("IMMEDIATE"):
        note: Note | None = Note.get_or_none(Note.entry_id == entry_id)
        return note or Note.create(
            entry_id=entry_id, author=by.id, author_name=by.name, text=text, written_at=now
        )


def page(number: int) -> Page[Note]:
    """Return a page of notes, newest first; one that doesn't exist is the nearest that does."""
    return page_of(Note.select().order_by(Note.written_at.desc(), Note.id.desc()), number, PER_PAGE)
