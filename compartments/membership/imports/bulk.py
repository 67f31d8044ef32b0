"""Writes many persons at once as the rules of the register write one: rows, search words, history. Inside the caller's transaction.

A test compares what is written here with what :mod:`compartments.membership.persons` writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import chunked, fn

from app.office.authors import Author
from compartments.membership import months, persons
from compartments.membership.details import FIELDS, to_text
from compartments.membership.duplicates import aliases
from compartments.membership.duplicates.models import BlockedPerson, Pair
from compartments.membership.folding import address_word, words_of
from compartments.membership.sounds import sound_words
from compartments.membership.tables import FieldChange, Person, ReadEvent, database

Values = Mapping[str, Any]
_COLUMNS = tuple("division_id" if name == "division" else name for name in FIELDS)
_SEARCHED = frozenset({"last_name", "first_name", "email", "member_number"})
CACHE_KIB = 96_000


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


@contextmanager
def much_cache() -> Iterator[None]:
    """A large transaction touches pages all over the file; they are decrypted once while they fit into memory."""
    (before,) = database.execute_sql("pragma cache_size").fetchone()
    database.execute_sql(f"pragma cache_size = -{CACHE_KIB}")
    try:
        yield
    finally:
        database.execute_sql(f"pragma cache_size = {before}")


def write(statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Execute a statement once for each row."""
    database.connection().executemany(statement, rows)


def add(people: Sequence[tuple[str, Values]], note: Note) -> None:
    """Add persons: (entry, the value of every field)."""
    first = int(Person.select(fn.MAX(Person.id)).scalar() or 0) + 1
    index = _Words()
    keyed = sorted(((index.key(values), entry, values) for entry, values in people), key=lambda one: one[:2])
    rows, words, notes = [], [], []
    for id_, (key, entry, values) in enumerate(keyed, first):
        owed = months.owed_from(date.fromisoformat(values["entered_on"])).isoformat()
        rows.append((id_, entry, key, owed, *(values[name] for name in FIELDS)))
        words += [(word, key, id_) for word in index.of(values)]
        notes.append((id_, 1, persons.ADDED, None, None, *_signed(note)))
    marks = ", ".join("?" * (4 + len(_COLUMNS)))
    names = ", ".join(("id", "entry_id", "name_key", "paid_until", *_COLUMNS))
    write(
        f"insert into person ({names}, revision, credit_cents, reminders) values ({marks}, 1, 0, 0)",
        rows,
    )
    _write_words(words)
    _write_history(notes)


def change(edits: Sequence[Edit], note: Note) -> None:
    """Change fields of persons, who are there and have the values that the edits say."""
    people = {
        person.id: person
        for some in chunked([edit.person for edit in edits], 500)
        for person in Person.select().where(Person.id.in_(some))
    }
    updates: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    index = _Words()
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
            gone += [(word, person.name_key, person.id) for word in index.of(before) | also]
            row["name_key"] = index.key(after)
            words += [(word, row["name_key"], person.id) for word in index.of(after) | also]
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


@contextmanager
def free_of_cascades() -> Iterator[None]:
    """Take persons out without a search through every word for each of them; call it outside of a transaction.

    SQLite looks for what still points to a row that goes, and the words have no index for that. :func:`remove` takes all of it along.
    """
    database.execute_sql("pragma foreign_keys = off")
    if database.execute_sql("pragma foreign_keys").fetchone()[0]:
        raise RuntimeError("inside a transaction the setting has no effect")
    try:
        yield
    finally:
        database.execute_sql("pragma foreign_keys = on")


def remove(people: Sequence[Person]) -> None:
    """Take persons out of the register whom nothing points to but their own words, history, readings and duplicates' keys."""
    index = _Words()
    write(
        "delete from search_word where word = ? and name_key = ? and person_id = ?",
        [
            (word, person.name_key, person.id)
            for person in people
            for word in index.of({name: getattr(person, name) for name in _SEARCHED})
            | aliases.words(person.id)
        ],
    )
    for some in chunked([person.id for person in people], 500):
        FieldChange.delete().where(FieldChange.person.in_(some)).execute()
        ReadEvent.delete().where(ReadEvent.person.in_(some)).execute()
        BlockedPerson.delete().where(BlockedPerson.person.in_(some)).execute()
        Pair.delete().where(Pair.first.in_(some) | Pair.second.in_(some)).execute()
        Person.delete().where(Person.id.in_(some)).execute()


def _signed(note: Note) -> tuple[str, str, str, str]:
    return note.by.id, note.by.name, note.at.isoformat(" "), note.ticket


class _Words:
    """The words that find persons. A name is folded once, however many bear it; nothing is kept beyond one call."""

    def __init__(self) -> None:
        self._names: dict[str, tuple[list[str], frozenset[str]]] = {}

    def key(self, values: Values) -> str:
        """What the register is sorted by."""
        return " ".join(self._name(values["last_name"])[0] + self._name(values["first_name"])[0])[:120]

    def of(self, values: Values) -> set[str]:
        """Names, their sounds, the number, the address."""
        found = {*self._name(values["last_name"])[1], *self._name(values["first_name"])[1]}
        found.add(str(values["member_number"]))
        if values["email"]:
            found.add(address_word(values["email"]))
        return found

    def _name(self, name: str) -> tuple[list[str], frozenset[str]]:
        known = self._names.get(name)
        if known is None:
            spelled = words_of(name.replace("@", " "))
            known = self._names[name] = (spelled, frozenset(spelled).union(sound_words(name)))
        return known


def _paid_until(person: Person, entered_on: date) -> str:
    """What was paid stays paid: the same number of months, from the other day on."""
    paid = months.between(months.owed_from(person.entered_on), person.paid_until)
    return months.months_later(months.owed_from(entered_on), paid).isoformat()


def _write_words(words: list[tuple[str, str, int]]) -> None:
    # In order, so that each page of the file is written once.
    write("insert or ignore into search_word (word, name_key, person_id) values (?, ?, ?)", sorted(words))


def _write_history(notes: Sequence[tuple[Any, ...]]) -> None:
    write(
        "insert into field_change (person_id, revision, field, before, after, officer, officer_name, at, ticket)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        notes,
    )
