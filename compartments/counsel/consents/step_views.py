"""Pages of the steps that a consent allows: refer, pass on, let a colleague in; and what a service answered."""

from __future__ import annotations

from datetime import date

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.web.guard import officer_required
from app.web.state import state
from compartments.counsel.blueprint import blueprint, case_of, desk
from compartments.counsel.cases import readers
from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.forms import Confirmation
from compartments.counsel.cases.opened import ChangedMeanwhile, Entry, Kind, OpenCase
from compartments.counsel.cases.unfolding import GIVEN
from compartments.counsel.consents import service, words
from compartments.counsel.consents.forms import AnswerForm, HappenedForm, StepForm
from compartments.counsel.consents.service import COLLEAGUE, OUTWARD, NoConsent
from compartments.counsel.consents.views import done
from compartments.counsel.incidents import service as incidents
from compartments.counsel.services import service as directory
from keys.randomness import new_id


@blueprint.get("/cases/<case_id>/consents/<consent_id>/use")
@officer_required(junior=False)
def consent_use(case_id: str, consent_id: str) -> ResponseReturnValue:
    """Do what a consent allows: what exactly is passed on, and to whom."""
    opened = case_of(desk(), case_id)
    form = StepForm(formdata=None)
    form.entry.data = new_id()
    return _show_step(opened, _consent_of(opened, consent_id), form)


@blueprint.post("/cases/<case_id>/consents/<consent_id>/use")
@officer_required(junior=False)
def consent_used(case_id: str, consent_id: str) -> ResponseReturnValue:
    """Note that it was done. Refused where the consent is not, or no longer, in force."""
    at = desk()
    opened, form = case_of(at, case_id), StepForm()
    consent = _consent_of(opened, consent_id)
    if consent.data["step"] == COLLEAGUE:
        return _let_in(at, opened, consent)
    if not form.validate_on_submit():
        return _show_step(opened, consent, form)
    way, entry_id = form.way.data or "", form.entry.data or new_id()
    try:
        incidents.step_outside(
            opened, consent_id, consent.data["step"], way=way, entry_id=entry_id, now=utc_now()
        )
    except NoConsent:
        opened = case_of(at, case_id)
        consent = _consent_of(opened, consent_id)
        late = HappenedForm(formdata=None)
        late.entry.data, late.way.data, late.done_on.data = entry_id, way, state().today
        return _show_happened(opened, consent, late, refused=True)
    return done(opened, _("Written down. The person sees that it was done."))


@blueprint.get("/cases/<case_id>/consents/<consent_id>/happened")
@officer_required(junior=False)
def consent_happening(case_id: str, consent_id: str) -> ResponseReturnValue:
    """A consent is withdrawn, and something had gone out before anybody here had read that: the form."""
    opened = case_of(desk(), case_id)
    form = HappenedForm(formdata=None)
    form.entry.data = new_id()
    return _show_happened(opened, _withdrawn(opened, consent_id), form)


@blueprint.post("/cases/<case_id>/consents/<consent_id>/happened")
@officer_required(junior=False)
def consent_happened(case_id: str, consent_id: str) -> ResponseReturnValue:
    """Note it: the person learns the truth, and whoever has received it is told of the withdrawal."""
    at, form = desk(), HappenedForm()
    opened = case_of(at, case_id)
    if not service.was_in_force(opened, _consent_of(opened, consent_id)):
        return _agreed_again(opened, consent_id, form)
    if not form.validate_on_submit() or form.done_on.data is None:
        return _show_happened(opened, _consent_of(opened, consent_id), form)
    try:
        incidents.had_happened(
            opened,
            consent_id,
            way=form.way.data or "",
            done_on=form.done_on.data,
            entry_id=form.entry.data or new_id(),
            now=utc_now(),
        )
    except NoConsent:
        return _agreed_again(case_of(at, case_id), consent_id, form)
    done(opened, _("Written down. Now tell the recipient that the consent is withdrawn."))
    return redirect(url_for(".case", case_id=case_id), 303)


@blueprint.get("/cases/<case_id>/referrals/<referral_id>")
@officer_required
def referral(case_id: str, referral_id: str) -> ResponseReturnValue:
    """A step outside: what was passed on, to be printed too, and what came back."""
    opened = case_of(desk(), case_id)
    found = _referral_of(opened, referral_id)
    form = AnswerForm(formdata=None)
    form.version.data, form.answer.data = str(found.version), found.data["answer"]
    form.answered_on.data = state().today
    return _show_referral(opened, found, form)


@blueprint.post("/cases/<case_id>/referrals/<referral_id>")
@officer_required(junior=False)
def referral_answered(case_id: str, referral_id: str) -> ResponseReturnValue:
    """Write down what the service said."""
    opened, form = case_of(desk(), case_id), AnswerForm()
    found = _referral_of(opened, referral_id)
    form.asked_on = date.fromisoformat(found.data["done_on"])
    if not form.validate_on_submit() or form.answered_on.data is None:
        return _show_referral(opened, found, form)
    version = int(form.version.data) if str(form.version.data).isdecimal() else 0
    try:
        service.note_answer(
            opened,
            referral_id,
            form.answer.data or "",
            answered_on=form.answered_on.data,
            version=version,
            now=utc_now(),
        )
    except ChangedMeanwhile as changed:
        form.version.data = str(changed.present.version)
        return _show_referral(opened, changed.present, form, stale=True)
    return done(opened, _("Written down."))


def _let_in(at: Desk, opened: OpenCase, consent: Entry) -> ResponseReturnValue:
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return redirect(url_for(".consents", case_id=opened.id), 303)
    try:
        incidents.let_in(opened, at.ring, consent.id, at.others, now=utc_now())
    except NoConsent:
        trouble = _("There is no consent in force for this. Nobody was let in.")
    except readers.LeftOut:
        trouble = _("This colleague must not read the case.")
    except readers.NoColleague:
        trouble = _("There is no such counsellor any more.")
    else:
        return done(opened, _("Done: the case can be read along now."))
    flash(trouble, "danger")
    return redirect(url_for(".consents", case_id=opened.id), 303)


def _consent_of(opened: OpenCase, consent_id: str) -> Entry:
    found = next((one for one in opened.entries(Kind.CONSENT) if one.id == consent_id), None)
    if found is None or found.data["step"] not in {*OUTWARD, COLLEAGUE}:
        abort(404)
    return found


def _withdrawn(opened: OpenCase, consent_id: str) -> Entry:
    found = _consent_of(opened, consent_id)
    if not service.was_in_force(opened, found):
        abort(404)
    return found


def _referral_of(opened: OpenCase, referral_id: str) -> Entry:
    found = next((one for one in opened.entries(Kind.REFERRAL) if one.id == referral_id), None)
    if found is None:
        abort(404)
    return found


def _show_step(opened: OpenCase, consent: Entry, form: StepForm) -> ResponseReturnValue:
    return render_template(
        "counsel/consents/use.html",
        case=opened,
        head=opened.head,
        consent=consent,
        done=service.made_from(opened, consent.id),
        form=form,
        words=words,
        service=directory.named(consent.data["recipient"]),
        COLLEAGUE=COLLEAGUE,
    )


def _agreed_again(opened: OpenCase, consent_id: str, form: HappenedForm) -> ResponseReturnValue:
    """The person has agreed again since the page was opened: so the step itself is to be noted, with what was typed."""
    consent = _consent_of(opened, consent_id)
    if consent.data["decision"] != GIVEN:
        abort(404)
    step = StepForm(formdata=None)
    step.entry.data, step.way.data = form.entry.data, form.way.data
    flash(_("The person has agreed again meanwhile. Note the step here instead."), "warning")
    return _show_step(opened, consent, step)


def _show_happened(
    opened: OpenCase, consent: Entry, form: HappenedForm, *, refused: bool = False
) -> ResponseReturnValue:
    return render_template(
        "counsel/consents/happened.html",
        case=opened,
        head=opened.head,
        consent=consent,
        form=form,
        refused=refused,
        over=service.was_in_force(opened, consent),
        words=words,
    )


def _show_referral(
    opened: OpenCase, found: Entry, form: AnswerForm, *, stale: bool = False
) -> ResponseReturnValue:
    return render_template(
        "counsel/consents/referral.html",
        case=opened,
        head=opened.head,
        one=found,
        form=form,
        stale=stale,
        words=words,
        author=found.by,
    )
