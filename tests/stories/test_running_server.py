"""What a running server leaves open to others on its machine: nothing, however carelessly it was started (tests/server.py: umask 0, core dumps allowed)."""

import signal
import stat
import time
from pathlib import Path

import psutil
import pytest

from tests.server import HOST
from tests.stories.visitor import Officer, Visitor

pytestmark = pytest.mark.slow

FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO
PLAINTEXT = b"SQLite format 3"


@pytest.fixture
def at_work(server):
    """The server after somebody has enrolled, logged in, and opened pages and a vault."""
    mika = Officer(server)
    mika.enrols(server.home.codes["membership"], "mika", "Karteikarten knistern kaum hörbar")
    assert mika.logs_in().path == "/membership/"
    page = mika.sees("/membership/persons/new")
    assert (
        "persons/"
        in mika.sends(
            page, page.form(field="last_name"), {"last_name": "Zumwinkel", "postcode": "24103"}
        ).path
    )
    page = Visitor(server).sees("/contact")
    assert Visitor(server).sends(page, page.form("/contact"), {"text": "?"}).status == 200
    return server


def of_status(process: psutil.Process, name: str) -> str:
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith(f"{name}:"))


def test_no_process_of_it_dumps_core_or_makes_files_for_others(server):
    processes = server.processes()
    assert len(processes) == 3
    for process in processes:
        limits = Path(f"/proc/{process.pid}/limits").read_text(encoding="utf-8").splitlines()
        assert next(line.split()[4:6] for line in limits if line.startswith("Max core")) == ["0", "0"]
        assert of_status(process, "Umask") == "0077"


def test_a_worker_that_crashes_leaves_no_core_and_is_replaced(server):
    crashing = server.processes()[1]
    crashing.send_signal(signal.SIGSEGV)
    until = time.monotonic() + 120
    while crashing in server.processes() or len(server.processes()) < 3:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert Visitor(server).sees("/").status == 200
    assert "core dumped" not in server.said()
    assert [
        path
        for folder in (Path.cwd(), server.home.instance)
        for path in folder.glob("core*")
        if path.is_file()
    ] == []


def test_nobody_else_on_the_machine_can_read_a_file_of_the_instance(at_work):
    instance = at_work.home.instance
    open_to_others = [
        str(path)
        for path in [instance, *instance.rglob("*")]
        if stat.S_IMODE(path.lstat().st_mode) & FOR_OTHERS
    ]
    assert open_to_others == []


def test_no_file_of_the_instance_is_a_readable_database(at_work):
    files = [path for path in at_work.home.instance.rglob("*") if path.is_file()]
    assert [path.name for path in files if path.read_bytes()[:15] == PLAINTEXT] == []
    assert len([path for path in files if path.suffix == ".db"]) == 7


def test_no_log_of_a_vault_outlives_the_request(at_work):
    """The file is whole, so that it can be copied without a key."""
    vaults = at_work.home.instance / "vaults"
    assert [path.name for path in vaults.rglob("*-wal")] == []
    assert [path.name for path in vaults.rglob("*-shm")] == []


def test_it_leaves_nothing_in_its_temporary_folder(at_work):
    assert list(at_work.temporary.rglob("*")) == []


def test_it_listens_on_this_machine_only_and_speaks_to_nobody(at_work):
    lines = [line for process in at_work.processes() for line in process.net_connections("tcp")]
    assert {line.laddr.ip for line in lines} == {HOST}
    assert {line.raddr.ip for line in lines if line.raddr} <= {HOST}


def test_it_ends_by_itself_when_asked_to(server):
    pids = [process.pid for process in server.processes()]
    first, server.process = server.process, None
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
