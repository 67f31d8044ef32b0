"""Rules of the membership office: who is in the register, and that no change is lost or goes unrecorded. Knows no Flask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from peewee import IntegrityError, chunked, fn

from app.office.authors import Author
from compartments.membership import months
from compartments.membership.details import FIELDS, Details, Merged, from_text, merge, to_text
from compartments.membership.duplicates import aliases, blocking
from compartments.membership.folding import name_key, search_words
from compartments.membership.models import FieldChange, Person, ReadEvent, SearchWord, database
from compartments.membership.sounds import sound_words
from keys.randomness import new_id

HIGHEST_ID = 2**63 - 1
ADDED = "added"
"""Stands in the history in place of a field's name, for the day the person came in."""


class NoPerson(LookupError):
    """The register has no such person."""


class NumberTaken(ValueError):
    """Another person has this member number."""


class Stale(Exception):
    """Somebody else has changed the person meanwhile; nothing was saved.

    ``changes`` is what they did, ``revision`` the present one, ``merged`` what the second officer should see.
    """

    def __init__(self, revision: int, changes: list[FieldChange], merged: Merged) -> None:
        super().__init__("the person was changed meanwhile")
        self.revision = revision
        self.changes = changes
        self.merged = merged


def add(details: Details, *, entry_id: str, by: Author, now: datetime, ticket: str = "") -> Person:
    """Add a person and return them. The same ``entry_id`` again returns the person it made. Raises :class:`NumberTaken`."""
    with database.atomic("IMMEDIATE"):
        if known := Person.get_or_none(Person.entry_id == entry_id):
            return known
        if _number_is_taken(details.member_number, None):
            raise NumberTaken(details.member_number)
        person = Person.create(**_new(details, entry_id))
        _note(person, ADDED, None, None, by=by, now=now, ticket=ticket)
        _write_words(person)
        blocking.write([person])
    return person


def add_many(everyone: Iterable[Details], *, by: Author, now: datetime, ticket: str = "") -> int:
    """Add persons in one transaction and return how many. Raises :class:`NumberTaken`, and then adds nobody."""
    added = 0
    with database.atomic("IMMEDIATE"):
        for batch in chunked(everyone, 200):
            _add_batch(batch, by=by, now=now, ticket=ticket)
            added += len(batch)
    return added


def edit(
    person_id: int, typed: Details, *, revision: int, by: Author, now: datetime, ticket: str = ""
) -> dict[str, object]:
    """Save what differs and return it, field by field; empty where nothing does.

    ``revision`` is the one that the officer saw. Raises :class:`Stale`, :class:`NumberTaken`, :class:`NoPerson`.
    """
    with database.atomic("IMMEDIATE"):
        person = find(person_id)
        present = details_of(person)
        differences = present.differences(typed)
        if not differences:
            return {}
        if revision != person.revision:
            changes = changes_since(person, revision)
            merged = merge(_before(present, changes), present, typed)
            if merged.details == present:
                return {}
            raise Stale(person.revision, changes, merged)
        if _number_is_taken(typed.member_number, person_id):
            raise NumberTaken(typed.member_number)
        _erase_words(person)
        if typed.entered_on != present.entered_on:
            # What was paid stays paid: the same number of months, from the other day on.
            paid = months.between(months.owed_from(present.entered_on), person.paid_until)
            person.paid_until = months.months_later(months.owed_from(typed.entered_on), paid)
        for field, (_, after) in differences.items():
            setattr(person, field, after)
        person.revision += 1
        person.name_key = _key(typed)
        person.save()
        for field, (before, after) in differences.items():
            _note(person, field, to_text(before), to_text(after), by=by, now=now, ticket=ticket)
        _write_words(person)
        blocking.write([person])
    return dict(differences)


def leave(
    person_id: int, *, day: date, reason: str, by: Author, now: datetime, ticket: str = ""
) -> dict[str, object]:
    """End a membership on ``day``. Raises :class:`NoPerson`, and ``ValueError`` for an exit before the entry or a second one."""
    with database.atomic("IMMEDIATE"):
        person = find(person_id)
        if person.left_on is not None or day < person.entered_on:
            raise ValueError("an exit follows an entry, once")
        left = replace(details_of(person), left_on=day, exit_reason=reason)
        return edit(person_id, left, revision=person.revision, by=by, now=now, ticket=ticket)


def find(person_id: int) -> Person:
    """Return a person; raises :class:`NoPerson`."""
    person: Person | None = Person.get_or_none(Person.id == min(person_id, HIGHEST_ID))
    if person is None:
        raise NoPerson(person_id)
    return person


def remove(person: Person) -> None:
    """Take a person out of the register; what other tables say of them must have been moved. In the caller's transaction."""
    _erase_words(person)
    person.delete_instance()


def numbered(member_number: int) -> Person | None:
    """Return who has a member number, or None."""
    person: Person | None = Person.get_or_none(Person.member_number == member_number)
    return person


def read(person_id: int, *, by: Author, now: datetime) -> Person:
    """Return a person and log that the officer has read their record; raises :class:`NoPerson`."""
    person = find(person_id)
    ReadEvent.create(person=person, officer=by.id, officer_name=by.name, at=now)
    return person


def details_of(person: Person) -> Details:
    """Return the fields of a person as plain values."""
    return Details.of({**person.__data__, "division": person.division_id})


def next_number() -> int:
    """Return the number after the highest one given so far."""
    highest = int(Person.select(fn.MAX(Person.member_number)).scalar() or 0)
    return max(highest, aliases.highest()) + 1


def history(person: Person) -> list[FieldChange]:
    """Return everything that was changed, newest first."""
    return list(FieldChange.select().where(FieldChange.person == person).order_by(FieldChange.id.desc()))


def readings(person: Person, limit: int = 50) -> list[ReadEvent]:
    """Return who has read the record, newest first."""
    return list(
        ReadEvent.select().where(ReadEvent.person == person).order_by(ReadEvent.id.desc()).limit(limit)
    )


def changes_since(person: Person, revision: int) -> list[FieldChange]:
    """Return what was changed after ``revision``, oldest first."""
    return list(
        FieldChange.select()
        .where(FieldChange.person == person, FieldChange.revision > revision)
        .order_by(FieldChange.id)
    )


def _add_batch(batch: Sequence[Details], *, by: Author, now: datetime, ticket: str) -> None:
    people = [_new(details, new_id()) for details in batch]
    try:
        Person.insert_many(people).execute()
    except IntegrityError as error:
        raise NumberTaken("one of these member numbers is taken") from error
    added = Person.select().where(Person.entry_id.in_([person["entry_id"] for person in people]))
    notes, words = [], []
    for person in added:
        notes.append(_change(person, ADDED, None, None, by=by, now=now, ticket=ticket))
        words += _word_rows(person)
    for rows in chunked(notes, 500):
        FieldChange.insert_many(rows).execute()
    for rows in chunked(sorted(words, key=lambda row: row["word"]), 500):
        SearchWord.insert_many(rows).execute()
    blocking.write(added)


def _new(details: Details, entry_id: str) -> dict[str, Any]:
    """The row of a person who comes in and has paid nothing yet."""
    kept = {
        "entry_id": entry_id,
        "name_key": _key(details),
        "paid_until": months.owed_from(details.entered_on),
    }
    return {**kept, **details.as_dict()}


def _before(present: Details, changes: list[FieldChange]) -> Details:
    """Undo ``changes`` (oldest first) to get what the officer saw."""
    values = present.as_dict()
    for change in reversed(changes):
        if change.field in FIELDS:
            values[change.field] = from_text(change.field, change.before)
    return Details.of(values)


def _number_is_taken(number: int, by_other_than: int | None) -> bool:
    holder = Person.select(Person.id).where(Person.member_number == number).scalar()
    return (holder is not None and holder != by_other_than) or aliases.is_alias(number)


def _key(details: Details) -> str:
    return name_key(details.last_name, details.first_name)


def _words(person: Person) -> set[str]:
    sounds = sound_words(f"{person.last_name} {person.first_name}")
    return {*sounds, *_spelled(person)}


def _spelled(person: Person) -> set[str]:
    return search_words(
        last_name=person.last_name,
        first_name=person.first_name,
        member_number=person.member_number,
        email=person.email,
    )


def _word_rows(person: Person, *, also: Iterable[str] = ()) -> list[dict[str, Any]]:
    return [
        {"word": word, "name_key": person.name_key, "person": person.id}
        for word in sorted(_words(person).union(also))
    ]


def _write_words(person: Person) -> None:
    SearchWord.insert_many(_word_rows(person, also=aliases.words(person.id))).execute()


def _erase_words(person: Person) -> None:
    """Must be called while ``person`` still holds the values whose words were written."""
    for word in _words(person) | aliases.words(person.id):
        SearchWord.delete().where(
            SearchWord.word == word, SearchWord.name_key == person.name_key, SearchWord.person == person.id
        ).execute()


def _note(
    person: Person,
    field: str,
    before: str | None,
    after: str | None,
    *,
    by: Author,
    now: datetime,
    ticket: str,
) -> None:
    FieldChange.create(**_change(person, field, before, after, by=by, now=now, ticket=ticket))


def _change(
    person: Person,
    field: str,
    before: str | None,
    after: str | None,
    *,
    by: Author,
    now: datetime,
    ticket: str,
) -> dict[str, Any]:
    return {
        "person": person.id,
        "revision": person.revision,
        "field": field,
        "before": before,
        "after": after,
        "officer": by.id,
        "officer_name": by.name,
        "at": now,
        "ticket": ticket,
    }
