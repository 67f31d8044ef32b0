"""Servers for a while: `schotten serve` as it is, or another app under the same gunicorn settings; and how much memory they take."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
SECONDS_TO_START = 60.0
MEGABYTE = 1_000_000


class DidNotStart(RuntimeError):
    """A server ended, or never answered; the text is the end of what it wrote."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def tree(self) -> list[psutil.Process]:
        """The process and all it has started."""
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def memory(self) -> float:
        """Megabytes of the tree; pages that several processes share are counted once (PSS)."""
        return float(sum(process.memory_full_info().pss for process in self.tree)) / MEGABYTE


@contextmanager
def serving(
    command: Sequence[str], environment: Mapping[str, str], port: int, log: Path, path: str = "/"
) -> Iterator[Server]:
    """Start a server, wait for its first answer on ``path``, and stop it and all it has started at the end."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until_it_answers(port, process, log, path)
        yield Server(port, process)
    finally:
        stop(process)


def wait_until_it_answers(port: int, process: subprocess.Popen[bytes], log: Path, path: str) -> None:
    """Ask for ``path`` until something answers; raises :class:`DidNotStart`."""
    until = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < until:
        connection = http.client.HTTPConnection(HOST, port, timeout=SECONDS_TO_START)
        try:
            connection.request("GET", path)
            connection.getresponse().read()
            return
        except (ConnectionError, http.client.HTTPException):
            time.sleep(0.02)
        finally:
            connection.close()
    raise DidNotStart(log.read_text(encoding="utf-8", errors="replace")[-2000:] or "it ended without a word")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process's whole group, politely first."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
            process.wait(10)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def schotten(*arguments: str) -> list[str]:
    """The command line of ``schotten``, in this Python."""
    return [sys.executable, "-c", "from app.cli import main; main()", *arguments]
