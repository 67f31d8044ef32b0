"""The file lock: openings share a vault, a backup has it alone, and neither starves the other."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from app.vault import locks

PATIENCE = 60
HOLD = """
import sys, time
from pathlib import Path
from app.vault import locks
with locks.alone(Path(sys.argv[1])):
    print("in", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "desk.db"


class Visitor(threading.Thread):
    """Takes a lock in a thread of its own and keeps it until told."""

    def __init__(self, lock, file):
        super().__init__(daemon=True)
        self.lock, self.file = lock, file
        self.inside, self.leave = threading.Event(), threading.Event()
        self.start()

    def run(self):
        with self.lock(self.file):
            self.inside.set()
            self.leave.wait(PATIENCE)

    def end(self):
        self.leave.set()
        self.join(PATIENCE)


def test_many_have_a_vault_open_at_once(file):
    visitors = [Visitor(locks.shared, file) for _ in range(5)]
    assert all(visitor.inside.wait(PATIENCE) for visitor in visitors)
    for visitor in visitors:
        visitor.end()


def test_a_backup_waits_until_the_last_one_has_closed(file):
    first, second = Visitor(locks.shared, file), Visitor(locks.shared, file)
    assert first.inside.wait(PATIENCE)
    assert second.inside.wait(PATIENCE)
    backup = Visitor(locks.alone, file)
    assert not backup.inside.wait(0.15)
    first.end()
    assert not backup.inside.wait(0.15)
    second.end()
    assert backup.inside.wait(PATIENCE)
    backup.end()


def test_an_opening_waits_for_the_backup(file):
    backup = Visitor(locks.alone, file)
    assert backup.inside.wait(PATIENCE)
    opening = Visitor(locks.shared, file)
    assert not opening.inside.wait(0.15)
    backup.end()
    assert opening.inside.wait(PATIENCE)
    opening.end()


def test_a_steady_stream_of_openings_does_not_keep_a_backup_waiting(file):
    over = threading.Event()

    def come_and_go():
        while not over.is_set():
            with locks.shared(file):
                time.sleep(0.01)

    stream = [threading.Thread(target=come_and_go, daemon=True) for _ in range(6)]
    for thread in stream:
        thread.start()
    backup = Visitor(locks.alone, file)
    got_in = backup.inside.wait(30)
    backup.end()
    over.set()
    for thread in stream:
        thread.join(PATIENCE)
    assert got_in


def test_a_lock_is_free_again_when_its_holder_is_killed(file):
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLD,
            str(file),
        ],
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline() == b"in\n"
    waiting = Visitor(locks.shared, file)
    assert not waiting.inside.wait(0.15)
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    assert waiting.inside.wait(PATIENCE)
    waiting.end()


def test_an_error_inside_frees_the_lock(file):
    for lock in (locks.shared, locks.alone):
        with pytest.raises(ZeroDivisionError), lock(file):
            _ = 1 / 0
    with locks.alone(file):
        pass
