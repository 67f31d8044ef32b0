"""Who is compared with whom: keys that two records of one person are likely to share, written with each person.

A typo spoils some keys, a move others, a marriage others again; two records meet if one is left. Keys begin with their kind, the rarest
kinds first, since a pair is compared in the first block it shares.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from itertools import product
from typing import Any, NamedTuple

from compartments.membership.duplicates.profiles import Name, Profile, Reader
from compartments.membership.tables import database

EMAIL, BIRTH, ADDRESS, SPELLING, SOUND = "1", "2", "3", "4", "5"
MOST_NAMES = 3
LONGEST = 120
_COLUMNS = "p.id, p.revision, p.last_name, p.first_name, p.email, p.street, p.postcode, p.city, p.birth_date"


class Row(NamedTuple):
    """What is compared of a person, as the register has it."""

    id: int
    revision: int
    last_name: str
    first_name: str
    email: str
    street: str
    postcode: str
    city: str
    birth_date: date | None


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


def profiles(ids: Iterable[int], reader: Reader | None = None) -> dict[int, Profile]:
    """Read what is compared of persons of the register, by id; who isn't there is left out."""
    read = (reader or Reader()).profile
    # As JSON: so many values of their own take longer than the search.
    rows = _rows("where p.id in (select value from json_each(?))", json.dumps(list(ids)))
    return {row.id: read(row, id_=row.id) for row in rows}


def write(people: Iterable[Any], reader: Reader | None = None) -> None:
    """Write the keys of persons (or rows of :func:`without_keys`) anew; call it in the transaction that writes them."""
    ids = work_out(people, reader)
    _spread("in (select value from json_each(?))", json.dumps(ids))


def work_out(people: Iterable[Any], reader: Reader | None = None) -> list[int]:
    """Write down which keys persons have, for :func:`spread` to put them where they are looked up; return the persons' ids."""
    read = (reader or Reader()).profile
    rows = [(one.id, one.revision, json.dumps(keys_of(read(one, id_=one.id)))) for one in people]
    ids = [row[0] for row in rows]
    database.execute_sql(
        "delete from blocked_person where person_id in (select value from json_each(?))", (json.dumps(ids),)
    )
    database.connection().executemany(
        "insert into blocked_person (person_id, revision, keys, waiting) values (?, ?, ?, true)", rows
    )
    return ids


def waiting(after: int, limit: int) -> tuple[int, int] | None:
    """Return the first and the last of the next persons whose keys wait to be spread, by id from ``after`` on; None where there are none."""
    statement = (
        "select min(person_id), max(person_id) from"
        " (select person_id from blocked_person where waiting and person_id > ? order by person_id limit ?)"
    )
    first, last = database.execute_sql(statement, (after, limit)).fetchone()
    return None if first is None else (first, last)


def spread(first: int, last: int) -> None:
    """Put the keys that wait, of the persons with these ids and those in between, where they are looked up."""
    _spread("between ? and ?", first, last)


def _spread(which: str, *parameters: object) -> None:
    # In order, so that each page of the file is written once.
    database.execute_sql(
        "insert into block_key (key, person) select value, person_id from blocked_person, json_each(keys)"
        f" where person_id {which} and waiting order by value, person_id",
        parameters,
    )
    database.execute_sql(
        f"update blocked_person set waiting = false where person_id {which} and waiting", parameters
    )


def without_keys(after: int, limit: int) -> list[Row]:
    """Return persons whose keys are missing or of an older revision, by id from ``after`` on."""
    return _rows(
        "left join blocked_person b on b.person_id = p.id"
        " where p.id > ? and (b.revision is null or b.revision != p.revision) order by p.id limit ?",
        after,
        limit,
    )


def _rows(condition: str, *parameters: object) -> list[Row]:
    # Not by way of the model, which reads each date letter by letter.
    found = database.execute_sql(f"select {_COLUMNS} from person p {condition}", parameters)
    return [Row._make((*row, date.fromisoformat(born) if born else None)) for *row, born in found.fetchall()]
