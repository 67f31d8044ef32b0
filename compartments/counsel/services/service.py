"""Rules of the directory: search, keep, import and export as CSV (RFC 4180). Knows no Flask."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import Any

from peewee import fn

from compartments.counsel.services.models import COLUMNS, Service
from compartments.counsel.tables import database
from keys.randomness import new_id

CHECK_EVERY = timedelta(days=365)
MOST_ROWS = 5_000
LONGEST = 2_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ChangedMeanwhile(Exception):
    """A colleague has changed this service since it was read."""


@dataclass(frozen=True)
class BadRow:
    """A row of a file that can't be taken: its line, and why ("columns", "name", "long", "day")."""

    line: int
    why: str


class Refused(ValueError):
    """A file of which nothing was taken; ``rows`` say why."""

    def __init__(self, rows: list[BadRow]) -> None:
        super().__init__(f"{len(rows)} rows can't be taken")
        self.rows = rows


@dataclass(frozen=True)
class Taken:
    """What an import did."""

    added: int
    changed: int


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


def take_in(content: bytes) -> Taken:
    """Add and change services from a CSV file, all of it or nothing; a service of the same name and region is changed.

    Columns are found by their names, with commas or semicolons between. Raises :class:`Refused`.
    """
    rows = _rows(content)
    with database.atomic("IMMEDIATE"):
        added = 0
        for values in rows:
            known = Service.get_or_none(Service.name == values["name"], Service.region == values["region"])
            version = known.version if known else 0
            Service.insert(
                id=known.id if known else new_id(), version=version + 1, **values
            ).on_conflict_replace().execute()
            added += known is None
    return Taken(added, len(rows) - added)


def _rows(content: bytes) -> list[dict[str, Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    reader = csv.DictReader(StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    if "name" not in [(name or "").strip().lower() for name in reader.fieldnames or []]:
        raise Refused([BadRow(1, "columns")])
    taken, bad = [], []
    for number, row in enumerate(reader, start=2):
        if number > MOST_ROWS + 1:
            raise Refused([BadRow(number, "long")])
        plain = {
            (name or "").strip().lower(): (value or "").strip()
            for name, value in row.items()
            if isinstance(value, str)
        }
        values: dict[str, Any] = {column: _unquoted(plain.get(column, "")) for column in COLUMNS}
        if why := _problem(values):
            bad.append(BadRow(number, why))
        taken.append(values)
    if bad:
        raise Refused(bad)
    return taken


def _problem(values: dict[str, Any]) -> str | None:
    """What is wrong with a row; its day is turned into one on the way."""
    if not values["name"]:
        return "name"
    if any(len(value) > LONGEST for value in values.values()):
        return "long"
    try:
        values["checked_on"] = date.fromisoformat(values["checked_on"]) if values["checked_on"] else None
    except ValueError:
        return "day"
    return None


def _harmless(value: Any) -> str:
    text = value.isoformat() if isinstance(value, date) else str(value or "")
    return f"'{text}" if text.startswith(_FORMULA) else text


def _unquoted(text: str) -> str:
    """Take back what :func:`_harmless` has put before a formula's sign."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
