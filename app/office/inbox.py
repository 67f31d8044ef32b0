"""What has come into a compartment and waits for somebody: notices, alarms, envelopes that were refused. Knows no Flask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import fn

from app import pieces
from app.binding import NotOpen
from app.office.authors import Author
from app.office.recoveries import STAYS_IN_THE_INBOX
from app.vault.context import any_vault
from app.vault.models import RECOVERED, Alarm, Notice, RefusedEnvelope, RefusedPiece

AT_MOST = 100
"""A list shows so many; what waits longest is on top of the list of alarms, what is newest on top of the others."""


@dataclass(frozen=True)
class Entry:
    """One line of the inbox. ``kind`` is what it is, in words; ``day`` when it was sent."""

    kind: Any
    title: str
    sender: str
    day: date
    url: str


@dataclass(frozen=True)
class Source:
    """What else a compartment has waiting. ``entries`` returns the open ones, at most :data:`AT_MOST`; ``count`` how many there are."""

    entries: Callable[[], list[Entry]]
    count: Callable[[], int]


class NotThere(LookupError):
    """There is no such thing in the inbox."""


def open_notices() -> list[Notice]:
    """Return the notices that nobody has dealt with, newest first."""
    return list(_notices().where(Notice.done_at.is_null()).limit(AT_MOST))


def done_notices() -> list[Notice]:
    """Return the notices that were dealt with, newest first."""
    return list(_notices().where(Notice.done_at.is_null(False)).limit(AT_MOST))


def notice(notice_id: str) -> Notice:
    """Return a notice; raises :class:`NotThere`."""
    found: Notice | None = Notice.get_or_none(Notice.id == notice_id)
    if found is None:
        raise NotThere(notice_id)
    return found


def mark_done(notice_id: str, *, by: Author, now: datetime) -> None:
    """Note who has dealt with a notice. Whoever did first, stays."""
    found = notice(notice_id)
    Notice.update(done_by=by.id, done_by_name=by.name, done_at=now).where(
        Notice.id == found.id, Notice.done_at.is_null()
    ).execute()


def reopen(notice_id: str) -> None:
    """Put a notice back among what waits."""
    Notice.update(done_by=None, done_by_name=None, done_at=None).where(
        Notice.id == notice(notice_id).id
    ).execute()


def alarms(now: datetime) -> list[Alarm]:
    """Return the alarms that nobody has seen yet, oldest first; and uses of the recovery shares for a while, whoever has seen them."""
    recovered = (Alarm.kind == RECOVERED) & (Alarm.raised_at > now - STAYS_IN_THE_INBOX)
    shown = Alarm.select().where(Alarm.seen_by.is_null() | recovered)
    return list(shown.order_by(Alarm.raised_at).limit(AT_MOST))


def see(alarm_id: int, *, by: Author) -> None:
    """Note who has looked at an alarm; raises :class:`NotThere`."""
    if not Alarm.select().where(Alarm.id == min(alarm_id, 2**63 - 1)).exists():
        raise NotThere(alarm_id)
    Alarm.update(seen_by=by.id).where(Alarm.id == alarm_id, Alarm.seen_by.is_null()).execute()


def refused() -> list[RefusedEnvelope]:
    """Return the envelopes that were refused, newest first, without their content."""
    columns = (RefusedEnvelope.id, RefusedEnvelope.reason, RefusedEnvelope.refused_at)
    lengths = fn.COALESCE(fn.SUM(fn.LENGTH(RefusedPiece.ciphertext)), 0)
    beside = RefusedPiece.select(lengths).where(RefusedPiece.owner == RefusedEnvelope.id)
    size = (fn.LENGTH(RefusedEnvelope.ciphertext) + beside).alias("size")
    return list(
        RefusedEnvelope.select(*columns, size).order_by(RefusedEnvelope.refused_at.desc()).limit(AT_MOST)
    )


def discard(envelope_id: str) -> None:
    """Delete a refused envelope; raises :class:`NotThere`."""
    pieces.remove(RefusedPiece, envelope_id)
    if not RefusedEnvelope.delete().where(RefusedEnvelope.id == envelope_id).execute():
        raise NotThere(envelope_id)


def waiting() -> int:
    """Return how many notices and alarms wait; 0 where no vault is open, as on an error page."""
    try:
        row = any_vault.execute_sql(
            "select (select count(*) from notice where done_at is null)"
            " + (select count(*) from alarm where seen_by is null)"
        ).fetchone()
    except NotOpen:
        return 0
    return int(row[0])


def _notices() -> Any:
    return Notice.select().order_by(Notice.sent_on.desc(), Notice.id)
