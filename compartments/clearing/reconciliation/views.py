"""Pages of the reconciliation: the batches, one of them with what passing it on would do, and the button."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.envelopes import outbox
from app.office import reminding
from app.office.blueprint import author
from app.vault import proposals
from app.web.guard import officer_required
from app.web.state import state
from compartments.clearing import dates, deciding
from compartments.clearing.floor import BelowFloor, floor
from compartments.clearing.reconciliation import restoring, restoring_views, service
from compartments.clearing.reconciliation.forms import Confirmation, ReasonForm
from compartments.clearing.reconciliation.models import WAITING, Batch
from compartments.clearing.service import ACTIONS

blueprint = Blueprint("reconciliation", __name__, url_prefix="/reconciliation")
blueprint.register_blueprint(restoring_views.blueprint)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The batches: those that wait, and the others."""
    return render_template(
        "clearing/reconciliation/index.html",
        waiting=service.waiting(),
        others=service.others(),
        restorations=restoring.waiting(),
        restored=restoring.others(),
    )


@blueprint.get("/calendar.ics")
@officer_required
def calendar_file() -> ResponseReturnValue:
    """The days, for an officer's own calendar."""
    return reminding.calendar_file(dates.days(), "clearing-reconciliation")


@blueprint.get("/<batch_id>")
@officer_required
def batch(batch_id: str) -> ResponseReturnValue:
    """One batch; while it waits, with what passing it on would do."""
    return _show(_find(batch_id), ReasonForm(formdata=None))


@blueprint.post("/<batch_id>/pass-on")
@officer_required(junior=False)
def pass_on(batch_id: str) -> ResponseReturnValue:
    """Pass a batch on, or propose it where it is too small for one officer."""
    found, form = _find(batch_id), ReasonForm()
    back = redirect(url_for(".batch", batch_id=batch_id), 303)
    if not form.validate_on_submit():
        return _show(found, form)
    try:
        seen = service.pass_on(batch_id, by=author(), day=state().today, reason=form.reason.data or "")
    except BelowFloor:
        if not form.reason.data:
            form.reason.errors = [_("Please say why: so small a change needs a reason and a second officer")]
            return _show(found, form)
        subject = {"batch": batch_id, "reason": form.reason.data}
        return deciding.propose(
            deciding.SMALL_BATCH, subject, form.reason.data, about=batch_id, back=back.location or ""
        )
    except service.NothingToPassOn:
        flash(
            _("No code is left of this batch, so nothing was sent. An empty list would lock everybody."),
            "warning",
        )
        return back
    except service.NoBatch:
        flash(_("Somebody has dealt with this batch already."), "info")
        return back
    outbox.deliver(ACTIONS)
    flash(
        _("%(number)s codes are on their way to the administration, shuffled.", number=seen.codes), "success"
    )
    return back


@blueprint.post("/<batch_id>/set-aside")
@officer_required(junior=False)
def set_aside(batch_id: str) -> ResponseReturnValue:
    """Put a batch away that shall not be passed on."""
    _find(batch_id)
    if Confirmation().validate_on_submit():
        try:
            service.set_aside(batch_id)
            flash(_("The batch is set aside. Nothing was sent."), "success")
        except service.NoBatch:
            flash(_("Somebody has dealt with this batch already."), "info")
    else:
        flash(_("This page was open for too long. Please press the button again."), "warning")
    return redirect(url_for(".index"), 303)


def _find(batch_id: str) -> Batch:
    try:
        return service.find(batch_id)
    except service.NoBatch:
        abort(404)


def _show(found: Batch, form: ReasonForm) -> ResponseReturnValue:
    return render_template(
        "clearing/reconciliation/batch.html",
        batch=found,
        seen=service.preview(found) if found.state == WAITING else None,
        proposed=proposals.open_about(deciding.SMALL_BATCH, found.id),
        floor=floor(),
        form=form,
        button=Confirmation(),
    )
