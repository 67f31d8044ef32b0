"""Encrypting a file anew is cut off in the middle: with the journal beside it, the old key still opens all of it."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.vault.errors import WrongVaultKey
from app.vault.opening import _database, connect
from app.vault.rekeying import encrypt_anew

ROOT = Path(__file__).resolve().parents[3]
OLD, NEW = bytes(range(1, 33)), bytes(range(2, 34))
ROWS, SIZE = 150, 100_000
HALF_WAY = ROWS * SIZE // 2
# The kernel kills the child at the first write past half of the file, into the journal or into the file itself.
CHILD = f"""
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, ({HALF_WAY}, {HALF_WAY}))
from app.vault.rekeying import encrypt_anew
encrypt_anew(Path(sys.argv[1]), bytes(range(1, 33)), bytes(range(2, 34)))
"""


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "big.db"
    with closing(_database(file, OLD)) as database:
        database.connect()
        database.execute_sql("pragma journal_mode = wal")
        database.execute_sql("create table content (number integer primary key, text blob)")
        with database.atomic():
            for _row in range(ROWS):
                database.execute_sql("insert into content (text) values (zeroblob(?))", (SIZE,))
    return file


def is_whole(file, keys):
    with closing(connect(file, keys)) as database:
        counted = database.execute_sql(
            "select count(*), sum(text = zeroblob(?)) from content", (SIZE,)
        ).fetchone()
        return counted == (ROWS, ROWS) and database.execute_sql("pragma integrity_check").fetchone() == (
            "ok",
        )


def kill_while_it_writes(file):
    """Encrypt anew in a process that is killed half-way; returns whether its journal was left behind."""
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(file)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        timeout=60,
    )
    assert child.returncode == -signal.SIGXFSZ
    return file.with_name(f"{file.name}-journal").exists()


def test_another_key_fits_afterwards_and_the_old_one_does_not(file):
    encrypt_anew(file, OLD, NEW)
    assert is_whole(file, [NEW])
    with pytest.raises(WrongVaultKey):
        connect(file, [OLD])


def test_doing_it_twice_is_doing_it_once(file):
    encrypt_anew(file, OLD, NEW)
    encrypt_anew(file, OLD, NEW)
    assert is_whole(file, [NEW])


def test_the_write_ahead_log_is_back_afterwards(file):
    encrypt_anew(file, OLD, NEW)
    with closing(connect(file, [NEW])) as database:
        assert database.execute_sql("pragma journal_mode").fetchone() == ("wal",)


@pytest.mark.slow
def test_killed_in_the_middle_it_opens_with_the_old_key_and_can_be_done_again(file):
    assert kill_while_it_writes(file), "nothing was left to be undone"
    assert is_whole(file, [OLD, NEW])
    encrypt_anew(file, OLD, NEW)
    assert is_whole(file, [NEW])
