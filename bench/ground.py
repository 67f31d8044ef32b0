"""What the measures stand on: a demo organisation in a temporary folder, servers on it, and rounds that alternate."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from app.accounts.login import authenticate
from app.clock import utc_now
from app.config import Settings
from app.factory import create_app
from app.shared.database import SharedLayer
from app.shared.models import Account
from app.web.state import EXTENSION
from bench.load import Load, offer
from bench.results import ratio
from bench.serving import ROOT, Server, free_port, schotten, serving
from keys.identity import KeyPairs

HELLO = "bench.clients:reader"


@dataclass(frozen=True)
class Pace:
    """How long the rounds last and how many there are."""

    rounds: int
    seconds: float


THOROUGH, QUICK = Pace(9, 0.8), Pace(1, 0.6)


@dataclass(frozen=True)
class Login:
    """What somebody types to log in."""

    username: str
    passphrase: str


@dataclass(frozen=True)
class Ground:
    """The folder that a run of the bench works in, and its pace."""

    folder: Path
    pace: Pace

    @cached_property
    def demo(self) -> Path:
        """An instance as `schotten demo` makes it, 9,000 members and all; made once, and only ever copied."""
        instance = self.folder / "demo"
        subprocess.run(
            schotten("demo"), cwd=ROOT, env=self.environment(instance), check=True, stdout=subprocess.DEVNULL
        )
        return instance

    @cached_property
    def described(self) -> dict[str, Any]:
        """The logins and addresses that the demo wrote down."""
        found: dict[str, Any] = json.loads((self.demo / "demo.json").read_text(encoding="utf-8"))
        return found

    def login(self, compartment: str) -> Login:
        """The published log-in of the compartment's first officer."""
        first = next(one for one in self.described["accounts"] if one["compartment"] == compartment)
        return Login(first["username"], first["passphrase"])

    @contextmanager
    def officer(self, instance: Path, compartment: str) -> Iterator[tuple[Account, KeyPairs]]:
        """The officer's account and private keys, with the shared layer of ``instance`` bound."""
        settings = Settings(instance=instance)
        app = create_app(settings, [compartment])
        shared: SharedLayer = app.extensions[EXTENSION].shared
        login = self.login(compartment)
        with shared.bound():
            yield authenticate(login.username, login.passphrase, settings.argon2, utc_now())
        shared.close()

    def copy(self, name: str) -> Path:
        """A fresh copy of the demo, for a measure that changes it."""
        copy = self.folder / name
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.demo, copy)
        return copy

    def environment(self, instance: Path, **more: str) -> dict[str, str]:
        """Production's settings, but for the limits per address: all the load comes from one."""
        settings = {"SCHOTTEN_INSTANCE": str(instance), "SCHOTTEN_RATE_LIMITS": "0", "SCHOTTEN_HTTPS": "1"}
        return {**os.environ, **settings, **more}

    @contextmanager
    def schotten(self, instance: Path) -> Iterator[Server]:
        """`schotten serve` with all faces."""
        port = free_port()
        command = schotten("serve", "--port", str(port))
        with serving(command, self.environment(instance), port, self.folder / "schotten.log") as server:
            yield server

    @contextmanager
    def floor(self, name: str, measured: Load) -> Iterator[Load]:
        """The same clients with the same requests, but sent to the floor. They still fill in the form on the real pages."""
        with self.module("bench.floor", self.copy(name)) as server:
            yield replace(measured, port=server.port)

    @contextmanager
    def module(self, module: str, instance: Path, **more: str) -> Iterator[Server]:
        """A server of the bench's own, by the name of its module."""
        port = free_port()
        environment = self.environment(instance, SCHOTTEN_PORT=str(port), **more)
        command = [sys.executable, "-m", module]
        with serving(command, environment, port, self.folder / f"{module}.log") as server:
            yield server

    def against(self, baseline: Load, measured: Load, floor: Load | None = None) -> tuple[float, str]:
        """Alternate between the loads; return the ratio of what the first two get done per second, and a sentence.

        ``floor`` is the same load on :mod:`bench.floor`: what could be reached at best.
        """
        loads = [baseline, measured, *([floor] if floor else [])]
        rounds = [
            [offer(replace(load, seconds=self.pace.seconds)) for load in loads]
            for _ in range(self.pace.rounds)
        ]
        first, second, *third = zip(*rounds, strict=True)
        made_from = f"{_each(second)} to {_each(first)} per second"
        floors = "".join(f"; floor here {ratio(each, first):.3f} ({_each(each)})" for each in third)
        return ratio(second, first), made_from + floors


def hello(port: int) -> Load:
    """The load of the baseline."""
    return Load(port, HELLO, {"path": "/", "contains": "Hello"})


def _each(figures: Sequence[float]) -> str:
    return f"{statistics.median(figures):,.0f}"
