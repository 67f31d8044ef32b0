"""Jobs that an officer has started: long work in small steps, whose state lies in the vault. Knows no Flask and holds no key.

A job's ``Work`` is a generator. Each step is one small transaction of its own, then a ``yield``: between two yields the vault may be
closed and opened again (with another key, after a renewal), so nothing read from it may be held over a ``yield`` but plain values.
The work finds what is left in the compartment's own tables, so that it can begin anew after a crash, by whoever continues it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Progress:
    """How far a job is. ``total`` None leaves the last one known; ``note`` is shown to the officers: never content of other rows."""

    done: int
    total: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Outside:
    """Something slow (a mail server, another database) to be done while the vault is closed; ``yield`` gives back what it returns.

    What it raises is raised at the ``yield``. It must not touch a vault.
    """

    call: Callable[[], Any]


@dataclass(frozen=True)
class Task:
    """What a job's work is told: the job's id, what it was started for, and who keeps it running, for histories."""

    id: str
    kind: str
    subject: str
    parameters: Mapping[str, Any]
    officer: str
    officer_name: str


Steps = Generator[Progress | Outside, Any, None]
Work = Callable[[Task], Steps]
