"""Pages of the reconciliation: batches, their dry run, and what a second officer confirms."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.envelopes import outbox
from app.office import jobs as office_jobs
from app.office import reminding
from app.office.blueprint import author, signed_in
from app.office.forms import Confirmation
from app.office.inbox import Entry, Source
from app.office.jobs import add_job_kind
from app.office.proposals import add_proposal_kind
from app.office.sources import add_source
from app.offices import JUNIOR
from app.vault import jobs, proposals
from app.web.guard import officer, officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.administration.platform import exchange
from compartments.administration.platform import settings as platform_settings
from compartments.administration.platform.connector import UnsupportedVersion
from compartments.administration.platform.forms import AnswerForm
from compartments.administration.platform.planning import CREATION, REGULAR, EmptyWhitelist
from compartments.administration.platform.wording import kind_in_words, remark_in_words, state_in_words
from compartments.administration.reconciliation import batches, service, wording
from compartments.administration.reconciliation.confirming import KIND, PROPOSAL, moment, total
from compartments.administration.reconciliation.forms import ProposalForm
from compartments.administration.reconciliation.models import CONFIRMED, PLANNED, WAITING, Batch

blueprint = Blueprint("reconciliation", __name__, url_prefix="/reconciliation")


def _count() -> int:
    due = batches.reminder(state().today)
    return bool(due) + sum(batch.state in (WAITING, PLANNED) for batch in batches.unfinished())


add_nav(
    blueprint,
    "administration",
    NavItem(
        lazy_gettext("Reconciliation"),
        ".index",
        order=20,
        section=("administration.reconciliation.",),
        visible=signed_in,
    ),
)


def _waiting() -> list[Entry]:
    day = state().today
    due, url = batches.reminder(day), url_for("administration.reconciliation.index")
    reminded = (
        [Entry(_("Reconciliation"), reminding.in_words(due), "", min(due.day, day), url)] if due else []
    )
    return reminded + [
        Entry(
            kind_in_words(batch.kind),
            wording.size(batch.size),
            _("Clearing office") if batch.kind != CREATION else "",
            batch.arrived_on,
            url_for("administration.reconciliation.show", batch_id=batch.id),
        )
        for batch in batches.unfinished()
        if batch.state in (WAITING, PLANNED)
    ]


add_source(blueprint, "administration", Source(_waiting, _count))


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The batches: what waits, and what was done."""
    return render_template(
        "administration/reconciliation/index.html",
        waiting=batches.unfinished(),
        done=[batch for batch in batches.newest() if batch.state not in (WAITING, PLANNED, CONFIRMED)],
        kind=kind_in_words,
        state_in_words=state_in_words,
        size=wording.size,
    )


@blueprint.get("/calendar.ics")
@officer_required
def calendar_file() -> ResponseReturnValue:
    """The days, for an officer's own calendar."""
    return reminding.calendar_file(batches.days(), "administration-reconciliation")


@blueprint.get("/<batch_id>")
@officer_required
def show(batch_id: str) -> ResponseReturnValue:
    """One batch: what it would change, or has changed."""
    return _show(_find(batch_id), ProposalForm(formdata=None))


@blueprint.post("/<batch_id>/prepare")
@officer_required
def prepare(batch_id: str) -> ResponseReturnValue:
    """The dry run: look at the platform, change nothing."""
    batch = _find(batch_id)
    if batch.state not in (WAITING, PLANNED) or not _pressed():
        return _back(batch_id)
    if not platform_settings.is_connected(platform_settings.read()):
        flash(_("There is no connection: read in an answer of the platform's operator instead."), "warning")
        return _back(batch_id)
    if batch.kind == REGULAR and not batch.size:
        flash(wording.empty(), "warning")
        return _back(batch_id)
    job = office_jobs.begin(service.PREPARE, subject=batch_id)
    return redirect(url_for("office.job", job_id=job.id), 303)


@blueprint.post("/<batch_id>/answer")
@officer_required
def read_answer(batch_id: str) -> ResponseReturnValue:
    """Read in what the platform's operator has handed back: for the dry run, or after the plan was carried out."""
    batch, form = _find(batch_id), AnswerForm()
    if batch.state == CONFIRMED and officer().account.role == JUNIOR:
        abort(403)
    if not form.validate_on_submit() or not form.answer.data:
        flash(_("Please choose the file that the operator has handed back."), "warning")
        return _back(batch_id)
    try:
        answer = exchange.read_answer(form.answer.data.read().decode())
        if batch.state == CONFIRMED:
            _finish(batch, answer)
        else:
            batches.prepare(
                batch_id,
                answer.applied.rows,
                version=answer.version.text,
                by_name=author().name,
                now=utc_now(),
                day=state().today,
            )
            flash(_("The dry run is done. Nothing was changed yet."), "success")
    except (exchange.NotAnAnswer, UnicodeDecodeError):
        flash(_("This file isn't the platform's answer to this plan. Nothing was changed."), "warning")
    except UnsupportedVersion:
        flash(_("This version of LiquidFeedback is unknown to the connector."), "warning")
    except EmptyWhitelist:
        flash(wording.empty(), "warning")
    except batches.NotNow:
        flash(_("This batch is done already."), "info")
    return _back(batch_id)


def _finish(batch: Batch, answer: exchange.Answer) -> None:
    if answer.plan != batch.id:
        raise exchange.NotAnAnswer
    day = state().today
    batches.finish(batch.id, answer.applied, version=answer.version.text, now=utc_now(), day=day)
    outbox.deliver(service.ACTIONS)
    flash(_("The plan was carried out, and the books follow the platform's answer."), "success")


@blueprint.post("/<batch_id>/propose")
@officer_required(junior=False)
def propose(batch_id: str) -> ResponseReturnValue:
    """Lay the dry run before a second officer."""
    batch, form = _find(batch_id), ProposalForm()
    if not form.validate_on_submit():
        return _show(batch, form)
    if batch.state != PLANNED or not batches.is_fresh(batch, utc_now()):
        flash(_("The dry run is too old. Please make it anew first."), "warning")
        return _back(batch_id)
    if _needs_reason(batch) and not form.reason.data:
        form.reason.errors = [_("Please give a reason, so that your colleague can judge it.")]
        return _show(batch, form)
    try:
        proposal = proposals.propose(
            PROPOSAL,
            {"batch": batch_id, "planned_at": moment(batch), "reason": form.reason.data or ""},
            f"{kind_in_words(batch.kind)}: {wording.changes(batch)}",
            about=batch_id,
            by=author(),
            now=utc_now(),
        )
    except proposals.AlreadyProposed as already:
        proposal = already.proposal
    flash(_("A second officer has to confirm it now."), "success")
    return redirect(url_for("office.proposal", proposal_id=proposal.id), 303)


@blueprint.post("/<batch_id>/apply")
@officer_required(junior=False)
def apply(batch_id: str) -> ResponseReturnValue:
    """Apply what was confirmed and hasn't been applied: the job was lost, or the connection is new."""
    batch = _find(batch_id)
    if batch.state != CONFIRMED or not _pressed():
        return _back(batch_id)
    if not platform_settings.is_connected(platform_settings.read()):
        flash(_("There is no connection: hand the plan over as a file instead."), "warning")
        return _back(batch_id)
    job = office_jobs.begin(service.APPLY, subject=batch_id, total=total(batch))
    return redirect(url_for("office.job", job_id=job.id), 303)


@blueprint.get("/<batch_id>/plan.json")
@officer_required(junior=False, stepped_up=True)
def plan_file(batch_id: str) -> ResponseReturnValue:
    """The confirmed plan as a file for the platform's operator."""
    batch = _find(batch_id)
    if batch.state != CONFIRMED:
        abort(404)
    settings = platform_settings.read()
    expires = platform_settings.expiry(settings, (batch.planned_at or utc_now()).date())
    text = exchange.write_plan(
        batches.plan_of(batch_id),
        name=batch_id,
        expires=platform_settings.as_moment(expires),
        units=platform_settings.numbers(settings.units),
    )
    headers = {"Content-Disposition": "attachment; filename=plan.json", "Cache-Control": "no-store"}
    return Response(text, mimetype="application/json", headers=headers)


@blueprint.post("/<batch_id>/drop")
@officer_required(junior=False)
def drop(batch_id: str) -> ResponseReturnValue:
    """Put a batch of our own away."""
    _find(batch_id)
    if _pressed():
        try:
            batches.drop(batch_id)
            flash(_("The batch is put away. Nothing was changed on the platform."), "success")
        except batches.NotNow:
            flash(_("This batch can't be put away."), "warning")
    return redirect(url_for(".index"), 303)


add_proposal_kind(blueprint, "administration", KIND)
for _kind_of_job, _label in (
    (service.PREPARE, lazy_gettext("Dry run")),
    (service.APPLY, lazy_gettext("Reconciliation of the platform")),
):
    add_job_kind(
        blueprint,
        "administration",
        _kind_of_job,
        _label,
        url=lambda job: url_for("administration.reconciliation.show", batch_id=job.subject),
    )


def _show(batch: Batch, form: ProposalForm) -> ResponseReturnValue:
    proposal = proposals.open_about(PROPOSAL, batch.id)
    settings = platform_settings.read()
    return render_template(
        "administration/reconciliation/show.html",
        batch=batch,
        form=form,
        button=Confirmation(formdata=None),
        answer_form=AnswerForm(formdata=None),
        kind=kind_in_words(batch.kind),
        state_words=state_in_words(batch.state),
        remarks=[(remark.number, remark_in_words(remark.kind)) for remark in batches.remarks(batch)],
        proposal=proposal,
        job=jobs.unfinished(service.APPLY, batch.id),
        connected=platform_settings.is_connected(settings),
        stop=wording.stop(batch) if batch.state == PLANNED and batches.is_over_threshold(batch) else "",
        small=batch.state == PLANNED and batches.is_below_floor(batch),
        fresh=batches.is_fresh(batch, utc_now()),
        size=wording.size(batch.size),
    )


def _find(batch_id: str) -> Batch:
    try:
        return batches.find(batch_id)
    except batches.NoBatch:
        abort(404)


def _back(batch_id: str) -> ResponseReturnValue:
    return redirect(url_for(".show", batch_id=batch_id), 303)


def _pressed() -> bool:
    if Confirmation().validate_on_submit():
        return True
    flash(_("This page was open for too long. Please press the button again."), "warning")
    return False


def _needs_reason(batch: Batch) -> bool:
    return batches.is_over_threshold(batch) or batches.is_below_floor(batch)
