"""Pages of withdrawing: noting that a person has taken a consent back, and that whoever had received something was told."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.envelopes import outbox
from app.web.guard import officer_required
from compartments.counsel.blueprint import blueprint, case_of, desk
from compartments.counsel.cases.forms import Confirmation
from compartments.counsel.cases.opened import Kind, NoCase
from compartments.counsel.consents import service, words
from compartments.counsel.consents.service import NoConsent
from compartments.counsel.incidents import service as incidents
from compartments.counsel.service import ACTIONS


@blueprint.get("/cases/<case_id>/consents/<consent_id>/withdraw")
@officer_required(junior=False)
def consent_withdrawing(case_id: str, consent_id: str) -> ResponseReturnValue:
    """What withdrawing means, on a page of its own: it mustn't be pressed by mistake."""
    opened = case_of(desk(), case_id)
    consent = next((one for one in service.in_force(opened, *service.STEPS) if one.id == consent_id), None)
    if consent is None:
        abort(404)
    made = [one for one in opened.entries(Kind.REFERRAL) if one.data["consent"] == consent_id]
    return render_template(
        "counsel/consents/withdraw.html",
        case=opened,
        head=opened.head,
        consent=consent,
        made=made,
        words=words,
        form=Confirmation(formdata=None),
    )


@blueprint.post("/cases/<case_id>/consents/<consent_id>/withdraw")
@officer_required(junior=False)
def consent_withdraw(case_id: str, consent_id: str) -> ResponseReturnValue:
    """Take a consent back because the person said so."""
    opened = case_of(desk(), case_id)
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return redirect(url_for(".consents", case_id=case_id), 303)
    try:
        incidents.withdraw(opened, consent_id, now=utc_now())
    except (NoConsent, NoCase):
        abort(404)
    outbox.deliver(ACTIONS)
    flash(_("The consent is withdrawn. Nothing more is passed on with it."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)


@blueprint.post("/cases/<case_id>/consents/<consent_id>/recalled")
@officer_required(junior=False)
def consent_recalled(case_id: str, consent_id: str) -> ResponseReturnValue:
    """Note that whoever had received something knows of the withdrawal."""
    opened = case_of(desk(), case_id)
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
    else:
        try:
            service.recalled(opened, consent_id, now=utc_now())
        except NoConsent:
            abort(404)
        outbox.deliver(ACTIONS)
        flash(_("Noted."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)
