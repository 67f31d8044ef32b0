"""Pages of erasure: what goes when, erasing a case, keeping one longer, and the receipts."""

from __future__ import annotations

from datetime import date

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
from compartments.counsel.retention import service, words
from compartments.counsel.retention.forms import ErasureForm, KeepingForm
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
    return _show(case_of(desk(), case_id), ErasureForm(formdata=None), KeepingForm(formdata=None))


@blueprint.post("/cases/<case_id>/erase")
@officer_required(junior=False, stepped_up=True)
def case_erased(case_id: str) -> ResponseReturnValue:
    """Destroy the case's key and all that it sealed."""
    opened, form = case_of(desk(), case_id), ErasureForm()
    if not form.validate_on_submit():
        return _show(opened, form, KeepingForm(formdata=None))
    rule = service.ON_REQUEST if opened.head.erasure_wanted else service.BY_HAND
    try:
        erased = service.erase(opened, rule, backups_kept=state().settings.backups_kept, now=utc_now())
    except service.KeptByLaw:
        return _show(opened, form, KeepingForm(formdata=None), [_kept_by_law(opened)])
    outbox.deliver(ACTIONS)
    flash(_("Erased. The receipt has the number %(number)s.", number=erased.number), "success")
    return redirect(url_for(".retention"), 303)


@blueprint.post("/cases/<case_id>/keep")
@officer_required(junior=False)
def case_kept(case_id: str) -> ResponseReturnValue:
    """Put the erasure off."""
    opened, form = case_of(desk(), case_id), KeepingForm()
    if not form.validate_on_submit() or form.until.data is None:
        return _show(opened, ErasureForm(formdata=None), form)
    try:
        service.keep_longer(opened, form.until.data, reason=form.reason.data or "", now=utc_now())
    except ValueError:
        form.until.errors = [_why_not(case_of(desk(), case_id).row.erase_on)]
        return _show(opened, ErasureForm(formdata=None), form)
    outbox.deliver(ACTIONS)
    flash(_("The case is kept until the new day."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)


def _show(
    opened: OpenCase, form: ErasureForm, keeping: KeepingForm, trouble: list[str] | None = None
) -> ResponseReturnValue:
    return render_template(
        "counsel/retention/erase.html",
        case=opened,
        head=opened.head,
        form=form,
        keeping=keeping,
        trouble=trouble or [],
        backups_until=state().today + state().settings.backups_kept,
    )


def _why_not(erase_on: date | None) -> str:
    """Why an erasure can't be put off to a day; read anew, for a colleague may have opened the case again or put it off meanwhile."""
    if erase_on is None:
        return str(_("No erasure is planned for this case any more, so there is nothing to put off."))
    latest = state().today + service.LONGEST_EXTENSION
    if erase_on > latest:
        day = format_date(erase_on, "long")
        return str(_("It is kept until %(day)s anyway, which is more than a year from now.", day=day))
    return str(
        _(
            "Choose a day from %(first)s to %(last)s: an erasure is never brought forward here, and put off by a year from today at most.",
            first=format_date(max(erase_on, state().today), "long"),
            last=format_date(latest, "long"),
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
