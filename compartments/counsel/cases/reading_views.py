"""Pages about who reads a case, and its end: stepping out, letting a colleague in with consent, closing, opening again."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, format_date, ngettext
from flask_babel import gettext as _

from app.clock import utc_now
from app.envelopes import outbox
from app.office.leaving import add_loss
from app.web.guard import officer_required
from app.web.i18n import LANGUAGES
from app.web.state import state
from compartments.counsel.blueprint import blueprint, case_of, desk
from compartments.counsel.cases import due, overview, readers, words, work
from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.forms import ClosingForm, Confirmation, SteppingOutForm
from compartments.counsel.cases.models import OPEN
from compartments.counsel.cases.opened import OpenCase
from compartments.counsel.consents.handover import asked, waiting_to_come_in
from compartments.counsel.consents.service import may_count, to_recall
from compartments.counsel.incidents import service as incidents
from compartments.counsel.service import ACTIONS


def _lost_with(account: str) -> str | None:
    """What a colleague has to know who ends an access: how many cases go with it. Which ones, and whose, nobody else knows."""
    alone = overview.alone(account)
    if alone is None:
        return None
    return str(
        ngettext(
            "%(num)s case can be read by nobody else (as of %(day)s). Without this access it is closed for ever, to the board too: they should let a colleague in first, with the person's consent.",
            "%(num)s cases can be read by nobody else (as of %(day)s). Without this access they are closed for ever, to the board too: they should let a colleague in first, with the person's consent.",
            alone.cases,
            day=format_date(alone.counted_on, "medium"),
        )
    )


add_loss(blueprint, "counsel", _lost_with)


@blueprint.get("/cases/<case_id>/readers")
@officer_required(junior=False)
def case_readers(case_id: str) -> ResponseReturnValue:
    """Who reads this case, who must not, and stepping out of it."""
    at = desk()
    return show_readers(at, case_of(at, case_id), SteppingOutForm(formdata=None))


@blueprint.post("/cases/<case_id>/step-out")
@officer_required(junior=False)
def case_step_out(case_id: str) -> ResponseReturnValue:
    """Leave a case for ever."""
    at = desk()
    opened, form = case_of(at, case_id), SteppingOutForm()
    if not form.validate_on_submit():
        return show_readers(at, opened, form)
    try:
        readers.step_out(opened, at.ring, at.others, reason=form.reason.data or "", now=utc_now())
    except readers.LastReader:
        return show_readers(at, opened, form, [_last_reader()])
    outbox.deliver(ACTIONS)
    flash(_("You have stepped out. The case has a new key, and you can't read it any more."), "success")
    return redirect(url_for(".cases"), 303)


@blueprint.get("/cases/<case_id>/close")
@officer_required(junior=False)
def case_close(case_id: str) -> ResponseReturnValue:
    """The end of a case: the form, and what follows from it."""
    opened = case_of(desk(), case_id)
    if opened.row.state != OPEN:
        abort(404)
    form = ClosingForm(formdata=None)
    form.version.data = str(work.spoken(opened))
    if opened.head.reach is not None:
        with force_locale(opened.head.language if opened.head.language in LANGUAGES else "de"):
            form.word.data = _last_word(opened)
    return _show_closing(opened, form)


@blueprint.post("/cases/<case_id>/close")
@officer_required(junior=False)
def case_closed(case_id: str) -> ResponseReturnValue:
    """Close a case."""
    opened, form = case_of(desk(), case_id), ClosingForm()
    if not form.validate_on_submit():
        return _show_closing(opened, form)
    text, word = form.text.data or "", form.word.data or ""
    try:
        if opened.row.state == OPEN:
            work.close(opened, text=text, now=utc_now(), word=word, said=form.words_seen)
    except work.SpokenMeanwhile:
        form.version.data = str(work.spoken(opened))
        flash(
            _(
                "The person has written, or a colleague has answered, while you were writing. Please read it first."
            ),
            "warning",
        )
        return _show_closing(opened, form)
    outbox.deliver(ACTIONS)
    flash(_("The case is closed."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)


@blueprint.post("/cases/<case_id>/reopen")
@officer_required(junior=False)
def case_reopen(case_id: str) -> ResponseReturnValue:
    """Go on with a case."""
    opened = case_of(desk(), case_id)
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
    elif opened.row.state != OPEN:
        work.reopen(opened, now=utc_now())
        outbox.deliver(ACTIONS)
        flash(_("The case is open again."), "success")
    return redirect(url_for(".case", case_id=case_id), 303)


def show_readers(
    at: Desk, opened: OpenCase, form: SteppingOutForm, trouble: list[str] | None = None
) -> ResponseReturnValue:
    """The page, with what was typed into it."""
    return render_template(
        "counsel/cases/readers.html",
        case=opened,
        head=opened.head,
        form=form,
        trouble=trouble or [],
        others=at.others,
        only=readers.only_reader(opened, at.others),
        may_come_in=waiting_to_come_in(opened),
        asked=asked(opened),
    )


def _show_closing(opened: OpenCase, form: ClosingForm) -> ResponseReturnValue:
    return render_template(
        "counsel/cases/close.html",
        case=opened,
        head=opened.head,
        form=form,
        erase_on=work.closing_day(opened, state().today),
        due=[one for one in due.dates(opened) if one.what != "erase"],
        to_do=due.still_to_do(opened),
        recalls=to_recall(opened),
        counted=incidents.counted_of(opened),
        may_count=may_count(opened),
        words=words,
    )


def _last_word(opened: OpenCase) -> str:
    """What is proposed as a last word, in the person's language."""
    day = format_date(work.closing_day(opened, state().today), "long")
    return str(
        _(
            "For now our work together ends here. You can write again with your code whenever you need to. On %(day)s everything that was written here is erased.",
            day=day,
        )
    )


def _last_reader() -> str:
    return str(
        _(
            "Nobody else reads this case; it would be lost. Let a colleague in first, with the person's consent, or close the case."
        )
    )
