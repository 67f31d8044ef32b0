"""Writes many persons at once as the rules of the register write one: rows, search words, history. Inside the caller's transaction, ``wholesale``.

A test compares what is written here with what :mod:`compartments.membership.persons` writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import repeat
from typing import Any

from peewee import chunked, fn

from app.office.authors import Author
from compartments.membership import months, persons
from compartments.membership.details import to_text
from compartments.membership.duplicates import aliases
from compartments.membership.duplicates.models import BlockedPerson, Pair
from compartments.membership.imports.comparing import DEFAULTS
from compartments.membership.imports.indexing import Values, Words
from compartments.membership.tables import FieldChange, Person, ReadEvent, database

_SEARCHED = frozenset({"last_name", "first_name", "email", "member_number"})
_HISTORY = (
    "insert into field_change (person_id, revision, field, before, after, officer, officer_name, at, ticket)"
)


@dataclass(frozen=True)
class Note:
    """What the history says of everything that is written here."""

    by: Author
    at: datetime
    ticket: str


@dataclass(frozen=True)
class Edit:
    """Fields of a person that get other values: field -> (before, after), days in ISO form."""

    person: int
    changes: Mapping[str, Sequence[Any]]


def write(statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Execute a statement once for each row."""
    database.connection().executemany(statement, rows)


def add(people: Iterable[tuple[str, Values]], note: Note, index: Words) -> None:
    """Add persons: (entry, the fields that are given; the others are as in :data:`DEFAULTS`)."""
    first = int(Person.select(fn.MAX(Person.id)).scalar() or 0) + 1
    found = ((entry, given, *index.of(given)) for entry, given in people)
    keyed = sorted((key, entry, given, own) for entry, given, key, own in found)
    names = sorted(set().union(*(given for _, _, given, _ in keyed)))
    usual = [DEFAULTS[name] for name in names]
    rows: list[tuple[Any, ...]] = []
    words: list[tuple[str, str, int]] = []
    for id_, (key, entry, given, own) in enumerate(keyed, first):
        rows.append((id_, entry, key, index.owed(given["entered_on"]), *map(given.get, names, usual)))
        words += zip(own, repeat(key), repeat(id_))
    _write_people(names, rows)
    _write_words(words)
    columns = f"select id, 1, '{persons.ADDED}', null, null, ?, ?, ?, ? from person where id >= ? order by id"
    database.execute_sql(f"{_HISTORY} {columns}", (*_signed(note), first))


def _write_people(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write new persons, of whom these fields are given. The same value for all of them stands in the statement: binding takes time."""
    same = {_column(name): _literal(value) for name, value in DEFAULTS.items() if name not in names}
    same |= {"revision": "1", "credit_cents": "0", "reminders": "0"}
    own = ["id", "entry_id", "name_key", "paid_until", *map(_column, names)]
    values = ", ".join([*("?" * len(own)), *same.values()])
    write(f"insert into person ({', '.join([*own, *same])}) values ({values})", rows)


def change(edits: Sequence[Edit], note: Note, index: Words) -> None:
    """Change fields of persons, who are there and have the values that the edits say."""
    people = {
        person.id: person
        for some in chunked([edit.person for edit in edits], 500)
        for person in Person.select().where(Person.id.in_(some))
    }
    updates: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    gone, words, notes = [], [], []
    for edit in edits:
        person = people[edit.person]
        new = {name: after for name, (_, after) in edit.changes.items()}
        row = {**new, "revision": person.revision + 1}
        if "division" in row:
            row["division_id"] = row.pop("division")
        if new.keys() & _SEARCHED:
            before = {name: getattr(person, name) for name in _SEARCHED}
            after = {**before, **new}
            also = aliases.words(person.id)
            gone += [(word, person.name_key, person.id) for word in index.of(before)[1] | also]
            row["name_key"], found = index.of(after)
            words += [(word, row["name_key"], person.id) for word in found | also]
        if "entered_on" in new:
            row["paid_until"] = _paid_until(person, date.fromisoformat(new["entered_on"]))
        columns = tuple(sorted(row))
        updates.setdefault(columns, []).append((*(row[name] for name in columns), person.id))
        notes += [
            (person.id, person.revision + 1, name, to_text(old), to_text(now), *_signed(note))
            for name, (old, now) in edit.changes.items()
        ]
    for columns, rows in updates.items():
        write(f"update person set {', '.join(f'{name} = ?' for name in columns)} where id = ?", rows)
    write("delete from search_word where word = ? and name_key = ? and person_id = ?", gone)
    _write_words(words)
    _write_history(notes)


def remove(people: Sequence[Person]) -> None:
    """Take persons out of the register whom nothing points to but their own words, history, readings and duplicates' keys."""
    index = Words()
    write(
        "delete from search_word where word = ? and name_key = ? and person_id = ?",
        [
            (word, person.name_key, person.id)
            for person in people
            for word in index.of({name: getattr(person, name) for name in _SEARCHED})[1]
            | aliases.words(person.id)
        ],
    )
    for some in chunked([person.id for person in people], 500):
        FieldChange.delete().where(FieldChange.person.in_(some)).execute()
        ReadEvent.delete().where(ReadEvent.person.in_(some)).execute()
        BlockedPerson.delete().where(BlockedPerson.person.in_(some)).execute()
        Pair.delete().where(Pair.first.in_(some) | Pair.second.in_(some)).execute()
        Person.delete().where(Person.id.in_(some)).execute()


def _column(field: str) -> str:
    return "division_id" if field == "division" else field


def _literal(value: str | int | None) -> str:
    if value is None:
        return "null"
    return f"'{value}'" if isinstance(value, str) else str(int(value))


def _signed(note: Note) -> tuple[str, str, str, str]:
    return note.by.id, note.by.name, note.at.isoformat(" "), note.ticket


def _paid_until(person: Person, entered_on: date) -> str:
    """What was paid stays paid: the same number of months, from the other day on."""
    paid = months.between(months.owed_from(person.entered_on), person.paid_until)
    return months.months_later(months.owed_from(entered_on), paid).isoformat()


def _write_words(words: list[tuple[str, str, int]]) -> None:
    # In order, so that each page of the file is written once.
    write("insert or ignore into search_word (word, name_key, person_id) values (?, ?, ?)", sorted(words))


def _write_history(notes: Sequence[tuple[Any, ...]]) -> None:
    write(f"{_HISTORY} values (?, ?, ?, ?, ?, ?, ?, ?, ?)", notes)
