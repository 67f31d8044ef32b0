"""Rules of prevention: events, and a log that nobody reads but its counsellor. Knows no Flask."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from compartments.counsel.prevention.models import Event, LogEntry
from compartments.counsel.tables import ChangedMeanwhile, database
from keys.cases import private_key
from keys.errors import CannotOpen
from keys.identity import KeyPairs
from keys.padding import pad, unpad
from keys.sealing import bind
from keys.symmetric import open_with, seal_with

TRAINING, SUPERVISION = "training", "supervision"


@dataclass(frozen=True)
class Logged:
    """One entry of one's own log. ``hours`` are tenths of an hour."""

    id: str
    day: date
    kind: str
    hours: int
    text: str = field(repr=False)


def keep_event(event_id: str, values: Mapping[str, Any], *, version: int = 0) -> None:
    """Add or change an event. Raises :class:`ChangedMeanwhile` where it says something else than in ``version``, which was read (0 for a new one)."""
    with database.atomic("IMMEDIATE"):
        present = Event.get_or_none(Event.id == event_id)
        there = present.version if present else 0
        if present and all(getattr(present, name) == value for name, value in values.items()):
            return
        if there != version:
            raise ChangedMeanwhile(event_id)
        Event.insert(id=event_id, version=version + 1, **values).on_conflict_replace().execute()


def events(year: int | None = None) -> list[Event]:
    """Return events, newest first."""
    query = Event.select().order_by(Event.day.desc(), Event.id)
    if year is not None:
        query = query.where(Event.day.between(date(year, 1, 1), date(year, 12, 31)))
    return list(query)


def event(event_id: str) -> Event:
    """Return one event; raises ``LookupError``."""
    found: Event | None = Event.get_or_none(Event.id == event_id)
    if found is None:
        raise LookupError(event_id)
    return found


def remove_event(event_id: str) -> None:
    """Delete an event."""
    Event.delete().where(Event.id == event_id).execute()


def write_log(
    account: str, keys: KeyPairs, *, entry_id: str, day: date, kind: str, hours: int, text: str
) -> bool:
    """Add to one's own log; return False where this form has done so already."""
    if LogEntry.select().where(LogEntry.entry_id == entry_id).exists():
        return False
    said = {"day": day.isoformat(), "kind": kind, "hours": hours, "text": text}
    sealed = seal_with(private_key(keys), pad(json.dumps(said).encode()), info=_info(account, entry_id))
    LogEntry.create(entry_id=entry_id, account=account, sealed=sealed)
    return True


def log(account: str, keys: KeyPairs) -> list[Logged]:
    """Return one's own log, newest first. What another's keys sealed is nobody's business, and doesn't open."""
    found = []
    for row in LogEntry.select().where(LogEntry.account == account):
        try:
            plain = open_with(private_key(keys), bytes(row.sealed), info=_info(account, row.entry_id))
        except CannotOpen:
            continue
        said = json.loads(unpad(plain))
        day = date.fromisoformat(said["day"])
        found.append(Logged(row.entry_id, day, said["kind"], said["hours"], said["text"]))
    return sorted(found, key=lambda one: (one.day, one.id), reverse=True)


def strike(account: str, entry_id: str) -> None:
    """Delete an entry of one's own log."""
    LogEntry.delete().where(LogEntry.account == account, LogEntry.entry_id == entry_id).execute()


def _info(account: str, entry_id: str) -> bytes:
    return bind("training-log", account, entry_id)
