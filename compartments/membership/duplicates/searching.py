"""The full run: everybody against everybody they share a block with. A job in small steps, which goes on where it stopped.

Each pair is compared in the first block it shares. A block that has grown long (a common name) is not compared crosswise: its persons are
put in order, by birth date and by address, and each is compared with the next few (Hernández and Stolfo, "The Merge/Purge Problem for
Large Databases", SIGMOD 1995). So the work grows with the number of persons, not with its square.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, groupby
from typing import Any

from peewee import Expression

from app.clock import utc_now
from app.faultpoints import reached
from app.vault.jobs import Progress, Steps, Task
from compartments.membership.duplicates import pairs
from compartments.membership.duplicates.blocking import keys_of, profiles, without_keys, write
from compartments.membership.duplicates.models import OPEN, BlockKey, Pair, Search
from compartments.membership.duplicates.profiles import Profile
from compartments.membership.duplicates.scoring import Score, compare, is_hopeless
from compartments.membership.listing import total
from compartments.membership.tables import database

PEOPLE_PER_STEP = 5000
ROWS_PER_STEP = 30_000
"""Some tenths of a second each. Smaller steps would decrypt the same pages of the file more often: neighbours in a block are none in it."""
LONG = 40
NEXT = 10

Found = tuple[int, int, Score]


def search(task: Task) -> Steps:
    """Compare the whole register. ``Progress`` counts persons twice: once for their keys, once for their blocks."""
    people = total()
    yield from _complete_keys(people)
    with database.atomic("IMMEDIATE"):
        Search.insert(job=task.id, started_at=utc_now()).on_conflict_ignore().execute()
        rows = int(BlockKey.select().count())
    long: set[str] = set()
    more = True
    while more:
        with database.atomic("IMMEDIATE"):
            state = Search.get_by_id(task.id)
            more = _step(state, task.id, long)
            reached("duplicates.before-commit")
        reached("duplicates.after-step")
        yield Progress(done=people + people * min(state.rows, rows) // max(1, rows), total=2 * people)
    _finish(task.id)


def _complete_keys(people: int) -> Steps:
    """Write the keys of whom another way than the register's own pages has brought in or changed."""
    after = 0
    while True:
        with database.atomic("IMMEDIATE"):
            batch = without_keys(after, PEOPLE_PER_STEP)
            write(batch)
        if not batch:
            return
        after = batch[-1].id
        yield Progress(done=min(after, people), total=2 * people)


def _step(state: Search, job: str, long: set[str]) -> bool:
    """Compare the next blocks, write down what was found and how far the run has come; return whether there are more."""
    rows = _rows(BlockKey.key > state.after, ROWS_PER_STEP)
    blocks = {key: [row[1] for row in some] for key, some in groupby(rows, key=lambda row: row[0])}
    more = len(rows) == ROWS_PER_STEP
    if more and len(blocks) > 1:
        # The last one may go on beyond this stretch.
        blocks.popitem()
    elif more:
        (only,) = blocks
        blocks = {only: [person for _, person in _rows(BlockKey.key == only)]}
    shared = {key: ids for key, ids in blocks.items() if len(ids) > 1}
    known = profiles({id_ for ids in shared.values() for id_ in ids})
    found = list(_found(shared, known, long, state))
    pairs.note(found, now=utc_now(), job=job)
    state.rows += sum(len(ids) for ids in blocks.values())
    state.after = max(blocks, default=state.after)
    state.save()
    return more


def _rows(condition: Expression, limit: int | None = None) -> list[tuple[str, int]]:
    query: Any = BlockKey.select(BlockKey.key, BlockKey.person).where(condition)
    return list(query.order_by(BlockKey.key, BlockKey.person).limit(limit).tuples())


def _found(
    blocks: Mapping[str, list[int]], known: Mapping[int, Profile], long: set[str], state: Search
) -> Iterator[Found]:
    keys = {id_: frozenset(keys_of(one)) for id_, one in known.items()}
    for key, ids in blocks.items():
        present = [known[id_] for id_ in ids if id_ in known]
        is_long = len(present) > LONG
        if is_long:
            long.add(key)
        for one, other in _neighbours(present) if is_long else combinations(present, 2):
            if is_hopeless(one, other):
                continue
            mine, theirs = keys[_id(one)], keys[_id(other)]
            if not is_long and any(earlier < key for earlier in (mine & theirs) - long):
                continue
            state.compared += 1
            score = compare(one, other)
            if score.enough:
                yield _id(one), _id(other), score


def _neighbours(block: Sequence[Profile]) -> Iterator[tuple[Profile, Profile]]:
    """The pairs of a long block that lie close to each other in one of two orders."""
    orders: tuple[Callable[[Profile], tuple[str, ...]], ...] = (
        lambda one: (str(one.born or ""), one.email),
        lambda one: (one.postcode, one.street, str(one.born or "")),
    )
    for order in orders:
        row = sorted(block, key=order)
        for place, one in enumerate(row):
            for other in row[place + 1 : place + 1 + NEXT]:
                yield one, other


def _id(one: Profile) -> int:
    if one.id is None:
        raise LookupError("only persons of the register are in a block")
    return one.id


def _finish(job: str) -> None:
    """Take off the list what this run hasn't found again: somebody has corrected a record meanwhile."""
    with database.atomic("IMMEDIATE"):
        state = Search.get_by_id(job)
        Pair.delete().where(
            Pair.state == OPEN, Pair.seen_by != job, Pair.found_at < state.started_at
        ).execute()
        state.finished_at = utc_now()
        state.save()
