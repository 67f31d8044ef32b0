"""Jobs that an officer has started: long work in small steps, whose state lies in the vault. Knows no Flask and holds no key.

A job's ``Work`` is a generator. Each step is one small transaction of its own, then a ``yield``: between two yields the vault may be
closed and opened again (with another key, after a renewal), so nothing read from it may be held over a ``yield`` but plain values.
The work finds what is left in the compartment's own tables, so that it can begin anew after a crash, by whoever continues it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.config import Settings
from app.vault.context import any_vault
from app.vault.models import Job
from app.vault.proposals import By
from keys.randomness import new_id

RUNNING, PAUSED, DONE, FAILED = "running", "paused", "done", "failed"
AT_MOST = 50


@dataclass(frozen=True)
class Progress:
    """How far a job is. ``total`` None leaves the last one known; ``note`` is shown to the officers as it is."""

    done: int
    total: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Outside:
    """Something slow (a mail server, another database) to be done while the vault is closed; ``yield`` gives back what it returns.

    What it raises is raised at the ``yield``. It must not touch a vault or the shared layer. A pause waits until it is done, and takes
    effect at the next :class:`Progress`.
    """

    call: Callable[[], Any]


@dataclass(frozen=True)
class Task:
    """What a job's work is told: what it was started for, who keeps it running (for histories), the organisation's day, and the settings."""

    id: str
    kind: str
    subject: str
    parameters: Mapping[str, Any]
    officer: str
    officer_name: str
    day: date
    settings: Settings | None = field(default=None, repr=False)


Steps = Generator[Progress | Outside, Any, None]
Work = Callable[[Task], Steps]


class NoJob(LookupError):
    """There is no such job."""


def start(
    kind: str,
    subject: str,
    parameters: Mapping[str, Any],
    *,
    by: By,
    now: datetime,
    total: int | None = None,
) -> Job:
    """Write a job down and return it; where the same one (kind and subject) is unfinished, return that. ``parameters`` are JSON."""
    same = f"{kind}:{subject}"
    with any_vault.atomic("IMMEDIATE"):
        known: Job | None = Job.get_or_none(Job.unfinished == same)
        return known or Job.create(
            id=new_id(),
            kind=kind,
            subject=subject,
            unfinished=same,
            parameters=json.dumps(dict(parameters), sort_keys=True),
            total=total,
            started_by=by.id,
            started_by_name=by.name,
            started_at=now,
            kept_by=by.id,
            kept_by_name=by.name,
            moved_at=now,
        )


def task(job: Job, day: date, settings: Settings | None = None) -> Task:
    """Return what the job's work is told."""
    parameters = json.loads(job.parameters)
    return Task(job.id, job.kind, job.subject, parameters, job.kept_by, job.kept_by_name, day, settings)


def find(job_id: str) -> Job:
    """Return a job; raises :class:`NoJob`."""
    found: Job | None = Job.get_or_none(Job.id == job_id)
    if found is None:
        raise NoJob(job_id)
    return found


def unfinished(kind: str, subject: str) -> Job | None:
    """Return the unfinished job of this kind and subject, if there is one."""
    found: Job | None = Job.get_or_none(Job.unfinished == f"{kind}:{subject}")
    return found


def newest(limit: int = AT_MOST) -> list[Job]:
    """Return the jobs, newest first."""
    return list(Job.select().order_by(Job.started_at.desc(), Job.id).limit(limit))


def all_unfinished() -> list[Job]:
    """Return the jobs that aren't done, oldest first."""
    return list(Job.select().where(Job.unfinished.is_null(False)).order_by(Job.started_at).limit(AT_MOST))


def pause(job_id: str, *, now: datetime) -> None:
    """Ask a running job to stop after its present step."""
    Job.update(state=PAUSED, moved_at=now).where(Job.id == job_id, Job.state == RUNNING).execute()


def resume(job_id: str, *, by: By, now: datetime) -> Job:
    """Let an unfinished job go on, kept by ``by``; a finished one is left as it is. Raises :class:`NoJob`."""
    with any_vault.atomic("IMMEDIATE"):
        job = find(job_id)
        if job.unfinished is not None:
            job.state, job.kept_by, job.kept_by_name, job.moved_at = RUNNING, by.id, by.name, now
            job.save()
    return job


def note_progress(job_id: str, progress: Progress, *, now: datetime) -> None:
    """Write down how far the job is."""
    changed: dict[str, Any] = {"done": progress.done, "note": progress.note, "moved_at": now}
    if progress.total is not None:
        changed["total"] = progress.total
    Job.update(changed).where(Job.id == job_id).execute()


def is_wanted(job_id: str) -> bool:
    """Whether the job should go on."""
    return bool(Job.select().where(Job.id == job_id, Job.state == RUNNING).exists())


def end(job_id: str, *, now: datetime) -> None:
    """The work is done."""
    Job.update(state=DONE, unfinished=None, ended_at=now, moved_at=now).where(Job.id == job_id).execute()


def fail(job_id: str, error: str, *, now: datetime) -> None:
    """The work broke off with an error, named by its type; it can be tried again."""
    Job.update(state=FAILED, note=error, moved_at=now).where(Job.id == job_id).execute()
