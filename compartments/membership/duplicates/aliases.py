"""Numbers of records that were merged into others: each leads to who it was, and is never given again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peewee import chunked, fn

from compartments.membership.duplicates.models import MergedPerson


def is_alias(number: int) -> bool:
    """Whether a number was that of a merged record."""
    return bool(MergedPerson.select().where(MergedPerson.member_number == number).exists())


def highest() -> int:
    """Return the highest such number, 0 where there is none."""
    return int(MergedPerson.select(fn.MAX(MergedPerson.member_number)).scalar() or 0)


def resolve(numbers: Iterable[int]) -> dict[int, int]:
    """Return, for the numbers that were merged, the id of the person who has taken their place."""
    found: dict[int, int] = {}
    for some in chunked(numbers, 500):
        rows: Any = MergedPerson.select(MergedPerson.member_number, MergedPerson.survivor).where(
            MergedPerson.member_number.in_(some), MergedPerson.survivor.is_null(False)
        )
        found.update(rows.tuples())
    return found


def of(person_id: int) -> list[MergedPerson]:
    """Return what was merged into a person, newest first."""
    return list(
        MergedPerson.select()
        .where(MergedPerson.survivor == person_id)
        .order_by(MergedPerson.merged_at.desc(), MergedPerson.id.desc())
    )


def words(person_id: int) -> set[str]:
    """Return the numbers that a search finds a person by, besides their own."""
    rows: Any = (
        MergedPerson.select(MergedPerson.member_number).where(MergedPerson.survivor == person_id).tuples()
    )
    return {str(row[0]) for row in rows}
