"""The command line as an operator has it: real processes on real folders."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-W", "error", "-c", "from app.cli import main; main()"]
SECONDS = 120


def environment(instance, **settings):
    """What a service manager would give the process, and nothing of the tester's own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    found = {"SCHOTTEN_INSTANCE": str(instance)} if instance else {}
    return {**kept, **found, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **settings}


def run(*arguments, instance, cwd=ROOT, **settings):
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env=environment(instance, **settings),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.fixture
def schotten(tmp_path):
    """Run `schotten`; without `instance=`, on a folder of the test's own."""

    def call(*arguments, instance=tmp_path / "instance", **settings):
        return run(*arguments, instance=instance, **settings)

    return call


@pytest.fixture(scope="session")
def instance_once(tmp_path_factory):
    """A real instance as `schotten init` leaves it. Made once; copy it to change it."""
    folder = tmp_path_factory.mktemp("real") / "instance"
    assert run("init", instance=folder).returncode == 0
    return folder


@pytest.fixture(scope="session")
def demo_once(tmp_path_factory):
    """A demo as `schotten demo` makes it, what it printed, and what it cost in seconds of the processors. Made once for all processes; copy it to change it."""
    base = tmp_path_factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo-of-all"
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "seconds").exists():
            before = os.times()
            made = run("demo", instance=place / "instance")
            assert made.returncode == 0, made.stderr
            (place / "printed").write_text(made.stdout)
            spent = os.times()
            seconds = (
                spent.children_user + spent.children_system - before.children_user - before.children_system
            )
            (place / "seconds").write_text(str(seconds))
    return place / "instance", (place / "printed").read_text(), float((place / "seconds").read_text())


@pytest.fixture
def demo(demo_once, tmp_path):
    return shutil.copytree(demo_once[0], tmp_path / "demo")


def contents(folder):
    """Every file below a folder, by its relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


class Served:
    """A `schotten serve` that is up."""

    def __init__(self, process, port, log):
        self.process, self.port, self.log = process, port, log

    def get(self, path):
        """Status and body; an error status is an answer too."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=SECONDS) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def written(self):
        return self.log.read_text()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def serve(tmp_path):
    """`with serve(instance, "--faces", "public") as server:`; killed at the end if it is still there."""

    @contextmanager
    def serving(instance, *arguments, **settings):
        port, log = free_port(), tmp_path / "server.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [*COMMAND, "serve", *arguments],
                cwd=ROOT,
                env=environment(instance, SCHOTTEN_PORT=str(port), **settings),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        server = Served(process, port, log)
        try:
            _wait_for(server)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise

    return serving


def _wait_for(server):
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if server.process.poll() is not None:
            pytest.fail(f"it ended: {server.written()}")
        try:
            server.get("/")
            return
        except (ConnectionError, urllib.error.URLError):
            time.sleep(0.02)
    pytest.fail(f"it never answered: {server.written()}")


# Other users' rights can only be tried out by somebody who may become them.
collect_ignore = [] if os.geteuid() == 0 else ["test_separate_users.py"]
