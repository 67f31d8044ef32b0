"""Pages of consents and of what may be done with one: refer, pass on, let a colleague in."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from app.clock import utc_now
from app.envelopes import outbox
from app.web.guard import officer_required
from app.web.state import state
from compartments.counsel.blueprint import blueprint, case_of, desk
from compartments.counsel.cases import readers
from compartments.counsel.cases.answers import NoWayBack
from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.forms import Confirmation
from compartments.counsel.cases.opened import ChangedMeanwhile, Entry, Kind, OpenCase
from compartments.counsel.colleagues import same_people
from compartments.counsel.consents import service, words
from compartments.counsel.consents.forms import AnswerForm, ColleagueForm, ConsentForm, StepForm
from compartments.counsel.consents.service import COLLEAGUE, ONLINE, NoConsent
from compartments.counsel.incidents import service as incidents
from compartments.counsel.service import ACTIONS
from compartments.counsel.services import service as directory
from keys.randomness import new_id

_EVERYTHING = "*"


@blueprint.get("/cases/<case_id>/consents")
@officer_required
def consents(case_id: str) -> ResponseReturnValue:
    """What the person has agreed to, what is asked, and what was done with it."""
    opened = case_of(desk(), case_id)
    return render_template(
        "counsel/consents/list.html",
        case=opened,
        head=opened.head,
        consents=opened.entries(Kind.CONSENT),
        steps=opened.entries(Kind.REFERRAL),
        words=words,
        COLLEAGUE=COLLEAGUE,
        OUTWARD=service.OUTWARD,
    )


@blueprint.get("/cases/<case_id>/consents/new")
@officer_required(junior=False)
def consent_new(case_id: str) -> ResponseReturnValue:
    """Ask for a consent, or note one: the form."""
    form = ConsentForm(formdata=None)
    form.entry.data = new_id()
    return _show(case_of(desk(), case_id), form)


@blueprint.post("/cases/<case_id>/consents/new")
@officer_required(junior=False)
def consent_asked(case_id: str) -> ResponseReturnValue:
    """Ask for a consent, or note one."""
    opened, form = case_of(desk(), case_id), ConsentForm()
    if not form.validate_on_submit():
        return _show(opened, form)
    said = form.step.data, form.recipient.data or "", form.content.data or ""
    try:
        _ask_or_note(opened, said, form.form.data, form.entry.data or new_id())
    except NoWayBack:
        return _show(opened, form, [_no_way_back()])
    return _done(opened, _asked_or_noted(form.form.data))


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
    try:
        incidents.step_outside(
            opened,
            consent_id,
            consent.data["step"],
            way=form.way.data or "",
            entry_id=form.entry.data or new_id(),
            now=utc_now(),
        )
    except NoConsent:
        return _refused(opened)
    return _done(opened, _("Written down. The person sees that it was done."))


@blueprint.get("/cases/<case_id>/colleague")
@officer_required(junior=False)
def case_colleague(case_id: str) -> ResponseReturnValue:
    """Ask the person whether a colleague may read the case: the form."""
    at = desk()
    form = ColleagueForm(formdata=None)
    form.entry.data = new_id()
    return _show_colleagues(at, case_of(at, case_id), form)


@blueprint.post("/cases/<case_id>/colleague")
@officer_required(junior=False)
def case_colleague_asked(case_id: str) -> ResponseReturnValue:
    """Ask, or note that the person agrees."""
    at = desk()
    opened, form = case_of(at, case_id), ColleagueForm()
    form.account.choices = _choices(at, opened)
    if not form.validate_on_submit():
        return _show_colleagues(at, opened, form)
    account = form.account.data
    said = COLLEAGUE, at.others[account].name, _EVERYTHING
    try:
        _ask_or_note(opened, said, form.form.data, form.entry.data or new_id(), account)
    except NoWayBack:
        return _show_colleagues(at, opened, form, [_no_way_back()])
    return _done(opened, _asked_or_noted(form.form.data))


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
    return _done(opened, _("Written down."))


def _ask_or_note(
    opened: OpenCase, said: tuple[str, str, str], form: str, entry_id: str, account: str = ""
) -> None:
    now = utc_now()
    if form == ONLINE:
        service.ask(opened, *said, entry_id=entry_id, now=now, account=account)
    else:
        service.note(
            opened, *said, form=form, given_on=state().today, entry_id=entry_id, now=now, account=account
        )


def _asked_or_noted(form: str) -> str:
    if form == ONLINE:
        return str(
            _(
                "The question waits for the person. Nothing may be done before they agree with their receipt code."
            )
        )
    return str(_("The consent is noted, and in force. The person sees it with their receipt code."))


def _let_in(at: Desk, opened: OpenCase, consent: Entry) -> ResponseReturnValue:
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return redirect(url_for(".consents", case_id=opened.id), 303)
    try:
        service.let_in(opened, at.ring, consent.id, at.others, now=utc_now())
    except NoConsent:
        return _refused(opened)
    except readers.LeftOut:
        flash(_("This colleague must not read the case."), "danger")
        return redirect(url_for(".consents", case_id=opened.id), 303)
    except readers.NoColleague:
        flash(_("There is no such counsellor any more."), "danger")
        return redirect(url_for(".consents", case_id=opened.id), 303)
    return _done(opened, _("Your colleague can read the case now."))


def _consent_of(opened: OpenCase, consent_id: str) -> Entry:
    found = next((one for one in opened.entries(Kind.CONSENT) if one.id == consent_id), None)
    if found is None or found.data["step"] not in {*service.OUTWARD, COLLEAGUE}:
        abort(404)
    return found


def _referral_of(opened: OpenCase, referral_id: str) -> Entry:
    found = next((one for one in opened.entries(Kind.REFERRAL) if one.id == referral_id), None)
    if found is None:
        abort(404)
    return found


def _choices(at: Desk, opened: OpenCase) -> list[SelectChoice]:
    head = opened.head
    taken = {*head.readers, *same_people(head.excluded)}
    free = [one for one in at.others.values() if one.account not in taken]
    return [SelectChoice(one.account, one.name) for one in free]


def _show(opened: OpenCase, form: ConsentForm, trouble: list[str] | None = None) -> ResponseReturnValue:
    return render_template(
        "counsel/consents/new.html",
        case=opened,
        head=opened.head,
        form=form,
        trouble=trouble or [],
        services=directory.search(),
    )


def _show_step(opened: OpenCase, consent: Entry, form: StepForm) -> ResponseReturnValue:
    return render_template(
        "counsel/consents/use.html",
        case=opened,
        head=opened.head,
        consent=consent,
        form=form,
        words=words,
        service=directory.named(consent.data["recipient"]),
        COLLEAGUE=COLLEAGUE,
    )


def _show_colleagues(
    at: Desk, opened: OpenCase, form: ColleagueForm, trouble: list[str] | None = None
) -> ResponseReturnValue:
    form.account.choices = _choices(at, opened)
    return render_template(
        "counsel/consents/colleague.html", case=opened, head=opened.head, form=form, trouble=trouble or []
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


def _no_way_back() -> str:
    return str(_("This person has no receipt code. Note how they have decided instead."))


def _refused(opened: OpenCase) -> ResponseReturnValue:
    flash(_("There is no consent in force for this. Nothing was passed on."), "danger")
    return redirect(url_for(".consents", case_id=opened.id), 303)


def _done(opened: OpenCase, said: str) -> ResponseReturnValue:
    outbox.deliver(ACTIONS)
    flash(said, "success")
    return redirect(url_for(".consents", case_id=opened.id), 303)
