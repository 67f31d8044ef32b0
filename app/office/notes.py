"""Notes to the colleagues of one's compartment. They stay inside the vault. Knows no Flask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.office.authors import Author
from app.vault.context import any_vault
from app.vault.models import Note

PER_PAGE = 20


@dataclass(frozen=True)
class Notes:
    """One page of notes, newest first."""

    notes: list[Note]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PER_PAGE))

    @property
    def has_prev(self) -> bool:
        """Whether there is a page with newer notes."""
        return self.page > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page with older notes."""
        return self.page < self.pages


def write(text: str, *, entry_id: str, by: Author, now: datetime) -> Note:
    """Write a note. The same ``entry_id`` again returns the note it made."""
    with any_vault.atomic("IMMEDIATE"):
        note: Note | None = Note.get_or_none(Note.entry_id == entry_id)
        return note or Note.create(
            entry_id=entry_id, author=by.id, author_name=by.name, text=text, written_at=now
        )


def page(number: int) -> Notes:
    """Return a page of notes; one that doesn't exist is the nearest that does."""
    total = Note.select().count()
    number = min(max(number, 1), max(1, -(-total // PER_PAGE)))
    notes = Note.select().order_by(Note.written_at.desc(), Note.id.desc()).paginate(number, PER_PAGE)
    return Notes(list(notes), total, number)
