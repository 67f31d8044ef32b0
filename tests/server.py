"""A real Schotten for tests: founded by `schotten init`, served by `schotten serve` (gunicorn, real Argon2id) on a free port.

    with Server(home) as server:            # home is an instance founded by `found`
        browser.goto(server.url)

Everything that the server could write to lies in the server's own folder: the instance, its TMPDIR, what it prints. `schotten serve`
refuses weak Argon2id, so a log-in costs what it costs in production; a story has few of them.
"""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
SECONDS_TO_START = 60
WORKERS = 2
CARELESS_SHELL = ("sh", "-c", 'umask 0; ulimit -c unlimited 2>/dev/null; exec "$@"', "sh")
"""Whatever Schotten keeps to itself, it keeps to itself by its own doing."""
CODE = re.compile(r"^ *(\w+) .* ([0-9a-z]{5}(?:-[0-9a-z]{5}){3})$", re.MULTILINE)


@dataclass(frozen=True)
class Home:
    """A founded instance, and the codes that `schotten init` printed for the first officers."""

    instance: Path
    codes: dict[str, str] = field(repr=False)

    def copied_to(self, instance: Path) -> "Home":
        shutil.copytree(self.instance, instance)
        return Home(instance, self.codes)


def environment(instance: Path, **settings: str) -> dict[str, str]:
    """The test's own environment without its settings of Schotten, and these instead."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCHOTTEN_")}
    return {**kept, "SCHOTTEN_INSTANCE": str(instance), **settings}


def schotten(*arguments: str) -> list[str]:
    """The command line of `schotten` in this Python."""
    return [sys.executable, "-c", "from app.cli import main; main()", *arguments]


def run(instance: Path, *arguments: str, **settings: str) -> str:
    """Run a command of `schotten` and return what it printed."""
    done = subprocess.run(
        [*CARELESS_SHELL, *schotten(*arguments)],
        cwd=ROOT,
        env=environment(instance, **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def found(instance: Path, **settings: str) -> Home:
    """Found an instance as an operator does, and read the codes off the screen."""
    return Home(instance, dict(CODE.findall(run(instance, "init", **settings))))


class Server:
    """`schotten serve` for a home. It can be stopped, killed and started again; what it wrote stays."""

    def __init__(self, home: Home, folder: Path, **settings: str) -> None:
        self.home = home
        self.temporary = folder / "tmp"
        self.temporary.mkdir(parents=True)
        self.out, self.err = folder / "serve.out", folder / "serve.err"
        self.settings = settings
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        own = {"TMPDIR": str(self.temporary), "SCHOTTEN_WORKERS": str(WORKERS)}
        settings = environment(self.home.instance, **own, **self.settings)
        with self.out.open("ab") as out, self.err.open("ab") as err:
            self.process = subprocess.Popen(
                [*CARELESS_SHELL, *schotten("serve", "--port", str(self.port))],
                cwd=ROOT,
                env=settings,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """Ask it to end (SIGTERM), and take no for an answer only so long."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it and its workers at once (SIGKILL), wherever they are."""
        self._end(signal.SIGKILL)

    def processes(self) -> list[psutil.Process]:
        """The process and its workers."""
        if self.process is None:
            return []
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def said(self) -> str:
        """Everything it has printed and logged."""
        return self.out.read_text(errors="replace") + self.err.read_text(errors="replace")

    def _end(self, how: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        assert process.poll() is None, (
            f"it had ended by itself, with {process.returncode}:\n{self.said()[-3000:]}"
        )
        for attempt in (how, signal.SIGKILL):
            try:
                if attempt == signal.SIGKILL:
                    os.killpg(process.pid, attempt)
                else:
                    process.send_signal(attempt)
                process.wait(60)
            except subprocess.TimeoutExpired:
                continue
            except ProcessLookupError:
                pass
            return

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + SECONDS_TO_START
        while self.process.poll() is None and time.monotonic() < until:
            connection = http.client.HTTPConnection(HOST, self.port, timeout=SECONDS_TO_START)
            try:
                connection.request("GET", "/")
                connection.getresponse().read()
            except (ConnectionError, http.client.HTTPException):
                time.sleep(0.05)
            else:
                if len(self.processes()) > WORKERS:
                    return
            finally:
                connection.close()
        self.kill()
        raise AssertionError(f"it doesn't answer:\n{self.said()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
