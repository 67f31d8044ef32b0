"""Searching while a name is being typed: the pages of a register of 1,000,000 members against those of 10,000, the same program and the same names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from app.instance import Instance
from app.shared import sessions
from app.vault.context import OpenVault
from app.vault.opening import open_vault
from bench.ground import Ground
from bench.load import Load
from compartments.membership.folding import name_key, words_of
from compartments.membership.models import SCHEMA
from compartments.membership.sounds import sound_words
from keys.randomness import new_id

CLIENT = "bench.clients:readers"
COMPARTMENT = "membership"
FEW, MANY = 10_000, 1_000_000
TYPED = ("m", "mü", "mül", "müll", "mülle", "müller", "müller a", "müller an", "meier", "schm anna", "10500")
PATHS = tuple(f"/membership/?q={quote(typed)}" for typed in TYPED)
SEED = 11


def take(ground: Ground) -> tuple[float, str]:
    """How many times longer the pages take with a hundred times the members."""
    loads = []
    few, many = (ground.copy(f"search-{members}") for members in (FEW, MANY))
    cookies = [_filled(ground, folder, members) for folder, members in ((few, FEW), (many, MANY))]
    with ground.schotten(few) as small, ground.schotten(many) as large:
        for server, cookie in zip((small, large), cookies, strict=True):
            load = {"paths": PATHS, "contains": "<table", "cookies": cookie}
            loads.append(Load(server.port, CLIENT, load))
        # Turned around: so many times fewer pages per second are so many times longer ones.
        return ground.against(loads[1], loads[0])


def _filled(ground: Ground, instance: Path, members: int) -> dict[str, str]:
    """Add invented members up to ``members``, and begin a session of the office."""
    with ground.officer(instance, COMPARTMENT) as (account, keys):
        session = sessions.OfficerSession("", account, sessions.FULL, True, keys)
        with open_vault(Instance(instance), COMPARTMENT, session.vault_keys(COMPARTMENT), SCHEMA) as vault:
            _fill(vault, members)
        return {f"__Host-schotten-{COMPARTMENT}": sessions.begin(account, keys)}


def _fill(vault: OpenVault, members: int) -> None:
    """As the program would write them, but in few statements: a million one by one would take the afternoon."""
    run = vault.database.execute_sql
    lasts, firsts = (
        [row[0] for row in run(f"select distinct {name} from person")] for name in ("last_name", "first_name")
    )
    (last_id,) = run("select max(id) from person").fetchone()
    (number,) = run(
        "select max(member_number) from (select member_number from person union select member_number from merged_person)"
    ).fetchone()
    found = run("select * from person where id = ?", (last_id,))
    columns, template = [column[0] for column in found.description][1:], found.fetchone()[1:]
    marks = ", ".join("?" * len(columns))
    rows = _rows(template, columns, lasts, firsts, number)
    # In memory until the end: pages that are written early are encrypted many times.
    vault.database.connection().executescript("pragma synchronous = off; pragma cache_size = -1500000")
    with vault.database.atomic():
        wanted = members - run("select count(*) from person").fetchone()[0]
        vault.database.connection().executemany(
            f"insert into person ({', '.join(columns)}) values ({marks})", (next(rows) for _ in range(wanted))
        )
        _write_words(run, {*lasts, *firsts}, last_id)
    run("pragma wal_checkpoint(truncate)")


def _rows(
    template: Sequence[Any], columns: list[str], lasts: list[str], firsts: list[str], number: int
) -> Iterator[list[Any]]:
    chance = Random(SEED)
    place = {column: columns.index(column) for column in columns}
    while True:
        number += 1
        row = list(template)
        last, first = chance.choice(lasts), chance.choice(firsts)
        row[place["entry_id"]], row[place["member_number"]] = new_id(), number
        row[place["last_name"]], row[place["first_name"]] = last, first
        row[place["name_key"]] = name_key(last, first)
        row[place["email"]] = f"mitglied{number}@example.org"
        yield row


def _write_words(run: Any, names: set[str], after: int) -> None:
    run("create temp table spelling (name text, word text, primary key (name, word)) without rowid")
    for name in names:
        for word in {*words_of(name), *sound_words(name)}:
            run("insert into spelling (name, word) values (?, ?)", (name, word))
    spelled = "select s.word, p.name_key, p.id from person p join spelling s on s.name = p.{} where p.id > ?"
    other = "select {}, name_key, id from person p where p.id > ?"
    for query in (
        spelled.format("last_name"),
        spelled.format("first_name"),
        other.format("cast(member_number as text)"),
        other.format("'@' || email"),
    ):
        run(
            f"insert or ignore into search_word (word, name_key, person_id) {query} order by 1, 2, 3",
            (after,),
        )
