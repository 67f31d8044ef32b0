"""Undoing a whole import: fields get back what they were, and who was added goes, where nobody has changed them since. Knows no Flask.

What somebody has changed since stays, and is listed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import chunked

from app.clock import utc_now
from app.faultpoints import reached
from app.office.authors import Author
from app.vault.jobs import Progress, Steps, Task
from compartments.membership import persons
from compartments.membership.details import FIELDS
from compartments.membership.duplicates import keying, references
from compartments.membership.imports import bulk, staging, thresholds, wholesale
from compartments.membership.imports.committing import (
    BATCH,
    NeedsSecondOfficer,
    confirmed_by,
    entry_of,
)
from compartments.membership.imports.divisions import Tree
from compartments.membership.imports.indexing import Words
from compartments.membership.imports.models import (
    ADD,
    COMMITTED,
    UNDONE,
    Import,
    KeptField,
    StagedRow,
)
from compartments.membership.room import in_bulk
from compartments.membership.tables import Person, ReadEvent, database

JOB = "import-undo"


@dataclass(frozen=True)
class Kept:
    """Something that stays as somebody has made it since."""

    place: int
    field: str
    number: int
    person: int


def needs_second_officer(import_id: int) -> bool:
    """Whether undoing takes out so many that a second officer has to confirm."""
    return thresholds.exceeded(staging.counts(import_id)[ADD], staging.members())


def undo(import_id: int, *, version: int, by: Author, now: datetime, proposal: str | None = None) -> Import:
    """Undo an import in one transaction; one that is undone already is returned as it is.

    Raises :class:`~compartments.membership.imports.committing.NeedsSecondOfficer` and :class:`~compartments.membership.imports.staging.WrongState`.
    """
    with in_bulk(), wholesale.without_foreign_keys(), database.atomic("IMMEDIATE"):
        one = staging.find(import_id)
        if one.state == UNDONE:
            return one
        if one.state != COMMITTED:
            raise staging.WrongState(one.state)
        confirmed = confirmed_by(proposal, {"import": import_id, "version": version, "undo": True})
        if confirmed is None and needs_second_officer(import_id):
            raise NeedsSecondOfficer(import_id)
        note = bulk.Note(by, now, f"{staging.ticket_of(one)} undone")
        kept = [*_restore(import_id, note), *_take_out(import_id)]
        wholesale.check_divisions()
        bulk.write(
            "insert into kept_field (import_id, place, field, number, person) values (?, ?, ?, ?, ?)",
            [(import_id, one_.place, one_.field, one_.number, one_.person) for one_ in kept],
        )
        StagedRow.delete().where(StagedRow.import_id == import_id).execute()
        one.state, one.undone_by_name, one.undone_at = UNDONE, by.name, now
        one.save()
        reached("import.before-undo")
    reached("import.after-undo")
    return one


def kept_fields(import_id: int, limit: int = 200) -> list[KeptField]:
    """Return what an undo has left as it was."""
    found = KeptField.select().where(KeptField.import_id == import_id)
    return list(found.order_by(KeptField.place, KeptField.field).limit(limit))


def _restore(import_id: int, note: bulk.Note) -> Iterable[Kept]:
    """Give fields back what they were before."""
    index, there = Words(), Tree()
    for rows in staging.changing(import_id, BATCH):
        known = _values([row.person or 0 for row in rows])
        edits = []
        for row in rows:
            changes = json.loads(row.changes)
            person, number = row.person or 0, row.number or 0
            now = known.get(person)
            if now is None:
                yield Kept(row.place, "", number, person)
                continue
            touched = {name for name, (_, after) in changes.items() if now[name] != after}
            if not there.holds(changes.get("division", [None])[0]):
                touched.add("division")
            yield from (Kept(row.place, name, number, person) for name in sorted(touched))
            back = {
                name: (after, before)
                for name, (before, after) in changes.items()
                if name not in touched and _goes_back(name, touched)
            }
            if back:
                edits.append(bulk.Edit(person, back))
        bulk.change(edits, note, index)


def _goes_back(name: str, touched: set[str]) -> bool:
    """An exit and its reason go back together, as do an entitlement and who determined it."""
    together = (
        {"left_on", "exit_reason"},
        {"may_vote", "voting_by", "voting_on"},
        {"reduced_cents", "reduced_until"},
    )
    return not any(name in group and group & touched for group in together)


def _take_out(import_id: int) -> Iterable[Kept]:
    """Take those out whom the import has added, and of whom nothing else is written down since."""
    place = 0
    while rows := staging.adds(import_id, place, BATCH):
        place = rows[-1][0]
        by_entry = {entry_of(import_id, at): at for at, _ in rows}
        gone: list[Person] = []
        for some in chunked(by_entry, 500):
            people = list(Person.select().where(Person.entry_id.in_(some)))
            held = _referred_to([person.id for person in people])
            for person in people:
                if person.revision == 1 and person.id not in held:
                    gone.append(person)
                else:
                    yield Kept(by_entry[person.entry_id], "", person.member_number, person.id)
        bulk.remove(gone)


def _referred_to(people: list[int]) -> set[int]:
    found: set[int] = set()
    for model, field in references.referring():
        if model is not ReadEvent:
            rows: Any = model.select(field).where(field.in_(people)).tuples()
            found.update(row[0] for row in rows)
    return found


def _values(people: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    found: dict[int, Mapping[str, Any]] = {}
    for some in chunked(people, 500):
        for person in Person.select().where(Person.id.in_(some)):
            values = persons.details_of(person).as_dict()
            found[person.id] = {name: _plain(values[name]) for name in FIELDS}
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def undo_job(task: Task) -> Steps:
    """The job: one transaction, then the keys of duplicates for those who were changed."""
    try:
        undo(
            int(task.subject),
            version=task.parameters["version"],
            by=Author(task.officer, task.officer_name),
            now=utc_now(),
            proposal=task.parameters.get("proposal"),
        )
    except (NeedsSecondOfficer, staging.WrongState):
        return
    yield Progress(done=0)
    for done in keying.complete():
        yield Progress(done=done)
