"""Merging two records of one person: one transaction, and nothing is lost. Knows no Flask.

The record whose number stays is the survivor. The other one is kept whole beside it, with its history; its number leads to the survivor.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.faultpoints import reached
from app.office.authors import Author
from compartments.membership import persons
from compartments.membership.details import Details, to_text
from compartments.membership.duplicates import aliases, blocking, candidates, pairs, references
from compartments.membership.duplicates.models import DISTINCT, MergedChange, MergedPerson, Pair
from compartments.membership.tables import FieldChange, Person, SearchWord, database

MERGED = "merged"
"""Stands in the survivor's history in place of a field's name; "after" is the number that has gone."""


class Changed(Exception):
    """One of the two was changed since the officer saw them; nothing was merged."""


@dataclass(frozen=True)
class Merge:
    """What an officer decided: which fields the one person has, of the two records as they saw them.

    ``entry`` is the form's id. ``details.member_number`` is one of the two numbers, and says who survives.
    """

    entry: str
    pair: int
    revisions: tuple[int, int]
    details: Details


def merge(decided: Merge, *, by: Author, now: datetime, ticket: str = "") -> Person:
    """Make one person of a pair and return them; the same entry again returns the person it made.

    Raises :class:`~compartments.membership.duplicates.pairs.NoPair`, :class:`Changed`, ``ValueError`` for a number that is neither's, and
    :class:`~compartments.membership.duplicates.references.Conflict`; then nothing has happened.
    """
    with database.atomic("IMMEDIATE"):
        if done := MergedPerson.get_or_none(MergedPerson.id == decided.entry):
            return persons.find(done.survivor_id or 0)
        kept, gone = _sides(decided)
        _keep_record(decided.entry, kept, gone, by=by, now=now, ticket=ticket)
        reached("merge.after-record")
        words = aliases.words(gone.id)
        SearchWord.delete().where(
            SearchWord.word.in_(words), SearchWord.name_key == gone.name_key, SearchWord.person == gone
        ).execute()
        _carry_exceptions(gone, kept)
        references.move(gone, kept)
        reached("merge.after-references")
        standing = _standing(kept, gone)
        number = gone.member_number
        persons.remove(gone)
        _note(kept, number, by=by, now=now, ticket=ticket)
        persons.edit(kept.id, decided.details, revision=kept.revision, by=by, now=now, ticket=ticket)
        kept = persons.find(kept.id)
        Person.update(standing).where(Person.id == kept.id).execute()
        MergedPerson.update(member_number=number).where(MergedPerson.id == decided.entry).execute()
        for word in {str(number), *words}:
            SearchWord.insert(
                word=word, name_key=kept.name_key, person=kept.id
            ).on_conflict_ignore().execute()
        blocking.write([kept])
        candidates.remember(kept, now=now)
        reached("merge.before-commit")
    reached("merge.after-commit")
    return persons.find(kept.id)


def merged_into(entry: str) -> MergedPerson | None:
    """Return the record of a merge, or None."""
    found: MergedPerson | None = MergedPerson.get_or_none(MergedPerson.id == entry)
    return found


def _sides(decided: Merge) -> tuple[Person, Person]:
    """Who stays and who goes."""
    pair = pairs.find(decided.pair)
    if pair.state == DISTINCT:
        raise pairs.NoPair(decided.pair)
    both = (pair.first, pair.second)
    if tuple(person.revision for person in both) != decided.revisions:
        raise Changed
    by_number = {person.member_number: person for person in both}
    kept = by_number.pop(decided.details.member_number, None)
    if kept is None:
        raise ValueError("the number that stays is one of the two")
    (gone,) = by_number.values()
    return kept, gone


def _keep_record(entry: str, kept: Person, gone: Person, *, by: Author, now: datetime, ticket: str) -> None:
    """Write the vanishing record and its history down. Its number is free until the record has left the register."""
    record = {name: to_text(value) for name, value in persons.details_of(gone).as_dict().items()}
    MergedPerson.create(
        id=entry,
        survivor=kept,
        member_number=-gone.id,
        record=json.dumps(record, ensure_ascii=False),
        merged_by=by.id,
        merged_by_name=by.name,
        merged_at=now,
        ticket=ticket,
    )
    kept_of_change = (
        FieldChange.revision,
        FieldChange.field,
        FieldChange.before,
        FieldChange.after,
        FieldChange.officer,
        FieldChange.officer_name,
        FieldChange.at,
        FieldChange.ticket,
    )
    history = (
        FieldChange.select(entry, *kept_of_change).where(FieldChange.person == gone).order_by(FieldChange.id)
    )
    MergedChange.insert_from(
        history, [MergedChange.merged, *(getattr(MergedChange, field.name) for field in kept_of_change)]
    ).execute()


def _carry_exceptions(gone: Person, kept: Person) -> None:
    """Whoever was found to be somebody else than the vanishing record is somebody else than the survivor."""
    for other in pairs.ruled_out(gone.id) - {kept.id}:
        known = pairs.between(gone.id, other)
        first, second = sorted((kept.id, other))
        Pair.insert(
            first=first,
            second=second,
            state=DISTINCT,
            score=known.score,
            reasons=known.reasons,
            found_at=known.found_at,
            decided_by=known.decided_by,
            decided_by_name=known.decided_by_name,
            decided_at=known.decided_at,
            remark=known.remark,
        ).on_conflict_replace().execute()


def _standing(kept: Person, gone: Person) -> dict[str, Any]:
    """What the payments come to, which have moved: the later end of what is paid, and the credit of both."""
    firsts = [day for day in (kept.first_paid_on, gone.first_paid_on) if day]
    return {
        "paid_until": max(kept.paid_until, gone.paid_until),
        "first_paid_on": min(firsts, default=None),
        "credit_cents": kept.credit_cents + gone.credit_cents,
    }


def _note(kept: Person, number: int, *, by: Author, now: datetime, ticket: str) -> None:
    kept.revision += 1
    Person.update(revision=kept.revision).where(Person.id == kept.id).execute()
    FieldChange.create(
        person=kept,
        revision=kept.revision,
        field=MERGED,
        after=str(number),
        officer=by.id,
        officer_name=by.name,
        at=now,
        ticket=ticket,
    )
