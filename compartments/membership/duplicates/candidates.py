"""Who in the register may be the same person as somebody: looked up in a few blocks, while a form is being filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compartments.membership.duplicates import pairs
from compartments.membership.duplicates.blocking import keys_of, profiles
from compartments.membership.duplicates.models import BlockKey
from compartments.membership.duplicates.profiles import Comparable, profile
from compartments.membership.duplicates.scoring import Score, compare
from compartments.membership.tables import Person

PER_BLOCK = 100
"""So many of one block are looked at; who is further down in a long one shares a rarer key, or too little."""
SHOWN = 5


@dataclass(frozen=True)
class Candidate:
    """Somebody in the register, and what speaks for it."""

    person: Person
    score: Score


def candidates(record: Comparable, *, but: int | None = None, limit: int = SHOWN) -> list[Candidate]:
    """Return who may be the same person as ``record``, the likeliest first.

    ``but`` is the person's own id, where they are in the register: then pairs that an officer has ruled out are left out, too.
    """
    one = profile(record, id_=but)
    known = profiles(_in_blocks(keys_of(one), but))
    scores = {id_: score for id_, other in known.items() if (score := compare(one, other)).enough}
    best = sorted(scores, key=lambda id_: (-scores[id_].points, id_))[:limit]
    people = {person.id: person for person in Person.select().where(Person.id.in_(best))}
    return [Candidate(people[id_], scores[id_]) for id_ in best]


def remember(person: Person, *, now: datetime) -> int:
    """Put who may be the same as ``person`` on the list of open pairs, and return how many. In the transaction that writes the person."""
    found = candidates(person, but=person.id)
    pairs.note(((person.id, one.person.id, one.score) for one in found), now=now)
    return len(found)


def _in_blocks(keys: Iterable[str], but: int | None) -> set[int]:
    found: set[int] = set()
    for key in keys:
        rows: Any = BlockKey.select(BlockKey.person).where(BlockKey.key == key).limit(PER_BLOCK).tuples()
        found.update(row[0] for row in rows)
    ruled_out = pairs.ruled_out(but) | {but} if but is not None else set()
    return found - ruled_out
