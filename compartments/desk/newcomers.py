"""New members whom the membership office hands over, until somebody has welcomed them. Knows no Flask."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.envelopes.letter import Letter
from app.office.authors import Author
from compartments.desk.models import NewMember, database

LONGEST = {"name": 300, "email": 300, "division": 300, "note": 10_000}
KEPT_FOR = timedelta(days=90)
"""After a welcome the desk has no use for who has joined."""


class NoNewcomer(LookupError):
    """There is no such hand-over, or it is erased."""


def take_in(letter: Letter) -> None:
    """Store a hand-over. Raises ``ValueError`` where it isn't one, which refuses the envelope."""
    texts = {}
    for field, most in LONGEST.items():
        if not isinstance(letter.body[field], str) or len(letter.body[field]) > most:
            raise ValueError(f"{field} is no text of at most {most} characters")
        texts[field] = letter.body[field]
    NewMember.create(
        id=letter.envelope_id,
        language="en" if letter.body["language"] == "en" else "de",
        member_since=date.fromisoformat(letter.body["member_since"]),
        **texts,
    )


def waiting(limit: int) -> list[NewMember]:
    """Return whom nobody has welcomed, the longest waiting first."""
    todo = NewMember.select().where(NewMember.welcomed_at.is_null())
    return list(todo.order_by(NewMember.member_since, NewMember.id).limit(limit))


def count() -> int:
    """Return how many those are."""
    return int(NewMember.select().where(NewMember.welcomed_at.is_null()).count())


def find(newcomer_id: str) -> NewMember:
    """Return a hand-over; raises :class:`NoNewcomer`."""
    found: NewMember | None = NewMember.get_or_none(NewMember.id == newcomer_id)
    if found is None:
        raise NoNewcomer(newcomer_id)
    return found


def welcomed(newcomer_id: str, *, by: Author, now: datetime) -> None:
    """Note that somebody has written the welcome, and erase the hand-overs that are long done. Whoever did first, stays."""
    with database.atomic("IMMEDIATE"):
        found = find(newcomer_id)
        NewMember.update(welcomed_at=now, welcomed_by_name=by.name).where(
            NewMember.id == found.id, NewMember.welcomed_at.is_null()
        ).execute()
        NewMember.delete().where(NewMember.welcomed_at < now - KEPT_FOR).execute()
