"""Where imports and the search for duplicates keep something of a person: rows of lists, and keys that two records may share."""

from __future__ import annotations

import json
from typing import Any

from compartments.membership.duplicates.models import BlockedPerson, MergedPerson
from compartments.membership.imports.models import BAD, STAGED, Import, StagedRow
from compartments.membership.tables import FieldChange, Person

NUMBER = "member_number"


def of(person: Person) -> list[StagedRow]:
    """Return the rows of imports that are about a person: by their id, by a number they have or had, or, bad ones, by name or address."""
    numbers = _numbers(person)
    mine = (StagedRow.person == person.id) | StagedRow.number.in_(numbers)
    found = list(StagedRow.select().where(mine))
    unnumbered = StagedRow.select().where(StagedRow.kind == BAD, StagedRow.number.is_null())
    return found + [row for row in unnumbered if _names(row, person)]


def erase(person: Person) -> None:
    """Take these rows out. An import that waits to be written is another one then: officers have to look through it again."""
    rows = of(person)
    for row in rows:
        StagedRow.delete().where(StagedRow.import_id == row.import_id, StagedRow.place == row.place).execute()
    Import.update(version=Import.version + 1).where(
        Import.id.in_({row.import_id for row in rows}), Import.state == STAGED
    ).execute()


def keys(person_id: int) -> list[str]:
    """Return the keys by which the search for duplicates finds a person."""
    row: Any = BlockedPerson.get_or_none(BlockedPerson.person == person_id)
    return list(json.loads(row.keys)) if row else []


def _numbers(person: Person) -> list[int]:
    merged: Any = MergedPerson.select(MergedPerson.member_number).where(MergedPerson.survivor == person.id)
    changed: Any = FieldChange.select(FieldChange.before).where(
        FieldChange.person == person.id, FieldChange.field == NUMBER
    )
    former = [before for (before,) in changed.tuples() if before and before.isdecimal()]
    return [person.member_number, *(row[0] for row in merged.tuples()), *map(int, former)]


def _names(row: StagedRow, person: Person) -> bool:
    text = f"{row.given} {row.problem}".casefold()
    both = person.last_name.casefold() in text and person.first_name.casefold() in text
    return both or bool(person.email and person.email.casefold() in text)
