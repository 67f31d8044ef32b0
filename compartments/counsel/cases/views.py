"""Pages of a case: its timeline, and what is written in it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.envelopes import outbox
from app.web.downloads import strangers_file
from app.web.guard import officer_required
from app.web.state import state
from compartments.counsel.blueprint import blueprint, case_of, desk
from compartments.counsel.cases import due, readers, timeline, unreadable, words, work
from compartments.counsel.cases.forms import (
    AnswerForm,
    Confirmation,
)
from compartments.counsel.cases.opened import Entry, Kind, NoCase, OpenCase
from compartments.counsel.consents import words as consent_words
from compartments.counsel.consents.handover import waiting_to_come_in
from compartments.counsel.consents.service import to_recall
from compartments.counsel.counsellors.forms import language_names
from compartments.counsel.service import ACTIONS
from keys.randomness import new_id


@blueprint.get("/cases/<case_id>")
@officer_required
def case(case_id: str) -> ResponseReturnValue:
    """A case: what is due, the timeline, and what one can do."""
    opened, form = case_of(desk(), case_id), AnswerForm(formdata=None)
    form.entry.data, form.version.data = new_id(), str(work.spoken(opened))
    return _show(opened, form)


@blueprint.post("/cases/<case_id>/answer")
@officer_required(junior=False)
def case_answer(case_id: str) -> ResponseReturnValue:
    """Answer the person. Where something was said meanwhile it is shown first, and the answer waits."""
    opened, form = case_of(desk(), case_id), AnswerForm()
    if opened.head.reach is None:
        abort(404)
    if not form.validate_on_submit():
        return _show(opened, form)
    entry_id, tells = form.entry.data or new_id(), bool(form.tells.data)
    try:
        work.reply(
            opened, form.text.data or "", entry_id=entry_id, now=utc_now(), tells=tells, said=form.words_seen
        )
    except work.SpokenMeanwhile:
        return _show_since(opened, form)
    return done(opened, _("Your answer waits for the person. They read it with their receipt code."))


@blueprint.post("/cases/<case_id>/take")
@officer_required(junior=False)
def case_take(case_id: str) -> ResponseReturnValue:
    """Be in charge of a case."""
    opened = case_of(desk(), case_id)
    if not Confirmation().validate_on_submit():
        return again(opened)
    work.take(opened, now=utc_now())
    return stay(opened, _("You are in charge of this case now."))


@blueprint.post("/cases/<case_id>/hand-over")
@officer_required(junior=False)
def case_handed_over(case_id: str) -> ResponseReturnValue:
    """Put a colleague in charge who reads the case."""
    opened, account = case_of(desk(), case_id), request.form.get("account", "")
    if not Confirmation().validate_on_submit() or account not in opened.head.readers:
        return again(opened)
    work.hand_over(opened, account, now=utc_now())
    return stay(opened, _("%(name)s is in charge of this case now.", name=opened.head.readers[account]))


@blueprint.post("/cases/<case_id>/seen")
@officer_required(junior=False)
def case_seen(case_id: str) -> ResponseReturnValue:
    """Nothing is new any more."""
    opened = case_of(desk(), case_id)
    if not Confirmation().validate_on_submit():
        return again(opened)
    form = AnswerForm()
    try:
        work.seen(opened, now=utc_now(), said=form.words_seen)
    except work.SpokenMeanwhile:
        return _show_since(opened, form)
    return stay(opened, _("Marked as read."))


@blueprint.get("/cases/<case_id>/files/<entry_id>/<int:number>")
@officer_required
def case_file(case_id: str, entry_id: str, number: int) -> ResponseReturnValue:
    """A file that the person sent; to be saved, never shown in the page."""
    entry = entry_of(case_of(desk(), case_id), entry_id)
    if number >= len(entry.files):
        abort(404)
    file = entry.files[number]
    return strangers_file(file.parts(), file.media_type, file.name)


def entry_of(opened: OpenCase, entry_id: str) -> Entry:
    """An entry of the case; 404 where it has none of that id."""
    try:
        return opened.entry(entry_id)
    except NoCase:
        abort(404)


def _show_since(opened: OpenCase, form: AnswerForm) -> ResponseReturnValue:
    """Show first what was said since the page was opened; what is being written stays."""
    meanwhile = timeline.spoken(opened)[form.words_seen or 0 :]
    form.entry.data, form.version.data = form.entry.data or new_id(), str(work.spoken(opened))
    return _show(opened, form, meanwhile)


def _show(opened: OpenCase, form: AnswerForm, meanwhile: Sequence[timeline.Item] = ()) -> ResponseReturnValue:
    at, items = desk(), timeline.of(opened)
    theme = request.args.get("show", timeline.EVERYTHING)
    return render_template(
        "counsel/cases/case.html",
        case=opened,
        head=opened.head,
        form=form,
        button=Confirmation(formdata=None),
        days=timeline.by_day(items, theme if theme in timeline.THEMES else timeline.EVERYTHING),
        glance=timeline.glance(items),
        safety=[one for one in items if one.kind == Kind.SAFETY],
        theme=theme,
        due=due.dates(opened),
        to_do=due.still_to_do(opened),
        meanwhile=meanwhile,
        others=[(one, name) for one, name in opened.head.readers.items() if one in at.others],
        kinds=words.ADD,
        words=words,
        spoken=language_names(),
        consent_words=consent_words,
        today=state().today,
        recalls=to_recall(opened),
        unreadable=sum(one.case.id == opened.id for one in unreadable.of(at)),
        only=readers.only_reader(opened, at.others),
        may_come_in=waiting_to_come_in(opened),
    )


def done(opened: OpenCase, said: str) -> ResponseReturnValue:
    """Say what was done, on the case's page."""
    outbox.deliver(ACTIONS)
    flash(said, "success")
    return redirect(url_for(".case", case_id=opened.id), 303)


def stay(opened: OpenCase, said: str) -> ResponseReturnValue:
    """Go on where one was: what had been typed as an answer when another button was pressed is still there."""
    form = AnswerForm()
    if not form.text.data or opened.head.reach is None:
        return done(opened, said)
    outbox.deliver(ACTIONS)
    flash(said, "success")
    return _show(opened, form)


def again(opened: OpenCase) -> ResponseReturnValue:
    """Ask for the button to be pressed once more."""
    flash(_("This page was open for too long. Please press the button again."), "warning")
    return redirect(url_for(".case", case_id=opened.id), 303)
