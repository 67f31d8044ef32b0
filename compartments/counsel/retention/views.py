"""Pages of erasure: what goes when, erasing a case, keeping one longer, and the receipts."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from app.clock import utc_now
from app.envelopes import outbox
from app.web.guard import officer_required
from app.web.state import state
from compartments.counsel.blueprint import blueprint, case_of, desk
from compartments.counsel.cases.deadlines import ERASE_A_REPORT_AFTER_YEARS
from compartments.counsel.cases.opened import OpenCase
from compartments.counsel.consents import words as consent_words
from compartments.counsel.retention import service, words
from compartments.counsel.retention.forms import ErasureForm, KeepingForm
from compartments.counsel.retention.pending import StillNeeded, erase_by_hand, pending
from compartments.counsel.service import ACTIONS


@blueprint.get("/retention")
@officer_required
def retention() -> ResponseReturnValue:
    """What goes when, and what has gone."""
    return render_template(
        "counsel/retention/index.html",
        upcoming=service.upcoming(desk(), state().today),
        receipts=service.receipts(),
        periods=service.periods(),
        report_after=(service.AFTER_A_REPORT, ERASE_A_REPORT_AFTER_YEARS),
        backups=state().settings.backups_kept,
        words=words,
    )


@blueprint.get("/cases/<case_id>/erase")
@officer_required(junior=False, stepped_up=True)
def case_erase(case_id: str) -> ResponseReturnValue:
    """Erase a case now, or keep it longer: the forms, and what follows."""
    opened = case_of(desk(), case_id)
    return _show(opened, _form(opened, blank=True), KeepingForm(formdata=None))


@blueprint.post("/cases/<case_id>/erase")
@officer_required(junior=False, stepped_up=True)
def case_erased(case_id: str) -> ResponseReturnValue:
    """Destroy the case's key and all that it sealed."""
    opened = case_of(desk(), case_id)
    form = _form(opened)
    if not form.validate_on_submit():
        return _show(opened, form, KeepingForm(formdata=None))
    despite = form.despite is not None
    reason = form.reason.data or "" if form.reason else ""
    backups_kept = state().settings.backups_kept
    try:
        erased = erase_by_hand(
            opened, reason=reason, despite=despite, backups_kept=backups_kept, now=utc_now()
        )
    except service.KeptByLaw:
        return _show(opened, form, KeepingForm(formdata=None))
    except StillNeeded:
        again = case_of(desk(), case_id)
        return _show(again, _form(again), KeepingForm(formdata=None), [_something_new()])
    outbox.deliver(ACTIONS)
    flash(_("Erased. The receipt has the number %(number)s.", number=erased.number), "success")
    return redirect(url_for(".retention"), 303)


@blueprint.post("/cases/<case_id>/keep")
@officer_required(junior=False)
def case_kept(case_id: str) -> ResponseReturnValue:
    """Put the erasure off."""
    opened, form = case_of(desk(), case_id), KeepingForm()
    if not form.validate_on_submit() or form.until.data is None:
        return _show(opened, _form(opened, blank=True), form)
    try:
        service.keep_longer(opened, form.until.data, reason=form.reason.data or "", now=utc_now())
    except ValueError:
        opened = case_of(desk(), case_id)
        form.until.errors = [_why_not(opened)]
        return _show(opened, _form(opened, blank=True), form)
    outbox.deliver(ACTIONS)
    flash(_("The case is kept until the new day."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)


def _show(
    opened: OpenCase, form: ErasureForm, keeping: KeepingForm, trouble: list[str] | None = None
) -> ResponseReturnValue:
    return render_template(
        "counsel/retention/erase.html",
        words=consent_words,
        case=opened,
        head=opened.head,
        form=form,
        keeping=keeping,
        trouble=trouble or [],
        pending=pending(opened),
        by_law=_kept_by_law(opened) if service.kept_by_law(opened, state().today) else "",
        days=service.may_be_kept_until(opened, state().today),
        backups_until=state().today + state().settings.backups_kept,
    )


def _form(opened: OpenCase, *, blank: bool = False) -> ErasureForm:
    """Who decides against something that is pending says so, and whoever wrote in is told why; not who has asked for it."""
    told = opened.head.reach is not None and not opened.head.erasure_wanted
    return ErasureForm.of(despite=pending(opened).speaks_against, reason=told, blank=blank)


def _something_new() -> str:
    return str(_("Something has come in since you opened this page. Look at what speaks against erasing it."))


def _why_not(case: OpenCase) -> str:
    """Why an erasure can't be put off to a day; read anew, for a colleague may have opened the case again or put it off meanwhile."""
    erase_on, days = case.row.erase_on, service.may_be_kept_until(case, state().today)
    if erase_on is None:
        return str(_("No erasure is planned for this case any more, so there is nothing to put off."))
    if days is None:
        day = format_date(erase_on, "long")
        return str(_("It is kept until %(day)s anyway, which is more than a year from now.", day=day))
    return str(
        _(
            "Choose a day from %(first)s to %(last)s: an erasure is never brought forward here, and put off by a year from today at most.",
            first=format_date(days[0], "long"),
            last=format_date(days[1], "long"),
        )
    )


def _kept_by_law(case: OpenCase) -> str:
    if case.row.erase_on is None:
        return str(
            _(
                "The whistleblower law asks to keep this case until three years after its end, and it is still open (HinSchG § 11)."
            )
        )
    day = format_date(case.row.erase_on, "long")
    return str(
        _(
            "The whistleblower law asks to keep this case until three years after its end: until %(day)s (HinSchG § 11).",
            day=day,
        )
    )
