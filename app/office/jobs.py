"""Jobs: starting them from a view, and the pages on which officers follow, pause and continue them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    abort,
    after_this_request,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from app.clock import utc_now
from app.office.blueprint import author, blueprint, signed_in
from app.office.forms import Confirmation
from app.office.inbox import Entry, Source
from app.office.running import Place, job_file, launch
from app.office.sources import add_source
from app.offices import OFFICES
from app.vault import jobs, locks
from app.vault.models import Job
from app.web.compartment import served
from app.web.guard import officer, officer_required
from app.web.look import current_look
from app.web.navigation import NavItem, add_nav
from app.web.state import state

EXTENSION = "schotten-job-kinds"
INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class JobKind:
    """What a kind of job is called, and where the page is that it belongs to."""

    label: LazyString | str
    url: Callable[[Job], str] | None = None


@dataclass(frozen=True)
class Shown:
    """A job as its pages show it. ``state`` is the job's own, or "interrupted" where it should run and nobody is at it."""

    job: Job
    label: str
    state: str
    words: str
    back: str | None

    @property
    def moving(self) -> bool:
        """Whether the page should look again soon."""
        return self.state == jobs.RUNNING

    @property
    def can_continue(self) -> bool:
        """Whether there is something to continue."""
        return self.state in (INTERRUPTED, jobs.PAUSED, jobs.FAILED)


def add_job_kind(
    blueprint: Blueprint, face: str, kind: str, label: LazyString, url: Callable[[Job], str] | None = None
) -> None:
    """Name a kind of job of ``face``, in every app that registers ``blueprint``."""

    def register(state: BlueprintSetupState) -> None:
        kinds: dict[tuple[str, str], JobKind] = state.app.extensions.setdefault(EXTENSION, {})
        kinds[face, kind] = JobKind(label, url)

    blueprint.record(register)


def begin(
    kind: str, subject: str, parameters: Mapping[str, Any] | None = None, total: int | None = None
) -> Job:
    """Start a job with this officer's keys and return it; where the same one is unfinished, return that.

    It may be called inside a transaction: work begins only after this request.
    """
    if kind not in served()[officer().compartment].jobs:
        raise LookupError(f"{kind} is no job of this office")
    job = jobs.start(kind, subject, parameters or {}, by=author(), now=utc_now(), total=total)
    if job.state == jobs.RUNNING:
        _launch_afterwards(job)
    return job


def _launch_afterwards(job: Job) -> None:
    session = officer()
    here = state()
    compartment = served()[session.compartment]
    place = Place(
        here.instance, here.shared, compartment, session, here.settings.timezone, settings=here.settings
    )

    @after_this_request
    def _launch(response: Response) -> Response:
        launch(job.id, place)
        return response


def shown(job: Job) -> Shown:
    """Return a job with what its page says about it."""
    face = current_look().name
    kind = _kinds().get((face, job.kind), JobKind(job.kind))
    condition = job.state
    if condition == jobs.RUNNING and not locks.is_at_work(job_file(state().instance, face, job.id)):
        condition = INTERRUPTED
    back = kind.url(job) if kind.url else None
    return Shown(job, str(kind.label), condition, _in_words(condition), back)


def _in_words(condition: str) -> str:
    words: dict[str, str] = {
        jobs.RUNNING: _("running"),
        jobs.PAUSED: _("paused"),
        jobs.DONE: _("done"),
        jobs.FAILED: _("failed"),
        INTERRUPTED: _("interrupted"),
    }
    return words[condition]


def _kinds() -> dict[tuple[str, str], JobKind]:
    kinds: dict[tuple[str, str], JobKind] = current_app.extensions.get(EXTENSION, {})
    return kinds


def _standing_still() -> list[Shown]:
    return [one for one in map(shown, jobs.all_unfinished()) if one.state in (INTERRUPTED, jobs.FAILED)]


def _waiting() -> list[Entry]:
    return [
        Entry(
            _("Job"),
            f"{one.label} ({one.words})",
            one.job.started_by_name,
            one.job.started_at.date(),
            url_for("office.job", job_id=one.job.id),
        )
        for one in _standing_still()
    ]


def _has_jobs(face: str) -> Callable[[], bool]:
    return lambda: signed_in() and any(of == face for of, _kind in _kinds())


for office in OFFICES:
    add_source(blueprint, office, Source(_waiting, lambda: len(_standing_still())))
    add_nav(
        blueprint,
        office,
        NavItem(
            lazy_gettext("Jobs"), ".jobs", order=66, section=(".job",), visible=_has_jobs(office), more=True
        ),
    )


@blueprint.get("/jobs", endpoint="jobs")
@officer_required
def all_jobs() -> ResponseReturnValue:
    """The jobs of this office, newest first."""
    return render_template("office/jobs.html", jobs=[shown(job) for job in jobs.newest()])


@blueprint.get("/jobs/<job_id>")
@officer_required
def job(job_id: str) -> ResponseReturnValue:
    """How far one job is."""
    looked = request.args.get("looked", 0, type=int)
    return render_template("office/job.html", one=_find(job_id), looked=looked, button=Confirmation())


@blueprint.get("/jobs/<job_id>/progress")
@officer_required
def job_progress(job_id: str) -> ResponseReturnValue:
    """The same as figures, for the page's script."""
    one = _find(job_id)
    return jsonify(
        state=one.state,
        words=one.words,
        done=one.job.done,
        total=one.job.total,
        note=one.job.note if one.state != jobs.FAILED else "",
        moving=one.moving,
    )


@blueprint.post("/jobs/<job_id>/pause")
@officer_required(junior=False)
def job_pause(job_id: str) -> ResponseReturnValue:
    """Stop after the present step."""
    _find(job_id)
    if _pressed():
        jobs.pause(job_id, now=utc_now())
        flash(_("The job pauses after its present step."), "success")
    return redirect(url_for(".job", job_id=job_id), 303)


@blueprint.post("/jobs/<job_id>/continue")
@officer_required(junior=False)
def job_continue(job_id: str) -> ResponseReturnValue:
    """Go on, with the keys of whoever presses the button."""
    _find(job_id)
    if _pressed():
        found = jobs.resume(job_id, by=author(), now=utc_now())
        if found.state == jobs.RUNNING:
            _launch_afterwards(found)
            flash(_("The job goes on."), "success")
    return redirect(url_for(".job", job_id=job_id), 303)


def _find(job_id: str) -> Shown:
    try:
        return shown(jobs.find(job_id))
    except jobs.NoJob:
        abort(404)


def _pressed() -> bool:
    if Confirmation().validate_on_submit():
        return True
    flash(_("This page was open for too long. Please press the button again."), "warning")
    return False
