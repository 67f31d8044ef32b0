"""Pages of consents: what the person has agreed to, asking them, and noting how they have decided."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from app.clock import utc_now
from app.envelopes import outbox
from app.web.guard import officer_required
from app.web.state import state
from compartments.counsel.blueprint import blueprint, case_of, desk
from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.opened import Kind, OpenCase
from compartments.counsel.cases.unfolding import STATISTICS
from compartments.counsel.colleagues import same_people
from compartments.counsel.consents import handover, service, words
from compartments.counsel.consents.forms import ColleagueForm, ConsentForm
from compartments.counsel.consents.service import COLLEAGUE, EVERYTHING, ONLINE
from compartments.counsel.service import ACTIONS
from compartments.counsel.services import service as directory
from keys.randomness import new_id


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
        made={one.id: service.made_from(opened, one.id) for one in opened.entries(Kind.CONSENT)},
        over={one.id for one in opened.entries(Kind.CONSENT) if service.was_in_force(opened, one)},
        may_come_in={one.id for one in handover.waiting_to_come_in(opened)},
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
    step = form.step.data
    recipient, content = form.recipient.data or "", form.content.data or ""
    said = (step, "", "") if step == STATISTICS else (step, recipient, content)
    return _ask_or_note(opened, form, said) or _show(opened, form, [_no_way_back()])


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
    form.account.choices = choices(at, opened)
    if not form.validate_on_submit():
        return _show_colleagues(at, opened, form)
    account = form.account.data
    said = COLLEAGUE, at.others[account].name, EVERYTHING
    return _ask_or_note(opened, form, said, account) or _show_colleagues(at, opened, form, [_no_way_back()])


def _ask_or_note(
    opened: OpenCase, form: ConsentForm | ColleagueForm, said: tuple[str, str, str], account: str = ""
) -> ResponseReturnValue | None:
    """None where the person can't be asked here."""
    form_of_it, now, entry_id = form.form.data, utc_now(), form.entry.data or new_id()
    purpose = "" if said[0] == STATISTICS else form.purpose.data or ""
    if form_of_it != ONLINE:
        service.note(
            opened, *said, form=form_of_it, given_on=state().today, entry_id=entry_id, now=now, account=account,
            purpose=purpose,
        )  # fmt: skip
    elif opened.head.reach is None:
        return None
    else:
        service.ask(opened, *said, entry_id=entry_id, now=now, account=account, purpose=purpose)
    return done(opened, _asked_or_noted(form_of_it))


def _asked_or_noted(form: str) -> str:
    if form == ONLINE:
        return str(
            _(
                "The question waits for the person. Nothing may be done before they agree with their receipt code."
            )
        )
    return str(_("The consent is noted, and in force. The person sees it with their receipt code."))


def choices(at: Desk, opened: OpenCase) -> list[SelectChoice]:
    """The colleagues who don't read the case, and may."""
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


def _show_colleagues(
    at: Desk, opened: OpenCase, form: ColleagueForm, trouble: list[str] | None = None
) -> ResponseReturnValue:
    form.account.choices = choices(at, opened)
    return render_template(
        "counsel/consents/colleague.html", case=opened, head=opened.head, form=form, trouble=trouble or []
    )


def _no_way_back() -> str:
    return str(_("This person has no receipt code. Note how they have decided instead."))


def done(opened: OpenCase, said: str) -> ResponseReturnValue:
    """Say what was done, on the page of the case's consents."""
    outbox.deliver(ACTIONS)
    flash(said, "success")
    return redirect(url_for(".consents", case_id=opened.id), 303)
