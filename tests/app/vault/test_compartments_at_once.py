"""Officers of several compartments at work at the same time, in threads and in processes, never see each other's rows."""

import subprocess
import sys
import threading
import time

import pytest

from app.clock import utc_now
from app.office import notes
from app.office.authors import Author
from app.vault.models import Note
from keys.randomness import new_id

SECONDS = 3
OFFICES = ("board", "desk", "membership", "administration", "clearing", "counsel")


def test_threads_that_work_in_six_vaults_see_only_their_own_rows(cast):
    until, foreign, written = time.monotonic() + SECONDS, [], dict.fromkeys(OFFICES, 0)

    def officer(name):
        by = Author(cast[name].account_id, name)
        while time.monotonic() < until or written[name] < 3:
            with cast.vault(name):
                notes.write(f"only for {name}", entry_id=new_id(), by=by, now=utc_now())
                foreign.extend(row.text for row in Note.select() if row.text != f"only for {name}")
            written[name] += 1

    threads = [threading.Thread(target=officer, args=(name,)) for name in OFFICES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS + 120)
    assert foreign == []
    assert min(written.values()) > 2
    for name in OFFICES:
        with cast.vault(name):
            assert Note.select().count() == written[name]


def test_threads_of_one_app_that_serve_six_compartments_show_only_their_own_notes(cast):
    until, foreign, served = time.monotonic() + SECONDS, [], dict.fromkeys(OFFICES, 0)
    for name in OFFICES:
        with cast.vault(name):
            by = Author(cast[name].account_id, name)
            notes.write(f"secret-of-{name}", entry_id=new_id(), by=by, now=utc_now())

    def officer(name):
        client = cast[name].client()
        while time.monotonic() < until or served[name] < 3:
            page = client.get(f"/{name}/notes").text
            foreign.extend(other for other in OFFICES if (f"secret-of-{other}" in page) != (other == name))
            served[name] += 1

    threads = [threading.Thread(target=officer, args=(name,)) for name in OFFICES for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS + 120)
    assert foreign == []
    assert min(served.values()) > 2


WORK = """
import sys, time
from importlib import import_module
from pathlib import Path
from app.clock import utc_now
from app.instance import Instance
from app.vault.models import Note
from app.vault.opening import open_vault
from keys.randomness import new_id
instance, name, key = Instance(Path(sys.argv[1])), sys.argv[2], bytes.fromhex(sys.stdin.read())
schema = import_module(f"compartments.{name}.models").SCHEMA
until, foreign, written = time.monotonic() + float(sys.argv[3]), 0, 0
while time.monotonic() < until or not written:
    with open_vault(instance, name, [key], schema):
        Note.create(entry_id=new_id(), author=name, author_name=name, text=name, written_at=utc_now())
        foreign += Note.select().where(Note.text != name).count()
    written += 1
print(foreign, written)
"""


@pytest.mark.slow
def test_processes_that_work_in_two_vaults_see_only_their_own_rows(cast):
    folder = str(cast.organisation.settings.instance)
    officers = []
    for name in ("membership", "clearing", "membership"):
        with cast.shared():
            (key,) = cast[name].session().vault_keys(name)
        command = [sys.executable, "-c", WORK, folder, name, str(SECONDS)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        process.stdin.write(key.hex())
        process.stdin.close()
        officers.append((name, process))
    written = dict.fromkeys(("membership", "clearing"), 0)
    for name, process in officers:
        foreign, count = map(int, process.stdout.read().split())
        process.stdout.close()
        assert process.wait(120) == 0
        assert foreign == 0
        written[name] += count
    for name, count in written.items():
        with cast.vault(name):
            assert Note.select().count() == count > 0
