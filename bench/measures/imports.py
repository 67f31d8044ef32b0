"""An import, read, staged and committed: how many times longer than Python's csv reading and a bare executemany into the same table.

The baseline writes the same columns into the same table of a vault of its own, indices and all, and nothing else: no search words, no
history, no preview, no dates looked at.
"""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from datetime import date

from app.clock import today, utc_now
from app.instance import Instance
from app.office.authors import Author
from app.vault.jobs import Task
from app.vault.opening import create_vault, open_vault
from bench.ground import QUICK, Ground
from bench.labelled import labelled
from bench.results import ratio
from compartments.membership.duplicates import keying
from compartments.membership.imports import committing, staging
from compartments.membership.imports.mapping import guess
from compartments.membership.models import SCHEMA, Person, database
from keys.grants import new_vault_key

MANY = 100_000
BY = Author("b" * 32, "Bench")
COLUMNS = {
    "member_number": "USER_Mitgliedsnummer",
    "last_name": "Name1",
    "first_name": "Name2",
    "birth_date": "Geburtsdatum",
    "street": "LieferStrasse",
    "postcode": "LieferPLZ",
    "city": "LieferOrt",
    "email": "EMail",
    "entered_on": "USER_Eintrittsdatum",
}


def take(ground: Ground) -> tuple[float, str]:
    """The ratio, the median of five rounds, with the seconds of each part and what the keys for duplicates take afterwards."""
    count, rounds = (MANY, 5) if ground.pace != QUICK else (5_000, 1)
    content = _list(count)
    bare, whole = [], []
    parts: dict[str, float] = {}
    for _ in range(rounds):
        bare.append(_in_a_vault(ground, lambda: _bare(content)))
        whole.append(_in_a_vault(ground, lambda: _imported(content, count, parts)))
    return ratio(whole, bare), (
        f"{count:,} rows: staged {parts['staged']:.1f} s, committed {parts['committed']:.1f} s to {bare[-1]:.1f} s bare;"
        f" keys of duplicates afterwards {parts['keys']:.1f} s"
    )


def _list(count: int) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow(COLUMNS.values())
    for one in labelled(count).people:
        row = []
        for name in COLUMNS:
            value = getattr(one, name)
            row.append(value.strftime("%d.%m.%Y") if isinstance(value, date) else value)
        writer.writerow(row)
    return file.getvalue().encode("cp1252", errors="replace")


def _in_a_vault(ground: Ground, work: Callable[[], float]) -> float:
    instance = Instance(ground.folder / f"imports-{time.monotonic_ns()}")
    instance.create_folders()
    key = new_vault_key()
    create_vault(instance, SCHEMA.kind, key, SCHEMA)
    with open_vault(instance, SCHEMA.kind, [key], SCHEMA):
        return work()


def _bare(content: bytes) -> float:
    began = time.perf_counter()
    rows = csv.reader(io.StringIO(content.decode("cp1252"), newline=""), delimiter=";")
    next(rows)
    names = ", ".join(COLUMNS)
    marks = ", ".join("?" * len(COLUMNS))
    rest = (
        "entry_id, revision, name_key, country, phone, citizenship, may_vote, voting_by, dues_every,"
        " reduction_reason, notes, paid_until, credit_cents, reminders, language"
    )
    with database.atomic("IMMEDIATE"):
        database.connection().executemany(
            f"insert into person ({names}, {rest}) values ({marks}, hex(randomblob(16)), 1, ?, 'DE', '', '', 0, '', 12,"
            " '', '', '2026-11-30', 0, 0, '')",
            ((*row, row[1].lower()) for row in rows),
        )
    return time.perf_counter() - began


def _imported(content: bytes, count: int, parts: dict[str, float]) -> float:
    began = time.perf_counter()
    one = staging.upload("e" * 32, "members.csv", content, by=BY, now=utc_now())
    staging.begin(one.id, guess(list(COLUMNS.values())))
    for _progress in staging.stage(Task("d" * 32, staging.JOB, str(one.id), {}, BY.id, BY.name, today())):
        pass
    staged = time.perf_counter()
    committing.commit(one.id, version=1, by=BY, now=utc_now(), day=today())
    committed = time.perf_counter()
    if Person.select().count() + staging.counts(one.id)["bad"] != count:
        raise OSError("rows were lost")
    for _last in keying.complete():
        pass
    parts.update(staged=staged - began, committed=committed - staged, keys=time.perf_counter() - committed)
    return committed - began
