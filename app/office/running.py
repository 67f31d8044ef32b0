"""Keeps a job running beyond the request that started it. Knows no Flask.

This is the one exception to "between requests the server holds no vault key" (promise P3): a thread of this process keeps the private
keys of the officer who started or continued the job, until the job ends, pauses or fails. The vault itself is opened for a second at a
time, each time with the grants of that moment: a renewal of the keys gets in between, and an officer whose access has ended opens nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from app import faultpoints
from app.clock import today, utc_now
from app.config import Settings
from app.envelopes import outbox
from app.instance import Instance
from app.shared.database import SharedLayer
from app.shared.sessions import OfficerSession
from app.vault import jobs, locks
from app.vault.context import any_vault
from app.vault.errors import WrongVaultKey
from app.vault.jobs import Outside, Progress, Steps
from app.vault.models import Outgoing
from app.vault.opening import open_vault
from app.web.compartment import Compartment

log = logging.getLogger(__name__)
SECONDS_OPEN = 1.0
SECONDS_TO_BEGIN = 3.0
SECONDS_BETWEEN_NOTES = 0.5


class AccessEnded(Exception):
    """The officer whose keys the job has may no longer open the vault: somebody else has to continue it."""


class UnendedStep(RuntimeError):
    """A step of some work has left a transaction open."""


@dataclass(frozen=True)
class Place:
    """Where a job runs, and with whose keys."""

    instance: Instance
    shared: SharedLayer
    compartment: Compartment
    session: OfficerSession = field(repr=False)
    timezone: ZoneInfo
    settings: Settings | None = field(default=None, repr=False)

    @property
    def vault(self) -> str:
        """The one vault that the officer opens."""
        return self.session.compartment


def job_file(instance: Instance, vault: str, job_id: str) -> Path:
    """The file whose lock says that somebody is at the job."""
    return instance.vault_file(vault).with_name(f"{job_id}.job")


def launch(job_id: str, place: Place) -> threading.Thread:
    """Run a job in a thread of its own, which ends with the process; return once the thread is at work.

    A page that asks right after that whether somebody is at the job would otherwise, on a busy machine, be there before the thread is.
    """
    begun = threading.Event()
    thread = threading.Thread(
        target=_run_alone, args=(job_id, place, begun), name=f"job {job_id}", daemon=True
    )
    thread.start()
    begun.wait(SECONDS_TO_BEGIN)
    return thread


def run(job_id: str, place: Place, begun: threading.Event | None = None) -> None:
    """Run a job here, until it is done, paused, failed or not the officer's to open. Nothing where somebody is at it already.

    Sets ``begun`` once the job is held.
    """
    file = job_file(place.instance, place.vault, job_id)
    try:
        with locks.at_work(file):
            if begun:
                begun.set()
            if _Runner(job_id, place).go():
                file.unlink(missing_ok=True)
    except locks.Held:
        return
    except AccessEnded:
        log.warning("a job stands still: its officer's access has ended")


def _run_alone(job_id: str, place: Place, begun: threading.Event) -> None:
    """In the thread: no error leaves it, and its connection to the shared layer ends with it."""
    with closing(place.shared):
        try:
            run(job_id, place, begun)
        except Exception as error:  # noqa: BLE001
            # The vault couldn't be opened, or the disk is full: the job shows as interrupted.
            log.error("a job stands still: %s", type(error).__name__)  # noqa: TRY400
        finally:
            begun.set()


class _Runner:
    """One stretch of a job's life."""

    def __init__(self, job_id: str, place: Place) -> None:
        self.job_id = job_id
        self.place = place
        self.progress: Progress | None = None
        self.noted = 0.0

    def go(self) -> bool:
        """Work until there is a reason to stop; return whether the job is done."""
        with _opened(self.place):
            job = jobs.find(self.job_id)
            if job.state != jobs.RUNNING:
                return job.state == jobs.DONE
            task = jobs.task(job, today(self.place.timezone), self.place.settings)
            steps = self.place.compartment.jobs[job.kind](task)
        with closing(steps):
            outside: Outside | None = None
            while True:
                answer, error = _call(outside) if outside else (None, None)
                with _opened(self.place):
                    try:
                        outside = self._slice(steps, answer, error)
                    except StopIteration:
                        self._finish()
                        return True
                    except Exception as failure:  # noqa: BLE001
                        self._fail(steps, failure)
                        return False
                    # What the work wants done outside is done even if somebody pauses just now: it has written down that it begins.
                    if outside is None and not jobs.is_wanted(self.job_id):
                        steps.close()
                        self._note(at_once=True)
                        return False

    def _slice(self, steps: Steps, answer: object, error: Exception | None) -> Outside | None:
        """Take steps for about a second, or until the work asks for something outside. Raises ``StopIteration`` at the end of the work."""
        until = time.monotonic() + SECONDS_OPEN
        try:
            while True:
                said = steps.throw(error) if error else steps.send(answer)
                answer, error = None, None
                if any_vault.in_transaction():
                    raise UnendedStep("a step ends its transaction before it yields")
                faultpoints.reached("job.after-step")
                if isinstance(said, Outside):
                    return said
                self.progress = said
                self._note()
                if time.monotonic() > until or not jobs.is_wanted(self.job_id):
                    return None
        finally:
            if not any_vault.in_transaction():
                self._deliver()

    def _deliver(self) -> None:
        if Outgoing.select().exists():
            outbox.deliver(self.place.compartment.actions)

    def _note(self, *, at_once: bool = False) -> None:
        """Write progress down, not more often than anybody looks."""
        now = time.monotonic()
        if self.progress is not None and (at_once or now - self.noted > SECONDS_BETWEEN_NOTES):
            jobs.note_progress(self.job_id, self.progress, now=utc_now())
            self.noted = now
            faultpoints.reached("job.after-note")

    def _finish(self) -> None:
        faultpoints.reached("job.before-end")
        self._note(at_once=True)
        jobs.end(self.job_id, now=utc_now())
        faultpoints.reached("job.after-end")

    def _fail(self, steps: Steps, failure: Exception) -> None:
        """Errors are named by type only: their text may hold content. What the step has left open is rolled back."""
        log.error("a job of an officer failed: %s", type(failure).__name__)
        steps.close()
        while any_vault.in_transaction():
            any_vault.rollback()
            any_vault.pop_transaction()
        self._note(at_once=True)
        jobs.fail(self.job_id, type(failure).__name__, now=utc_now())


def _call(outside: Outside) -> tuple[object, Exception | None]:
    """Do what the work wants done outside, with every vault closed."""
    try:
        return outside.call(), None
    except Exception as error:  # noqa: BLE001
        # The work has asked for it, and decides what it means.
        return None, error


@contextmanager
def _opened(place: Place) -> Iterator[None]:
    """Open the vault with the officer's grants of this moment; raises :class:`AccessEnded`."""
    with ExitStack() as opened, place.shared.bound():
        for last_try in (False, True):
            keys = place.session.vault_keys(place.vault)
            if not keys:
                raise AccessEnded
            try:
                opened.enter_context(
                    open_vault(
                        place.instance,
                        place.vault,
                        keys,
                        place.compartment.schema,
                        officer=place.session.account.id,
                    )
                )
                break
            except WrongVaultKey:
                # Somebody has renewed the keys between the two lines above; the new grants are there now.
                if last_try:
                    raise
        yield
