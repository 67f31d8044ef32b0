"""Who is compared with whom: keys that two records of one person are likely to share, written with each person.

A typo spoils some keys, a move others, a marriage others again; two records meet if one is left. Keys begin with their kind, the rarest
kinds first, since a pair is compared in the first block it shares.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from peewee import chunked

from compartments.membership.duplicates.models import BlockedPerson
from compartments.membership.duplicates.profiles import Name, Profile, profile
from compartments.membership.tables import Person, database

EMAIL, BIRTH, ADDRESS, SPELLING, SOUND = "1", "2", "3", "4", "5"
MOST_NAMES = 3
LONGEST = 120
_COMPARED = (
    Person.id,
    Person.revision,
    Person.last_name,
    Person.first_name,
    Person.birth_date,
    Person.email,
    Person.street,
    Person.postcode,
    Person.city,
)


def keys_of(one: Profile) -> list[str]:
    """Return the keys of one person, some five to fifteen."""
    last, first = one.last[:MOST_NAMES], one.first[:MOST_NAMES]
    keys = []
    if one.email:
        keys.append(f"{EMAIL}{one.email}")
    if one.born:
        # Day and month in order of size: swapped, they make the same key.
        low, high = sorted((one.born.day, one.born.month))
        keys += [f"{BIRTH}{one.born.year}{low:02}{high:02}{_sound(name)}" for name in (*last, *first)]
    if one.street and (one.postcode or one.city):
        keys.append(f"{ADDRESS}{one.postcode or one.city}{one.street}")
    for mine, given in product(last, first[:2]):
        # In order: last and first names swapped make the same key.
        keys.append(SPELLING + "-".join(sorted((mine.word[:4], given.word[:4]))))
        keys.append(SOUND + "-".join(sorted((_sound(mine), _sound(given)))))
    if not first:
        keys += [f"{SPELLING}{name.word}" for name in last]
    return sorted({key[:LONGEST] for key in keys})


def _sound(name: Name) -> str:
    return name.sound or name.word


def profiles(ids: Iterable[int]) -> dict[int, Profile]:
    """Read what is compared of persons of the register, by id; who isn't there is left out."""
    found: dict[int, Profile] = {}
    for some in chunked(ids, 500):
        rows = Person.select(*_COMPARED).where(Person.id.in_(some)).namedtuples()
        found.update((row.id, profile(row, id_=row.id)) for row in rows)
    return found


def write(people: Iterable[Any]) -> None:
    """Write the keys of persons (or rows of :func:`without_keys`) anew; call it in the transaction that writes them."""
    everyone = [(person, keys_of(profile(person, id_=person.id))) for person in people]
    for some in chunked([person.id for person, _ in everyone], 500):
        BlockedPerson.delete().where(BlockedPerson.person.in_(some)).execute()
    _insert(
        "insert into blocked_person (person_id, revision, keys) values (?, ?, ?)",
        [(person.id, person.revision, json.dumps(keys)) for person, keys in everyone],
    )
    # In order, so that each page of the file is written once.
    _insert(
        "insert into block_key (key, person) values (?, ?)",
        sorted((key, person.id) for person, keys in everyone for key in keys),
    )


def _insert(statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert many rows; written as SQL, since the keys of a whole register are a million rows."""
    head, values = statement.rsplit(" values ", 1)
    for some in chunked(rows, 500):
        several = ", ".join([values] * len(some))
        database.execute_sql(f"{head} values {several}", [value for row in some for value in row])


def without_keys(after: int, limit: int) -> list[Any]:
    """Return persons whose keys are missing or of an older revision, by id from ``after`` on."""
    return list(
        Person.select(*_COMPARED)
        .left_outer_join(BlockedPerson)
        .where(
            Person.id > after,
            BlockedPerson.revision.is_null() | (BlockedPerson.revision != Person.revision),
        )
        .order_by(Person.id)
        .limit(limit)
        .namedtuples()
    )
