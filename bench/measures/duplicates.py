"""The full run for duplicates: seconds for 100,000 members, and how it grows from 10,000; with what it finds, on labelled people."""

from __future__ import annotations

import gc
import shutil
import statistics
import time
from dataclasses import dataclass
from datetime import date
from functools import cache

from app.clock import utc_now
from app.instance import Instance
from app.office.authors import Author
from app.vault.jobs import Task
from app.vault.opening import create_vault, open_vault
from bench.ground import QUICK, Ground
from bench.labelled import labelled
from compartments.membership import persons
from compartments.membership.duplicates.models import BlockedPerson, BlockKey, Pair
from compartments.membership.duplicates.searching import search
from compartments.membership.models import SCHEMA, Person
from keys.grants import new_vault_key

FEW, MANY, SMALL_RUNS, ROUNDS = 10_000, 100_000, 3, 3
BY = Author("b" * 32, "Bench")


@dataclass(frozen=True)
class Register:
    """A vault with members who have no keys of duplicates yet, as after an import; and which numbers are one person."""

    instance: Instance
    key: bytes
    same: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Run:
    """One full run, keys and all: how long it took, how much of that the processor worked for it, and what it found."""

    seconds: float
    worked: float
    found: int
    precision: float
    recall: float


def take(ground: Ground) -> tuple[float, str]:
    """Seconds for many members."""
    count = MANY if ground.pace != QUICK else 1000
    run = _run(_register(ground, count))
    return run.seconds, (
        f"{count:,} members, {run.found:,} pairs found, precision {run.precision:.3f}, recall {run.recall:.3f}"
    )


def growth(ground: Ground) -> tuple[float, str]:
    """How many times as much work ten times the members are: processor time of this one process, in rounds that alternate."""
    few, many, rounds = (FEW, MANY, ROUNDS) if ground.pace != QUICK else (500, 5000, 1)
    small, large, ratios = [], [], []
    for _ in range(rounds):
        small.append(statistics.median(_run(_register(ground, few)).worked for _ in range(SMALL_RUNS)))
        large.append(_run(_register(ground, many)).worked)
        ratios.append(large[-1] / small[-1])
    return statistics.median(ratios), (
        f"{statistics.median(small):.2f} s to {statistics.median(large):.1f} s of processor time;"
        f" rounds {', '.join(f'{one:.1f}' for one in ratios)}"
    )


@cache
def _register(ground: Ground, count: int) -> Register:
    """Make the vault once; every run has a copy of it."""
    instance = Instance(ground.folder / f"duplicates-{count}")
    instance.create_folders()
    key, made = new_vault_key(), labelled(count)
    create_vault(instance, SCHEMA.kind, key, SCHEMA)
    with open_vault(instance, SCHEMA.kind, [key], SCHEMA):
        persons.add_many(made.people, by=BY, now=utc_now())
        BlockKey.delete().execute()
        BlockedPerson.delete().execute()
    return Register(instance, key, made.same)


def _run(register: Register) -> Run:
    copy = Instance(register.instance.path.with_name(f"copy-{time.monotonic_ns()}"))
    shutil.copytree(register.instance.path, copy.path)
    gc.collect()
    with open_vault(copy, SCHEMA.kind, [register.key], SCHEMA):
        began, before = time.perf_counter(), time.process_time()
        for _progress in search(Task("d" * 32, "duplicates-search", "", {}, BY.id, BY.name, date.today())):  # noqa: DTZ011
            pass
        seconds, worked = time.perf_counter() - began, time.process_time() - before
        numbers = dict(Person.select(Person.id, Person.member_number).tuples())
        pairs = Pair.select(Pair.first, Pair.second).tuples()
        found = {tuple(sorted((numbers[one], numbers[other]))) for one, other in pairs}
    shutil.rmtree(copy.path)
    right = len(found & register.same)
    return Run(seconds, worked, len(found), right / len(found), right / len(register.same))
