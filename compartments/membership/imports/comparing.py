"""A row of a list against the register: what it adds, what it changes field by field, whom it lets leave, or what is wrong with it.

An empty cell says nothing: it leaves a field as it is. Knows no Flask.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from peewee import chunked

from compartments.membership.details import DATES, FIELDS, TRUTHS
from compartments.membership.imports import cells
from compartments.membership.imports.divisions import Tree
from compartments.membership.imports.mapping import DIVISIONS
from compartments.membership.imports.models import ADD, BAD, CHANGE, EXIT, NOT_IN_THE_LIST, SAME
from compartments.membership.tables import Person, database

Values = dict[str, Any]
SHOWN = 80
DIFFERENT = 50_000
"""So many different cells of a column are remembered."""
_POSTCODE, _SHORT_POSTCODE = re.compile(r"[0-9]{5}"), re.compile(r"[0-9]{4}")
_REPEATED = frozenset(cells.READ) - {"member_number", "street", "email", "phone", "notes"}
_AHEAD = frozenset({"entered_on", "left_on"})
DEFAULTS: Values = {
    **{name: getattr(Person, name).default for name in FIELDS if name != "division"},
    "division": None,
    "first_name": "",
}
"""What a field of a new person is where a list says nothing of it. Nobody is without a last name and a day of entry."""
_PERSON = (Person.id, Person.revision, *(getattr(Person, name) for name in FIELDS))


_NOTHING: Values = {}


class Row(NamedTuple):
    """A row as it is staged, but for the import and its place in the file."""

    line: int
    kind: str
    number: int | None = None
    person: int | None = None
    revision: int | None = None
    locks: int = 0
    given: Values = _NOTHING
    changes: Values = _NOTHING
    problem: tuple[str, str, str] | None = None
    """Code, field, and the beginning of the cell's text."""

    def columns(self, import_id: int, place: int) -> tuple[Any, ...]:
        """The row as the table holds it."""
        return (
            import_id,
            place,
            self.line,
            self.kind,
            self.number,
            self.person,
            self.revision,
            self.locks,
            _json(self.given),
            _json(self.changes),
            _json(self.problem),
        )


_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def _json(value: Any) -> str:
    return _encode(value) if value else ""


@dataclass(frozen=True)
class Known:
    """What the register says of one member."""

    id: int
    revision: int
    values: Values


class Reader:
    """Reads the cells of one list by its mapping. What many rows say (names, days, towns) is read once, and forgotten with the reader."""

    def __init__(self, mapping: Mapping[str, int], width: int, day: date) -> None:
        self.cells = [(name, place, _reading(name)) for name, place in mapping.items() if name in cells.READ]
        self.divisions = [(name, mapping[name]) for name in DIVISIONS if name in mapping]
        self.width = width
        self.tree = Tree()
        self.today = day.isoformat()
        self.latest = (day + timedelta(days=366)).isoformat()

    def read(self, line: int, row: Sequence[str] | None) -> Row:
        """Return the row with what it gives, or as a bad one. ``kind`` is not known yet where it is good."""
        if row is None:
            return Row(line, BAD, problem=("quotes", "", ""))
        if len(row) != self.width:
            return Row(line, BAD, problem=("columns", "", f"{len(row)}/{self.width}"))
        given: Values = {}
        for name, place, read in self.cells:
            text = row[place]
            if not text:
                continue
            try:
                if (value := read(text)) is not None:
                    given[name] = value
            except cells.BadCell as bad:
                return Row(line, BAD, given=self._whom(row), problem=(bad.code, name, _shown(text)))
        named = [(name, row[place]) for name, place in self.divisions if row[place].strip()]
        if named:
            given["division"] = self.tree.find(named)
            if given["division"] is None:
                shown = _shown(" / ".join(text for _, text in named))
                return Row(line, BAD, given=self._whom(row), problem=("division", "division", shown))
        if not given.get("member_number"):
            return Row(line, BAD, problem=("missing", "member_number", ""))
        return Row(line, SAME, number=given["member_number"], given=given)

    def _whom(self, row: Sequence[str]) -> Values:
        """Whom a bad row is about, where that can be read: they are in the list all the same."""
        place, read = next((place, read) for name, place, read in self.cells if name == "member_number")
        try:
            found = read(row[place])
        except cells.BadCell:
            return _NOTHING
        return {"member_number": found} if found else _NOTHING

    def wrong(self, values: Values, touched: AbstractSet[str]) -> tuple[str, str, str] | None:
        """Say what can't be right about the values that a row would leave behind; only fields that it touches are looked at."""
        for name in touched & DATES:
            latest = self.latest if name in _AHEAD else self.today
            if name == "reduced_until":
                latest = "9999-12-31"
            if not cells.EARLIEST <= (values[name] or latest) <= latest:
                return ("day", name, values[name])
        german = touched & {"postcode", "country"} and values["country"] == "DE" and values["postcode"]
        if german and not _POSTCODE.fullmatch(values["postcode"]):
            return ("postcode", "postcode", _shown(values["postcode"]))
        if touched & {"entered_on", "birth_date"} and values["entered_on"] < (values["birth_date"] or ""):
            return ("entry", "entered_on", values["entered_on"])
        if touched & {"entered_on", "left_on"} and (values["left_on"] or "9999") < values["entered_on"]:
            return ("exit", "left_on", values["left_on"])
        if touched & {"reduced_until", "reduced_cents"} and (values["reduced_until"] is None) != (
            values["reduced_cents"] is None
        ):
            return ("reduction", "reduced_until", "")
        return None


def _shown(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:SHOWN])


class Comparison:
    """Compares rows with the register as it is now. ``reference`` stands for who has determined an entitlement that a list doesn't explain."""

    def __init__(self, reader: Reader, reference: str) -> None:
        self.reader = reader
        self.reference = reference

    def compare(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows with their kinds; bad ones stay as they are."""
        numbers = [row.number for row in rows if row.number is not None and row.kind != BAD]
        known, merged = known_by_number(numbers), _merged(numbers)
        return [self._one(row, known, merged) if row.kind != BAD else row for row in rows]

    def _one(self, row: Row, known: Mapping[int, Known], merged: AbstractSet[int]) -> Row:
        number = row.number or 0
        if number in merged:
            return Row(
                row.line, BAD, number, given=row.given, problem=("merged", "member_number", str(number))
            )
        person = known.get(number)
        before = person.values if person else DEFAULTS
        given = self._completed(row.given, before)
        if not self.reader.tree.holds(given.get("division")):
            return Row(row.line, BAD, number, given=row.given, problem=("division", "division", ""))
        if row.line == NOT_IN_THE_LIST and before["left_on"] is not None:
            # They have left meanwhile, on a day and for a reason that are known better.
            given = {"member_number": number}
        for name in ("last_name", "entered_on"):
            if person is None and not given.get(name):
                return Row(row.line, BAD, number, given=row.given, problem=("missing", name, ""))
        changes = (
            {name: [before[name], value] for name, value in given.items() if before[name] != value}
            if person
            else _NOTHING
        )
        touched = changes if person else given
        wrong = self.reader.wrong({**before, **given}, touched.keys()) if touched else None
        if wrong:
            return Row(row.line, BAD, number, given=row.given, problem=wrong)
        if person is None:
            return Row(row.line, ADD, number, given=given)
        kind = SAME if not changes else EXIT if _leaves(changes) else CHANGE
        locks = int(kind == CHANGE and "may_vote" in changes and not changes["may_vote"][1])
        return Row(row.line, kind, number, person.id, person.revision, locks, row.given, changes)

    def _completed(self, given: Values, before: Values) -> Values:
        """What belongs together comes together: an exit has a reason, an entitlement somebody who has determined it."""
        short = _SHORT_POSTCODE.fullmatch(given.get("postcode", ""))
        if short and given.get("country", before["country"]) == "DE":
            # Spreadsheets take the leading zero away.
            given = {**given, "postcode": f"0{short[0]}"}
        if "left_on" in given and not before["exit_reason"] and "exit_reason" not in given:
            given = {**given, "exit_reason": "other"}
        if "left_on" not in given and before["left_on"] is None and "exit_reason" in given:
            given = {name: value for name, value in given.items() if name != "exit_reason"}
        if given.get("may_vote") and not before["may_vote"]:
            given = {"voting_by": self.reference, "voting_on": self.reader.today, **given}
        return given


def _reading(name: str) -> Callable[[str], cells.Cell | None]:
    """Return what reads the cells of a field: None for one that says nothing."""
    tidy, read = cells.paragraph if name == "notes" else cells.line, cells.READ[name]

    def reading(text: str) -> cells.Cell | None:
        clean = tidy(text)
        return read(clean) if clean else None

    return lru_cache(DIFFERENT)(reading) if name in _REPEATED else reading


def _leaves(changes: Mapping[str, list[Any]]) -> bool:
    return "left_on" in changes and changes["left_on"][0] is None


def _merged(numbers: Iterable[int]) -> set[int]:
    """Which of these numbers were those of records that were merged into others."""
    return {number for (number,) in _those("select member_number from merged_person", numbers)}


def _those(select: str, numbers: Iterable[int]) -> list[Any]:
    """Return the rows that have one of these member numbers; as JSON, since so many values of their own take longer than the search."""
    where = "where member_number in (select value from json_each(?))"
    return list(database.execute_sql(f"{select} {where}", (json.dumps(list(numbers)),)).fetchall())


def known_by_number(numbers: Iterable[int]) -> dict[int, Known]:
    """Return what the register says of these members, by number."""
    found: dict[int, Known] = {}
    for some in chunked(_those("select id from person", numbers), 500):
        rows: Any = Person.select(*_PERSON).where(Person.id.in_([id_ for (id_,) in some])).tuples().iterator()
        for id_, revision, *values in rows:
            plain = {name: _plain(name, value) for name, value in zip(FIELDS, values, strict=True)}
            found[plain["member_number"]] = Known(id_, revision, plain)
    return found


def _plain(name: str, value: Any) -> Any:
    if name in DATES:
        return value.isoformat() if value is not None else None
    return bool(value) if name in TRUTHS else value
