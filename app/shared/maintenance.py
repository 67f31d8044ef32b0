"""Maintenance windows of the participation platform, as everybody may read them: published and withdrawn by the administration office.

Times and a few words on what users will notice; no person, no account, no content. Each publication and withdrawal is an act in the log.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.shared import acts
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.page_models import MaintenanceNotice
from app.shared.prepared import Prepared

FALLBACK = "de"
OFFICE = "administration"

_ROWS = Prepared(lambda: MaintenanceNotice.select().order_by(MaintenanceNotice.starts_at), places=0)


@dataclass(frozen=True)
class Window:
    """One window in one language; times are naive UTC."""

    starts_at: datetime
    ends_at: datetime
    text: str


def publish(
    notice: str, starts_at: datetime, ends_at: datetime, texts: Mapping[str, str], *, actor: str | None
) -> None:
    """Publish a window, or what has changed about one. The same again is no act."""
    with write_transaction(shared_database):
        row = MaintenanceNotice.get_or_none(MaintenanceNotice.id == notice)
        if row and (row.starts_at, row.ends_at, row.texts) == (starts_at, ends_at, dict(texts)):
            return
        values = {"starts_at": starts_at, "ends_at": ends_at, "texts": dict(texts)}
        if row is None:
            MaintenanceNotice.create(id=notice, **values)
        else:
            MaintenanceNotice.update(**values).where(MaintenanceNotice.id == notice).execute()
        acts.record(acts.Kind.NOTICE_PUBLISHED, compartment=OFFICE, actor=actor, subject=notice)


def withdraw(notice: str, *, actor: str | None) -> None:
    """Take a window off the public pages; what isn't there stays away without an act."""
    with write_transaction(shared_database):
        if MaintenanceNotice.delete().where(MaintenanceNotice.id == notice).execute():
            acts.record(acts.Kind.NOTICE_WITHDRAWN, compartment=OFFICE, actor=actor, subject=notice)


def announced(language: str, now: datetime) -> list[Window]:
    """Return the windows that aren't over at ``now``, the next one first."""
    rows = MaintenanceNotice.select().where(MaintenanceNotice.ends_at > now)
    return [
        Window(row.starts_at, row.ends_at, row.texts.get(language) or row.texts[FALLBACK])
        for row in rows.order_by(MaintenanceNotice.starts_at)
    ]


def stand(now: datetime) -> Hashable:
    """Return everything that :func:`announced` chooses from: it changes with each publication, and when a window is over."""
    ends = [(row, str(row[2]) > str(now)) for row in _ROWS.all()]
    return tuple(ends)


def remove_past(now: datetime) -> int:
    """Delete the windows that are over; return how many."""
    return int(MaintenanceNotice.delete().where(MaintenanceNotice.ends_at <= now).execute())
