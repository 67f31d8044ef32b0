"""Pages of keys that are good again: what carrying it out would do, and the button."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.envelopes import outbox
from app.office.blueprint import author
from app.vault import proposals
from app.web.guard import officer_required
from app.web.state import state
from compartments.clearing import deciding
from compartments.clearing.floor import BelowFloor, floor
from compartments.clearing.keysets.models import Restoration
from compartments.clearing.keysets.views import claim_key
from compartments.clearing.reconciliation import restoring
from compartments.clearing.reconciliation.forms import ReasonForm
from compartments.clearing.service import ACTIONS

blueprint = Blueprint("restoring", __name__, url_prefix="/taken-back")


@blueprint.get("/<restoration_id>")
@officer_required
def show(restoration_id: str) -> ResponseReturnValue:
    """One of them; while it waits, with what it would do."""
    return _show(_find(restoration_id), ReasonForm(formdata=None))


@blueprint.post("/<restoration_id>")
@officer_required(junior=False)
def carry_out(restoration_id: str) -> ResponseReturnValue:
    """Carry it out, or propose it where the administration would be told of too few."""
    found, form = _find(restoration_id), ReasonForm()
    here = url_for(".show", restoration_id=restoration_id)
    if not form.validate_on_submit():
        return _show(found, form)
    reason = form.reason.data or ""
    try:
        restoring.carry_out(
            restoration_id, claim_key=claim_key(), by=author(), day=state().today, reason=reason
        )
    except BelowFloor:
        if not reason:
            form.reason.errors = [_("Please say why: so few codes need a reason and a second officer")]
            return _show(found, form)
        subject = {"restoration": restoration_id, "reason": reason}
        return deciding.propose(deciding.RESTORATION, subject, reason, about=restoration_id, back=here)
    except restoring.NoRestoration:
        flash(_("Somebody has dealt with this already."), "info")
        return redirect(here, 303)
    outbox.deliver(ACTIONS)
    flash(_("The keys are good again."), "success")
    return redirect(here, 303)


def _find(restoration_id: str) -> Restoration:
    try:
        return restoring.find(restoration_id)
    except restoring.NoRestoration:
        abort(404)


def _show(found: Restoration, form: ReasonForm) -> ResponseReturnValue:
    return render_template(
        "clearing/reconciliation/taken_back.html",
        one=found,
        seen=restoring.preview(found) if found.done_on is None else None,
        proposed=proposals.open_about(deciding.RESTORATION, found.id),
        floor=floor(),
        form=form,
    )
