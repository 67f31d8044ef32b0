"""The full run for duplicates: seconds for 100,000 members, and how it grows from 10,000; with what it finds, on labelled people."""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass
from datetime import date

from app.clock import utc_now
from app.instance import Instance
from app.office.authors import Author
from app.vault.jobs import Task
from app.vault.opening import create_vault, open_vault
from bench.ground import QUICK, Ground
from bench.labelled import labelled
from compartments.membership import persons
from compartments.membership.details import Details
from compartments.membership.duplicates.models import BlockedPerson, BlockKey, Pair
from compartments.membership.duplicates.searching import search
from compartments.membership.models import SCHEMA, Person
from keys.grants import new_vault_key

FEW, MANY = 10_000, 100_000
BY = Author("b" * 32, "Bench")


@dataclass(frozen=True)
class Run:
    """One full run, keys and all: how long it took and what it found."""

    seconds: float
    people: int
    found: int
    precision: float
    recall: float


def take(ground: Ground) -> tuple[float, str]:
    """Seconds for many members."""
    run = _run(ground, MANY if ground.pace != QUICK else 1000)
    return run.seconds, (
        f"{run.people:,} members, {run.found:,} pairs found,"
        f" precision {run.precision:.3f}, recall {run.recall:.3f}"
    )


def growth(ground: Ground) -> tuple[float, str]:
    """How many times longer ten times the members take. The few take less than a second, so they are the median of five runs."""
    few, many, rounds = (FEW, MANY, 5) if ground.pace != QUICK else (500, 5000, 1)
    large = _run(ground, many).seconds
    small = statistics.median(_measured(ground, few).seconds for _ in range(rounds))
    return large / small, f"{small:.2f} s to {large:.1f} s"


def _people(count: int) -> tuple[list[Details], frozenset[tuple[int, int]]]:
    made = labelled(count)
    return made.people, made.same


_taken: dict[tuple[object, int], Run] = {}


def _run(ground: Ground, count: int) -> Run:
    """Take a run once, for both measures."""
    if (ground.folder, count) not in _taken:
        _taken[ground.folder, count] = _measured(ground, count)
    return _taken[ground.folder, count]


def _measured(ground: Ground, count: int) -> Run:
    instance = Instance(ground.folder / f"duplicates-{count}-{time.monotonic_ns()}")
    instance.create_folders()
    key = new_vault_key()
    create_vault(instance, SCHEMA.kind, key, SCHEMA)
    people, same = _people(count)
    with open_vault(instance, SCHEMA.kind, [key], SCHEMA):
        persons.add_many(people, by=BY, now=utc_now())
        del people
        gc.collect()
        # As after an import: the run writes the keys, too.
        BlockKey.delete().execute()
        BlockedPerson.delete().execute()
        began = time.perf_counter()
        for _progress in search(Task("d" * 32, "duplicates-search", "", {}, BY.id, BY.name, date.today())):  # noqa: DTZ011
            pass
        seconds = time.perf_counter() - began
        numbers = dict(Person.select(Person.id, Person.member_number).tuples())
        pairs = Pair.select(Pair.first, Pair.second).tuples()
        found = {tuple(sorted((numbers[one], numbers[other]))) for one, other in pairs}
    right = len(found & same)
    return Run(seconds, count, len(found), right / len(found), right / len(same))
