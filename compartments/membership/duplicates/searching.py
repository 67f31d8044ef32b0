"""The full run: everybody against everybody they share a block with. A job in small steps, which goes on where it stopped.

Each pair is weighed in the first block it shares. A block that has grown long (a common name) is not compared crosswise: its persons are
put in order, by birth date and by address, and each is compared with the next few (Hernández and Stolfo, "The Merge/Purge Problem for
Large Databases", SIGMOD 1995). So the work grows with the number of persons, not with its square.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, groupby
from operator import itemgetter

from peewee import fn

from app.clock import utc_now
from app.faultpoints import reached
from app.vault.jobs import Progress, Steps, Task
from compartments.membership.duplicates import keying, pairs
from compartments.membership.duplicates.blocking import (
    SOUND,
    SPELLING,
    profiles,
)
from compartments.membership.duplicates.models import OPEN, BlockKey, Pair, Search
from compartments.membership.duplicates.profiles import Profile, Reader
from compartments.membership.duplicates.scoring import Score, compare, is_hopeless
from compartments.membership.listing import total
from compartments.membership.room import take_room, without_collector
from compartments.membership.tables import Person, database

ROWS_PER_STEP = 30_000
"""Some tenths of a second each. Smaller steps would decrypt the same pages of the file more often: neighbours in a block are none in it."""
LONG = 40
NEXT = 10
BY_NAME = (SPELLING, SOUND)
REMEMBERED = 1_000_000
"""So many pairs that were weighed are remembered, some 150 MB; to weigh one again costs no more than a little time."""

Found = tuple[int, int, Score]


class _Run:
    """What one stretch of a run knows besides what it has written down: names it has folded, pairs it has weighed, and birth dates."""

    def __init__(self) -> None:
        self.reader = Reader()
        self._weighed: set[tuple[int, int]] = set()
        self._born = array("L")

    def new(self, met: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the pairs, smaller id first, that were not weighed in an earlier block; from now on they are."""
        if len(self._weighed) > REMEMBERED:
            self._weighed.clear()
        found = [pair for pair in dict.fromkeys(met) if pair not in self._weighed]
        self._weighed.update(found)
        return found

    def born(self, ids: Iterable[int]) -> array[int]:
        """Return every person's birth date, by id, as a number like 19800312; 0 where there is none."""
        if max(ids, default=0) >= len(self._born):
            self._born = _birth_dates()
        return self._born


def search(task: Task) -> Steps:
    """Compare the whole register. ``Progress`` counts persons twice: once for their keys, once for their blocks."""
    people = total()
    for done in keying.complete():
        yield Progress(done=min(done, people), total=2 * people)
    with database.atomic("IMMEDIATE"):
        Search.insert(job=task.id, started_at=utc_now()).on_conflict_ignore().execute()
        rows = int(BlockKey.select().count())
    run = _Run()
    more = True
    while more:
        take_room()
        with without_collector(), database.atomic("IMMEDIATE"):
            state = Search.get_by_id(task.id)
            more = _step(state, task.id, run)
            reached("duplicates.before-commit")
        reached("duplicates.after-step")
        yield Progress(done=people + people * min(state.rows, rows) // max(1, rows), total=2 * people)
    _finish(task.id)


def _step(state: Search, job: str, run: _Run) -> bool:
    """Compare the next blocks, write down what was found and how far the run has come; return whether there are more."""
    rows = _rows("key > ?", state.after, limit=ROWS_PER_STEP)
    blocks = {key: [row[1] for row in some] for key, some in groupby(rows, key=itemgetter(0))}
    more = len(rows) == ROWS_PER_STEP
    if more and len(blocks) > 1:
        # The last one may go on beyond this stretch.
        blocks.popitem()
    elif more:
        (only,) = blocks
        blocks = {only: [person for _, person in _rows("key = ?", only)]}
    found = list(_found({key: ids for key, ids in blocks.items() if len(ids) > 1}, run, state))
    pairs.note(found, now=utc_now(), job=job)
    state.rows += sum(map(len, blocks.values()))
    state.after = max(blocks, default=state.after)
    state.save()
    return more


def _rows(condition: str, value: str, limit: int = -1) -> list[tuple[str, int]]:
    query = f"select key, person from block_key where {condition} order by key, person limit ?"
    return list(database.execute_sql(query, (value, limit)).fetchall())


def _birth_dates() -> array[int]:
    rows = database.execute_sql(
        "select id, cast(replace(birth_date, '-', '') as integer) from person where birth_date is not null"
    ).fetchall()
    found = array("L", bytes(array("L").itemsize * (1 + int(Person.select(fn.MAX(Person.id)).scalar() or 0))))
    for id_, born in rows:
        found[id_] = born
    return found


def _found(blocks: Mapping[str, list[int]], run: _Run, state: Search) -> Iterator[Found]:
    born = run.born(max(ids) for ids in blocks.values())
    long = [ids for ids in blocks.values() if len(ids) > LONG]
    wanted = run.new(
        pair for key, ids in blocks.items() if len(ids) <= LONG for pair in _possible(key, ids, born)
    )
    known = profiles({id_ for pair in wanted for id_ in pair}.union(*long), run.reader)
    for ids in long:
        wanted += run.new(_neighbours([known[id_] for id_ in ids if id_ in known]))
    for first, second in wanted:
        one, other = known.get(first), known.get(second)
        if one is None or other is None or is_hopeless(one, other):
            continue
        state.compared += 1
        score = compare(one, other)
        if score.enough:
            yield first, second, score


def _possible(key: str, ids: Sequence[int], born: array[int]) -> Iterable[tuple[int, int]]:
    """The pairs of a short block that :func:`is_hopeless` won't rule out, found without reading who they are.

    Who shares an address for mail or a street has met in a block of those, which come first: what is left to ask is the date.
    """
    if key[0] not in BY_NAME:
        return list(combinations(ids, 2))
    found = []
    for (one, mine), (other, theirs) in combinations([(id_, born[id_]) for id_ in ids], 2):
        if not mine or not theirs or mine // 10_000 == theirs // 10_000 or mine % 10_000 == theirs % 10_000:
            found.append((one, other))
    return found


def _neighbours(block: Sequence[Profile]) -> Iterator[tuple[int, int]]:
    """The pairs of a long block that lie close to each other in one of two orders."""
    orders: tuple[Callable[[Profile], tuple[str, ...]], ...] = (
        lambda one: (str(one.born or ""), one.email),
        lambda one: (one.postcode, one.street, str(one.born or "")),
    )
    for order in orders:
        row = [one.id or 0 for one in sorted(block, key=order)]
        for place, one in enumerate(row):
            for other in row[place + 1 : place + 1 + NEXT]:
                yield min(one, other), max(one, other)


def _finish(job: str) -> None:
    """Take off the list what this run hasn't found again: somebody has corrected a record meanwhile."""
    with database.atomic("IMMEDIATE"):
        state = Search.get_by_id(job)
        Pair.delete().where(
            Pair.state == OPEN, Pair.seen_by != job, Pair.found_at < state.started_at
        ).execute()
        state.finished_at = utc_now()
        state.save()
