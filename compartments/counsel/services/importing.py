"""Taking services from a CSV file (RFC 4180): first what it would do, then just that. An empty cell says nothing, and leaves alone what stands there."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from compartments.counsel.services.models import COLUMNS, Service
from compartments.counsel.services.service import unquoted
from compartments.counsel.tables import ChangedMeanwhile, database
from keys.randomness import new_id

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000
LONGEST = 2_000
OWN_HEADS: Mapping[str, str] = {column: column for column in COLUMNS}
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True)
class BadRow:
    """A row of a file that can't be taken: its line, and why ("columns", "name", "long", "day", "cells", "twice")."""

    line: int
    why: str


class Refused(ValueError):
    """A file of which nothing was taken; ``rows`` say why."""

    def __init__(self, rows: list[BadRow]) -> None:
        super().__init__(f"{len(rows)} rows can't be taken")
        self.rows = rows


@dataclass(frozen=True)
class Difference:
    """What a file says otherwise about a service that is here: by column, what stands there and what would."""

    service: Service
    columns: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Plan:
    """What a file would do. ``unknown`` are the heads of columns that are left out."""

    added: list[dict[str, Any]]
    changed: list[Difference]
    same: int
    unknown: list[str]

    @property
    def sign(self) -> str:
        """The same for the same plan, so that what is done is what somebody has looked at."""
        changes = [(one.service.id, one.service.version, sorted(one.columns.items())) for one in self.changed]
        return hashlib.sha256(repr((self.added, changes)).encode()).hexdigest()


def decoded(content: bytes) -> str:
    """Return a file's text: UTF-8, or what older spreadsheets write; without the signs that a page's form can't carry on. Raises :class:`Refused`."""
    if len(content) > MOST_BYTES:
        raise Refused([BadRow(1, "long")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def plan(text: str, heads: Mapping[str, str] = OWN_HEADS) -> Plan:
    """Return what a file would do. ``heads`` says which column is meant by a head in lower case. Raises :class:`Refused`."""
    rows, unknown = _rows(text, heads)
    added, changed, same, bad = list[dict[str, Any]](), list[Difference](), 0, list[BadRow]()
    met = set[Any]()
    for line, values in rows:
        known = _known(values)
        key = known.id if known else (values["name"], values.get("region", ""))
        if key in met:
            bad.append(BadRow(line, "twice"))
        met.add(key)
        if known is None:
            added.append(values)
        elif columns := {
            name: (getattr(known, name), new) for name, new in values.items() if getattr(known, name) != new
        }:
            changed.append(Difference(known, columns))
        else:
            same += 1
    if bad:
        raise Refused(bad)
    return Plan(added, changed, same, unknown)


def take_in(text: str, heads: Mapping[str, str] = OWN_HEADS, *, sign: str | None = None) -> Plan:
    """Do what a file would do, all of it or nothing; return what was done.

    Raises :class:`Refused`, and ``ChangedMeanwhile`` unless that is still what somebody has looked at (``sign``).
    """
    with database.atomic("IMMEDIATE"):
        found = plan(text, heads)
        if sign is not None and sign != found.sign:
            raise ChangedMeanwhile
        for values in found.added:
            Service.create(id=new_id(), **values)
        for one in found.changed:
            new = {name: value for name, (_old, value) in one.columns.items()}
            changes = Service.update(version=Service.version + 1, **new)
            changes.where(Service.id == one.service.id).execute()
    return found


def _known(values: Mapping[str, Any]) -> Service | None:
    """The service that a row is about: of the same name and region, or, where it says none, the only one of that name."""
    named = list(Service.select().where(Service.name == values["name"]))
    same = [one for one in named if one.region == values.get("region", "")]
    if not same and "region" not in values and len(named) == 1:
        same = named
    return same[0] if same else None


def _rows(text: str, heads: Mapping[str, str]) -> tuple[list[tuple[int, dict[str, Any]]], list[str]]:
    first = text.partition("\n")[0]
    reader = csv.reader(StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    lines = _lines(reader)
    written = [head.strip() for head in next(lines, [])]
    columns = [heads.get(head.casefold()) for head in written]
    if "name" not in columns:
        raise Refused([BadRow(1, "columns")])
    taken, bad = list[tuple[int, dict[str, Any]]](), list[BadRow]()
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(taken) >= MOST_ROWS:
            raise Refused([BadRow(reader.line_num, "long")])
        named = zip(columns, cells, strict=False)
        values = {column: said for column, cell in named if column and (said := unquoted(cell.strip()))}
        if why := "cells" if len(cells) > len(columns) else _problem(values):
            bad.append(BadRow(reader.line_num, why))
        taken.append((reader.line_num, values))
    if bad:
        raise Refused(bad)
    return taken, [head for head, column in zip(written, columns, strict=True) if head and column is None]


def _lines(reader: Any) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        # A quotation mark that is never closed makes one cell of all that follows, longer than the reader takes.
        raise Refused([BadRow(reader.line_num, "long")]) from None


def _problem(values: dict[str, Any]) -> str | None:
    """What is wrong with a row; its day is turned into one on the way."""
    if "name" not in values:
        return "name"
    if any(len(value) > LONGEST for value in values.values()):
        return "long"
    if "checked_on" in values:
        try:
            values["checked_on"] = _day(values["checked_on"])
        except ValueError:
            return "day"
    return None


def _day(text: str) -> date:
    if german := _GERMAN_DAY.fullmatch(text):
        day, month, year = map(int, german.groups())
        return date(year, month, day)
    return date.fromisoformat(text)
