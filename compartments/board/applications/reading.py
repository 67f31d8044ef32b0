"""Finding applications: the inbox with its filters, what is unread, and one application with all that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import JOIN, fn

from app import pieces
from app.paging import Page, page_of
from compartments.board.applications.words import folded
from compartments.board.models import (
    DECIDED,
    Application,
    ApplicationFile,
    ApplicationFilePiece,
    ApplicationMessage,
    Appointment,
    Reading,
    StageEvent,
    Wish,
)

OPEN = "open"
SORTS = {
    "newest": (Application.received_on.desc(), Application.changed_at.desc()),
    "oldest": (Application.received_on, Application.changed_at),
    "news": (Application.changed_at.desc(),),
    "name": (Application.name.collate("NOCASE"), Application.received_on),
}


@dataclass(frozen=True)
class Wanted:
    """Which applications to list. ``stage`` is a stage or ``open`` (not yet decided); empty means all."""

    posting: str = ""
    stage: str = ""
    words: str = ""
    sort: str = "newest"
    unread: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the inbox."""

    id: str
    name: str
    received_on: date
    changed_at: datetime
    retain_until: date
    unread: bool
    wishes: Sequence[Wish]


@dataclass(frozen=True)
class Whole:
    """One application with everything that hangs on it. ``files`` are those of the application itself, by message otherwise."""

    application: Application
    wishes: Sequence[Wish]
    files: Sequence[ApplicationFile]
    messages: Sequence[tuple[ApplicationMessage, Sequence[ApplicationFile]]]
    events: Sequence[StageEvent]
    appointments: Sequence[Appointment]


def inbox(wanted: Wanted, officer: str, number: int = 1) -> Page[Line]:
    """Return one page of the applications wanted."""
    query = _with_reading(_filtered(wanted), officer)
    if wanted.unread:
        query = query.where(_is_unread())
    found = page_of(query.order_by(*SORTS.get(wanted.sort, SORTS["newest"])), number)
    wishes: dict[str, list[Wish]] = {row.id: [] for row in found.items}
    for wish in Wish.select().where(Wish.application.in_(list(wishes))).order_by(Wish.place):
        wishes[wish.application_id].append(wish)
    lines = [
        Line(
            id=row.id,
            name=row.name,
            received_on=row.received_on,
            changed_at=row.changed_at,
            retain_until=row.retain_until,
            unread=bool(row.unread),
            wishes=wishes[row.id],
        )
        for row in found.items
    ]
    return Page(lines, found.page, found.total)


def unread(officer: str) -> int:
    """Return how many applications hold something that this officer hasn't seen."""
    return int(_with_reading(Application.select(), officer).where(_is_unread()).count())


def whole(application: Application) -> Whole:
    """Return an application with all that belongs to it, but the contents of its files."""
    wishes = list(Wish.select().where(Wish.application == application).order_by(Wish.place))
    files = list(ApplicationFile.select().where(ApplicationFile.application == application))
    messages = (
        ApplicationMessage.select()
        .where(ApplicationMessage.application == application)
        .order_by(ApplicationMessage.sent_on, ApplicationMessage.at)
    )
    events = (
        StageEvent.select(StageEvent, Wish)
        .join(Wish, JOIN.LEFT_OUTER)
        .where(StageEvent.application == application)
        .order_by(StageEvent.at.desc(), StageEvent.revision.desc())
    )
    appointments = Appointment.select().where(Appointment.wish.in_(wishes)).order_by(Appointment.decided_at)
    return Whole(
        application=application,
        wishes=wishes,
        files=[file for file in files if file.message_id is None],
        messages=[(one, [file for file in files if file.message_id == one.id]) for one in messages],
        events=list(events),
        appointments=list(appointments),
    )


def file(application_id: str, file_id: str) -> ApplicationFile | None:
    """Return one file of an application, without its content."""
    return ApplicationFile.get_or_none(
        ApplicationFile.id == file_id, ApplicationFile.application == application_id
    )


def parts(file: ApplicationFile) -> Iterator[bytes]:
    """Return the content of a file."""
    return pieces.read(ApplicationFilePiece, file.id)


def _filtered(wanted: Wanted) -> Any:
    query = Application.select()
    for word in folded(wanted.words).split():
        query = query.where(Application.words.contains(word))
    if wanted.posting or wanted.stage:
        wishes = Wish.select(Wish.application)
        if wanted.posting:
            wishes = wishes.where(Wish.posting == wanted.posting)
        if wanted.stage == OPEN:
            wishes = wishes.where(Wish.stage.not_in(DECIDED))
        elif wanted.stage:
            wishes = wishes.where(Wish.stage == wanted.stage)
        query = query.where(Application.id.in_(wishes))
    return query


def _with_reading(query: Any, officer: str) -> Any:
    mine = (Reading.application == Application.id) & (Reading.officer == officer)
    return query.select_extend(_is_unread().alias("unread")).join(Reading, JOIN.LEFT_OUTER, on=mine)


def _is_unread() -> Any:
    return fn.COALESCE(Reading.read_at < Application.changed_at, 1) == 1
