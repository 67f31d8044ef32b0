"""Pages of a case: its timeline, and what is written in it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.envelopes import outbox
from app.web.downloads import strangers_file
from app.web.guard import officer_required
from app.web.state import state
from compartments.counsel.blueprint import blueprint, case_of, desk
from compartments.counsel.cases import readers, timeline, unreadable, words, work
from compartments.counsel.cases.forms import (
    FORMS,
    AnswerForm,
    Confirmation,
    DescriptionForm,
    EntryForm,
    RecordForm,
)
from compartments.counsel.cases.opened import ChangedMeanwhile, Entry, Kind, NoCase, OpenCase
from compartments.counsel.consents import words as consent_words
from compartments.counsel.consents.service import to_recall
from compartments.counsel.service import ACTIONS
from keys.randomness import new_id


@blueprint.get("/cases/<case_id>")
@officer_required
def case(case_id: str) -> ResponseReturnValue:
    """A case: what is due, the timeline, and what one can do."""
    form = AnswerForm(formdata=None)
    form.entry.data = new_id()
    return _show(case_of(desk(), case_id), form)


@blueprint.post("/cases/<case_id>/answer")
@officer_required(junior=False)
def case_answer(case_id: str) -> ResponseReturnValue:
    """Answer the person."""
    opened, form = case_of(desk(), case_id), AnswerForm()
    if opened.head.reach is None:
        abort(404)
    if not form.validate_on_submit():
        return _show(opened, form)
    entry_id, tells = form.entry.data or new_id(), bool(form.tells.data)
    work.reply(opened, form.text.data or "", entry_id=entry_id, now=utc_now(), tells=tells)
    return _done(opened, _("Your answer waits for the person. They read it with their receipt code."))


@blueprint.post("/cases/<case_id>/take")
@officer_required(junior=False)
def case_take(case_id: str) -> ResponseReturnValue:
    """Be in charge of a case."""
    opened = case_of(desk(), case_id)
    if not Confirmation().validate_on_submit():
        return _again(opened)
    work.take(opened, now=utc_now())
    return _done(opened, _("You are in charge of this case now."))


@blueprint.post("/cases/<case_id>/seen")
@officer_required(junior=False)
def case_seen(case_id: str) -> ResponseReturnValue:
    """Nothing is new any more."""
    opened = case_of(desk(), case_id)
    if not Confirmation().validate_on_submit():
        return _again(opened)
    work.seen(opened, now=utc_now())
    return _done(opened, _("Marked as read."))


@blueprint.get("/cases/<case_id>/add/<kind>")
@officer_required(junior=False)
def case_add(case_id: str, kind: str) -> ResponseReturnValue:
    """Write something down: the form."""
    form = _form_of(kind)(formdata=None)
    form.entry.data = new_id()
    if "day" in form:
        form["day"].data = state().today
    return _show_form(case_of(desk(), case_id), form, words.ADD[kind])


@blueprint.post("/cases/<case_id>/add/<kind>")
@officer_required(junior=False)
def case_added(case_id: str, kind: str) -> ResponseReturnValue:
    """Write something down."""
    opened, form = case_of(desk(), case_id), _form_of(kind)()
    if not form.validate_on_submit():
        return _show_form(opened, form, words.ADD[kind])
    work.write(opened, Kind(kind), form.said(), entry_id=form.entry.data or new_id(), now=utc_now())
    return _done(opened, _("Written down."))


@blueprint.get("/cases/<case_id>/entries/<entry_id>")
@officer_required(junior=False)
def case_entry(case_id: str, entry_id: str) -> ResponseReturnValue:
    """Change something that was written: the form."""
    opened = case_of(desk(), case_id)
    entry = _entry_of(opened, entry_id)
    form = _form_of(entry.kind)(formdata=None)
    form.fill(dict(entry.data))
    form.version.data = str(entry.version)
    return _show_form(opened, form, words.KINDS[entry.kind])


@blueprint.post("/cases/<case_id>/entries/<entry_id>")
@officer_required(junior=False)
def case_entry_changed(case_id: str, entry_id: str) -> ResponseReturnValue:
    """Change it. Where a colleague was quicker, both texts are shown, and nothing is lost."""
    opened = case_of(desk(), case_id)
    entry = _entry_of(opened, entry_id)
    form = _form_of(entry.kind)()
    if not form.validate_on_submit():
        return _show_form(opened, form, words.KINDS[entry.kind])
    version = int(form.version.data) if str(form.version.data).isdecimal() else 0
    try:
        work.rewrite(opened, entry_id, form.said(), version=version, now=utc_now())
    except ChangedMeanwhile as changed:
        form.version.data = str(changed.present.version)
        return _show_form(opened, form, words.KINDS[entry.kind], changed.present)
    return _done(opened, _("Changed."))


@blueprint.post("/cases/<case_id>/entries/<entry_id>/done")
@officer_required(junior=False)
def case_entry_done(case_id: str, entry_id: str) -> ResponseReturnValue:
    """Note that a reminder, a step or a need is done."""
    opened = case_of(desk(), case_id)
    if not Confirmation().validate_on_submit():
        return _again(opened)
    _entry_of(opened, entry_id)
    work.tick_off(opened, entry_id, now=utc_now())
    return _done(opened, _("Noted as done."))


@blueprint.get("/cases/<case_id>/record")
@officer_required(junior=False)
def case_record(case_id: str) -> ResponseReturnValue:
    """The record: the form, with what stands there."""
    opened, form = case_of(desk(), case_id), RecordForm(formdata=None)
    form.entry.data = new_id()
    for known in opened.entries(Kind.RECORD):
        form.fill(dict(known.data))
        form.version.data = str(known.version)
    return _show_form(opened, form, _("Record for the person"))


@blueprint.post("/cases/<case_id>/record")
@officer_required(junior=False)
def case_record_written(case_id: str) -> ResponseReturnValue:
    """Leave the record for the person to confirm or correct."""
    opened, form = case_of(desk(), case_id), RecordForm()
    if not form.validate_on_submit():
        return _show_form(opened, form, _("Record for the person"))
    version = int(form.version.data) if str(form.version.data).isdecimal() else None
    entry_id = form.entry.data or new_id()
    try:
        work.write_record(opened, form.text.data or "", entry_id=entry_id, version=version, now=utc_now())
    except ChangedMeanwhile as changed:
        form.version.data = str(changed.present.version)
        return _show_form(opened, form, _("Record for the person"), changed.present)
    return _done(opened, _("The record waits for the person."))


@blueprint.get("/cases/<case_id>/description")
@officer_required(junior=False)
def case_description(case_id: str) -> ResponseReturnValue:
    """Name of the case and the law that applies: the form."""
    opened, form = case_of(desk(), case_id), DescriptionForm(formdata=None)
    form.fill({"title": opened.head.title, "whistleblower": opened.head.whistleblower})
    return _show_form(opened, form, _("About this case"))


@blueprint.post("/cases/<case_id>/description")
@officer_required(junior=False)
def case_described(case_id: str) -> ResponseReturnValue:
    """Keep name and law."""
    opened, form = case_of(desk(), case_id), DescriptionForm()
    if not form.validate_on_submit():
        return _show_form(opened, form, _("About this case"))
    law = bool(form.whistleblower.data)
    if opened.head.whistleblower != law and not form.reason.data:
        form.reason.errors = [_("Say in a few words why.")]
        return _show_form(opened, form, _("About this case"))
    title, reason = form.title.data or "", form.reason.data or ""
    work.describe(opened, title=title, whistleblower=law, now=utc_now(), reason=reason)
    return _done(opened, _("Changed."))


@blueprint.get("/cases/<case_id>/files/<entry_id>/<int:number>")
@officer_required
def case_file(case_id: str, entry_id: str, number: int) -> ResponseReturnValue:
    """A file that the person sent; to be saved, never shown in the page."""
    entry = _entry_of(case_of(desk(), case_id), entry_id)
    if number >= len(entry.files):
        abort(404)
    file = entry.files[number]
    return strangers_file(file.parts(), file.media_type, file.name)


def _form_of(kind: str) -> type[EntryForm]:
    form = FORMS.get(kind)
    if form is None:
        abort(404)
    return form


def _entry_of(opened: OpenCase, entry_id: str) -> Entry:
    try:
        return opened.entry(entry_id)
    except NoCase:
        abort(404)


def _show(opened: OpenCase, form: AnswerForm) -> ResponseReturnValue:
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
        due=work.dates(opened),
        to_do=work.still_to_do(opened),
        kinds=words.ADD,
        words=words,
        consent_words=consent_words,
        today=state().today,
        recalls=to_recall(opened),
        unreadable=sum(one.case.id == opened.id for one in unreadable.of(at)),
        only=readers.only_reader(opened, at.others),
    )


def _show_form(
    opened: OpenCase, form: EntryForm, title: object, present: Entry | None = None
) -> ResponseReturnValue:
    return render_template(
        "counsel/cases/form.html", case=opened, head=opened.head, form=form, title=title, present=present
    )


def _done(opened: OpenCase, said: str) -> ResponseReturnValue:
    outbox.deliver(ACTIONS)
    flash(said, "success")
    return redirect(url_for(".case", case_id=opened.id), 303)


def _again(opened: OpenCase) -> ResponseReturnValue:
    flash(_("This page was open for too long. Please press the button again."), "warning")
    return redirect(url_for(".case", case_id=opened.id), 303)
