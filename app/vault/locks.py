"""File locks of a vault: openings share it, a backup or a rotation has it alone. Needs no key.

Two files per vault. ``gate`` is passed by everybody on the way in; whoever wants the vault alone holds it, so that a
steady stream of openings can't keep a backup waiting for ever. The kernel frees both when a process dies.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.instance import PRIVATE_FILE


@contextmanager
def _locked(path: Path, mode: int) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        fcntl.flock(descriptor, mode)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def shared(vault_file: Path) -> Iterator[None]:
    """Hold the vault open together with others."""
    with _locked(vault_file.with_suffix(".gate"), fcntl.LOCK_SH):
        passed = _locked(vault_file.with_suffix(".lock"), fcntl.LOCK_SH)
        passed.__enter__()
    try:
        yield
    finally:
        passed.__exit__(None, None, None)


@contextmanager
def alone(vault_file: Path) -> Iterator[None]:
    """Hold the vault closed: no request has it open, and none opens it until this ends."""
    with (
        _locked(vault_file.with_suffix(".gate"), fcntl.LOCK_EX),
        _locked(vault_file.with_suffix(".lock"), fcntl.LOCK_EX),
    ):
        yield


class Held(RuntimeError):
    """Somebody else is at this job."""


@contextmanager
def at_work(job_file: Path, *, patience: float = 2.0) -> Iterator[None]:
    """Hold a job, so that nobody else works at it; raises :class:`Held` after ``patience`` seconds. Gone with the process, whatever ends it."""
    descriptor = os.open(job_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        _take(descriptor, time.monotonic() + patience)
        yield
    finally:
        os.close(descriptor)


def is_at_work(job_file: Path) -> bool:
    """Whether somebody holds the job just now."""
    try:
        descriptor = os.open(job_file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def _take(descriptor: int, until: float) -> None:
    """More than once: somebody who only looks holds it for an instant, and who has been told to stop for as long as a step takes."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > until:
                raise Held("somebody is at this job") from None
            time.sleep(0.02)
