"""Rules of the directory: search, keep, and export as CSV (RFC 4180). Knows no Flask. Import: :mod:`.importing`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from io import StringIO
from typing import Any

from peewee import fn

from compartments.counsel.services.models import COLUMNS, Service
from compartments.counsel.tables import ChangedMeanwhile, database

CHECK_EVERY = timedelta(days=365)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def search(
    words: str = "", region: str = "", language: str = "", topic: str = "", access: str = ""
) -> list[Service]:
    """Return the services in which all ``words`` occur, and that fit region, language, topic and accessibility; by name."""
    query = Service.select().order_by(fn.LOWER(Service.name), Service.id)
    for word in words.split():
        everywhere = (Service.name, Service.region, Service.topics, Service.languages, Service.note)
        found = everywhere[0].contains(word)
        for column in everywhere[1:]:
            found |= column.contains(word)
        query = query.where(found)
    narrowed = (
        (Service.region, region),
        (Service.languages, language),
        (Service.topics, topic),
        (Service.accessibility, access),
    )
    for column, wanted in narrowed:
        if wanted:
            query = query.where(column.contains(wanted))
    return list(query)


def choices(column: str) -> list[str]:
    """Return what stands in one of the columns with commas, or the regions, once each."""
    values = {
        part.strip()
        for row in Service.select(getattr(Service, column))
        for part in getattr(row, column).split(",")
    }
    return sorted(values - {""}, key=str.casefold)


def find(service_id: str) -> Service:
    """Return a service; raises ``LookupError``."""
    found: Service | None = Service.get_or_none(Service.id == service_id)
    if found is None:
        raise LookupError(service_id)
    return found


def named(name: str) -> Service | None:
    """Return the service of exactly this name, where there is one."""
    found: Service | None = Service.select().where(Service.name == name).order_by(Service.id).first()
    return found


def keep(service_id: str, values: Mapping[str, Any], *, version: int) -> None:
    """Add or change a service. Raises :class:`ChangedMeanwhile` unless ``version`` is the one that was read (0 for a new one)."""
    with database.atomic("IMMEDIATE"):
        present = Service.get_or_none(Service.id == service_id)
        if (present.version if present else 0) != version:
            raise ChangedMeanwhile(service_id)
        Service.insert(id=service_id, version=version + 1, **values).on_conflict_replace().execute()


def remove(service_id: str) -> None:
    """Delete a service. Referrals keep the name as it was."""
    Service.delete().where(Service.id == service_id).execute()


def checked(service_id: str, day: date) -> None:
    """Note that somebody has rung, and all is as it stands here."""
    Service.update(checked_on=day, version=Service.version + 1).where(Service.id == service_id).execute()


def to_check(day: date) -> list[Service]:
    """Return the services that nobody has checked for a year."""
    old = Service.checked_on.is_null() | (Service.checked_on < day - CHECK_EVERY)
    return list(Service.select().where(old).order_by(Service.checked_on, Service.name))


def export() -> bytes:
    """Return the directory as CSV: UTF-8 with a mark, as spreadsheets take it; no cell begins like a formula."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in search():
        writer.writerow([_harmless(getattr(row, column)) for column in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def _harmless(value: Any) -> str:
    text = value.isoformat() if isinstance(value, date) else str(value or "")
    return f"'{text}" if text.startswith(_FORMULA) else text


def unquoted(text: str) -> str:
    """Take back what :func:`_harmless` has put before a formula's sign."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
