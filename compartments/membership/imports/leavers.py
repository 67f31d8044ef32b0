"""A full list: who is in the register and not in the list is shown as an exit, which an officer has to confirm. Knows no Flask.

Where a row's member number can't be read, nobody is proposed: that row may be the one that is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from compartments.membership.imports.comparing import Row
from compartments.membership.imports.models import BAD, EXIT, NOT_IN_THE_LIST, StagedRow
from compartments.membership.tables import Person, database

_MISSING = """
    with listed(number) as (
        select coalesce(number, json_extract(given, '$.member_number')) from staged_row
        where import_id = ? and (number is not null or given != '')
    )
    select id, revision, member_number from person
    where left_on is null and entered_on <= ?
    and member_number not in (select number from listed where number is not null)
    and id not in (
        select survivor_id from merged_person
        where survivor_id is not null and member_number in (select number from listed)
    )
    and id not in (select person from spared_exit where import_id = ?)
    order by member_number
"""


def missing(import_id: int, day: date) -> Iterator[Row]:
    """Yield an exit on ``day`` for each member who isn't in the list; none where a row's number can't be read."""
    if without_number(import_id):
        return
    today = day.isoformat()
    for id_, revision, number in database.execute_sql(_MISSING, (import_id, today, import_id)).fetchall():
        given = {"member_number": number, "left_on": today, "exit_reason": "other"}
        changes = {"left_on": [None, today], "exit_reason": [None, "other"]}
        yield Row(NOT_IN_THE_LIST, EXIT, number, id_, revision, given=given, changes=changes)


def without_number(import_id: int) -> int:
    """Return how many rows don't say whom they are about."""
    of_nobody = (StagedRow.kind == BAD) & StagedRow.number.is_null() & (StagedRow.given == "")
    return int(StagedRow.select().where(StagedRow.import_id == import_id, of_nobody).count())


def count(import_id: int) -> int:
    """Return how many would leave because they aren't in the list."""
    leaving = (StagedRow.kind == EXIT) & (StagedRow.line == NOT_IN_THE_LIST)
    return int(StagedRow.select().where(StagedRow.import_id == import_id, leaving).count())


def names(rows: list[StagedRow]) -> dict[int, str]:
    """Return place -> name in the register, of those whom the list doesn't name."""
    people = {row.person: row.place for row in rows if row.line == NOT_IN_THE_LIST and row.person}
    found: Any = Person.select(Person.id, Person.last_name, Person.first_name).where(
        Person.id.in_(list(people))
    )
    return {people[id_]: ", ".join(filter(None, (last, first))) for id_, last, first in found.tuples()}
