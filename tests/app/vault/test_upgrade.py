"""A vault of an older schema is brought up at its first unlock: in one transaction, after a copy, whatever kills it."""

import os
import signal
import subprocess
import sys

import pytest

from app.vault.errors import NewerVault
from app.vault.opening import connect
from app.vault.schema import Schema, version_of
from tests.app.vault.place import SCHEMA, Cargo


def add_weight(database):
    database.execute_sql("alter table cargo add column weight integer not null default 7")


def name_the_ship(database):
    database.execute_sql("create table ship (name text)")
    database.execute_sql("insert into ship values ('Gunilda')")


def fail(database):
    database.execute_sql("create table never (name text)")
    raise RuntimeError("this step doesn't work")


NEXT = Schema("desk", models=(Cargo,), steps=(add_weight, name_the_ship))


def copies(place):
    folder = place.file.parent / "before-upgrade"
    return sorted(folder.iterdir()) if folder.exists() else []


def test_the_first_unlock_runs_every_missing_step(place, cargo):
    with place.open(schema=NEXT) as vault:
        assert version_of(vault.database) == NEXT.version
        assert vault.database.execute_sql("select name, weight from cargo").fetchall() == [("Anker", 7)]
        assert vault.database.execute_sql("select name from ship").fetchone() == ("Gunilda",)


def test_the_file_is_copied_before_still_encrypted_and_of_the_old_version(place):
    with place.open(schema=NEXT):
        pass
    (copy,) = copies(place)
    assert copy.stat().st_mode & 0o077 == 0
    database = connect(copy, [place.key])
    assert version_of(database) == SCHEMA.version
    assert database.execute_sql("select name from cargo").fetchall() == [("Anker",)]
    database.close()


def test_an_upgrade_runs_once(place):
    for _ in range(3):
        with place.open(schema=NEXT):
            pass
    assert len(copies(place)) == 1


def test_a_failing_step_leaves_the_vault_as_it_was_and_one_copy(place, cargo):
    failing = Schema("desk", models=(Cargo,), steps=(add_weight, fail))
    for _ in range(3):
        with pytest.raises(RuntimeError), place.open(schema=failing):
            pass
    assert len(copies(place)) == 1
    with place.open() as vault:
        assert version_of(vault.database) == SCHEMA.version
        assert [row.name for row in cargo.select()] == ["Anker"]


def test_a_newer_vault_is_refused_and_left_alone(place):
    with place.open(schema=NEXT):
        pass
    before = place.file.read_bytes()
    with pytest.raises(NewerVault), place.open():
        pass
    assert place.file.read_bytes() == before


def test_a_vault_that_is_ahead_in_its_own_steps_and_behind_in_the_common_ones_is_newer(place, monkeypatch):
    with place.open(schema=NEXT):
        pass
    monkeypatch.setattr("app.vault.schema.COMMON_STEPS", (add_weight,))
    assert SCHEMA.version > NEXT.version - 1000
    with pytest.raises(NewerVault), place.open():
        pass


@pytest.mark.slow
@pytest.mark.parametrize("point", ["upgrade.before-steps", "upgrade.inside-step", "upgrade.after-steps"])
def test_a_crash_at_any_step_leaves_the_vault_readable_and_the_next_opening_finishes(place, point):
    died = subprocess.run(
        [sys.executable, "-m", "tests.app.vault.upgrader", str(place.instance.path)],
        env={**os.environ, "SCHOTTEN_FAULT_POINT": point, "VAULT_KEY": place.key.hex()},
        check=False,
    )
    assert died.returncode == -signal.SIGKILL
    with place.open(schema=NEXT) as vault:
        assert version_of(vault.database) == NEXT.version
        assert vault.database.execute_sql("select name, weight from cargo").fetchall() == [("Anker", 7)]
        assert vault.database.execute_sql("pragma integrity_check").fetchone() == ("ok",)
    assert not place.file.with_name("desk.db-wal").exists()
