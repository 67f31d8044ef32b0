"""Pairs of persons who may be one: open until an officer merges them or says that they are two."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from peewee import EXCLUDED, chunked

from app.office.authors import Author
from app.paging import Page, page_of
from compartments.membership.duplicates.models import DISTINCT, OPEN, Pair
from compartments.membership.duplicates.scoring import Score
from compartments.membership.tables import database


class NoPair(LookupError):
    """There is no such pair (any more)."""


def note(found: Iterable[tuple[int, int, Score]], *, now: datetime, job: str = "") -> None:
    """Write pairs down, or their new score. Those ruled out stay as they are."""
    rows = [
        {
            "first": min(one, other),
            "second": max(one, other),
            "score": score.percent,
            "reasons": json.dumps(score.reasons),
            "seen_by": job,
            "found_at": now,
        }
        for one, other, score in found
    ]
    for some in chunked(rows, 100):
        Pair.insert_many(some).on_conflict(
            conflict_target=[Pair.first, Pair.second],
            update={
                Pair.score: EXCLUDED.score,
                Pair.reasons: EXCLUDED.reasons,
                Pair.seen_by: EXCLUDED.seen_by,
            },
            where=(Pair.state == OPEN),
        ).execute()


def forget(person_id: int) -> None:
    """Take a person's open pairs off the list, because the person has changed; those ruled out stay."""
    Pair.delete().where(Pair.state == OPEN, (Pair.first == person_id) | (Pair.second == person_id)).execute()


def ruled_out(person_id: int) -> set[int]:
    """Return who was found not to be the same as this person."""
    rows: Any = (
        Pair.select(Pair.first, Pair.second)
        .where(Pair.state == DISTINCT, (Pair.first == person_id) | (Pair.second == person_id))
        .tuples()
    )
    return {other for row in rows for other in row if other != person_id}


def partners(person_id: int) -> set[int]:
    """Return everybody with whom this person is a pair, open or ruled out."""
    rows: Any = (
        Pair.select(Pair.first, Pair.second)
        .where((Pair.first == person_id) | (Pair.second == person_id))
        .tuples()
    )
    return {other for row in rows for other in row if other != person_id}


def count(state: str = OPEN) -> int:
    """Return how many pairs there are."""
    return int(Pair.select().where(Pair.state == state).count())


def listed(state: str, *, page: int) -> Page[Pair]:
    """Return one page of pairs with their persons, the likeliest first."""
    of_state = Pair.select().where(Pair.state == state)
    return page_of(of_state.order_by(Pair.score.desc(), Pair.id), page)


def find(pair_id: int) -> Pair:
    """Return a pair; raises :class:`NoPair`."""
    found: Pair | None = Pair.get_or_none(Pair.id == min(pair_id, 2**63 - 1))
    if found is None:
        raise NoPair(pair_id)
    return found


def between(one: int, other: int) -> Pair:
    """Return the pair of two persons; raises :class:`NoPair`."""
    first, second = sorted((one, other))
    found: Pair | None = Pair.get_or_none(Pair.first == first, Pair.second == second)
    if found is None:
        raise NoPair((one, other))
    return found


def reasons_of(pair: Pair) -> list[str]:
    """Return the names of what was found."""
    reasons: list[str] = json.loads(pair.reasons)
    return reasons


def rule_out(pair_id: int, *, by: Author, now: datetime, remark: str = "") -> None:
    """Say that these are two persons. Raises :class:`NoPair`; a second click changes nothing."""
    with database.atomic("IMMEDIATE"):
        if find(pair_id).state == DISTINCT:
            return
        Pair.update(
            state=DISTINCT, decided_by=by.id, decided_by_name=by.name, decided_at=now, remark=remark
        ).where(Pair.id == pair_id, Pair.state == OPEN).execute()


def reopen(pair_id: int) -> None:
    """Take a pair off the exceptions, so that it can be looked at again. Raises :class:`NoPair`."""
    with database.atomic("IMMEDIATE"):
        find(pair_id)
        Pair.update(state=OPEN, decided_by=None, decided_by_name=None, decided_at=None).where(
            Pair.id == pair_id
        ).execute()
