"""Pages of what is written in a case: add, change, tick off, strike out; the record for the person; name and law."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.web.guard import officer_required
from app.web.state import state
from compartments.counsel.blueprint import blueprint, case_of, desk
from compartments.counsel.cases import words, work
from compartments.counsel.cases.forms import FORMS, Confirmation, DescriptionForm, EntryForm, RecordForm
from compartments.counsel.cases.opened import ChangedMeanwhile, Entry, Kind, OpenCase
from compartments.counsel.cases.views import again, done, entry_of, stay
from keys.randomness import new_id


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
    return done(opened, _("Written down."))


@blueprint.get("/cases/<case_id>/entries/<entry_id>")
@officer_required(junior=False)
def case_entry(case_id: str, entry_id: str) -> ResponseReturnValue:
    """Change something that was written: the form."""
    opened = case_of(desk(), case_id)
    entry = entry_of(opened, entry_id)
    form = _form_of(entry.kind)(formdata=None)
    form.fill(dict(entry.data))
    form.version.data = str(entry.version)
    return _show_form(opened, form, words.KINDS[entry.kind], entry=entry)


@blueprint.post("/cases/<case_id>/entries/<entry_id>")
@officer_required(junior=False)
def case_entry_changed(case_id: str, entry_id: str) -> ResponseReturnValue:
    """Change it. Where a colleague was quicker, both texts are shown, and nothing is lost."""
    opened = case_of(desk(), case_id)
    entry = entry_of(opened, entry_id)
    form = _form_of(entry.kind)()
    if not form.validate_on_submit():
        return _show_form(opened, form, words.KINDS[entry.kind])
    version = int(form.version.data) if str(form.version.data).isdecimal() else 0
    try:
        work.rewrite(opened, entry_id, form.said(), version=version, now=utc_now())
    except ChangedMeanwhile as changed:
        form.version.data = str(changed.present.version)
        return _show_form(opened, form, words.KINDS[entry.kind], changed.present)
    return done(opened, _("Changed."))


@blueprint.post("/cases/<case_id>/entries/<entry_id>/done")
@officer_required(junior=False)
def case_entry_done(case_id: str, entry_id: str) -> ResponseReturnValue:
    """Note that a reminder, a step or a need is done."""
    opened = case_of(desk(), case_id)
    if not Confirmation().validate_on_submit():
        return again(opened)
    entry_of(opened, entry_id)
    work.tick_off(opened, entry_id, now=utc_now())
    return stay(opened, _("Noted as done."))


@blueprint.get("/cases/<case_id>/entries/<entry_id>/strike")
@officer_required(junior=False)
def case_entry_strike(case_id: str, entry_id: str) -> ResponseReturnValue:
    """Take back something that one wrote oneself: what it is, once more."""
    opened = case_of(desk(), case_id)
    entry = entry_of(opened, entry_id)
    if not work.may_strike(opened, entry):
        abort(404)
    return render_template(
        "counsel/cases/strike.html",
        case=opened,
        head=opened.head,
        entry=entry,
        words=words,
        form=Confirmation(formdata=None),
    )


@blueprint.post("/cases/<case_id>/entries/<entry_id>/strike")
@officer_required(junior=False)
def case_entry_struck(case_id: str, entry_id: str) -> ResponseReturnValue:
    """Take it back."""
    opened = case_of(desk(), case_id)
    if not Confirmation().validate_on_submit():
        return again(opened)
    work.strike(opened, entry_id, now=utc_now())
    return done(opened, _("Struck out."))


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
    return done(opened, _("The record waits for the person."))


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
    return done(opened, _("Changed."))


def _form_of(kind: str) -> type[EntryForm]:
    form = FORMS.get(kind)
    if form is None:
        abort(404)
    return form


def _show_form(
    opened: OpenCase,
    form: EntryForm,
    title: object,
    present: Entry | None = None,
    entry: Entry | None = None,
) -> ResponseReturnValue:
    return render_template(
        "counsel/cases/form.html",
        case=opened,
        head=opened.head,
        form=form,
        title=title,
        present=present,
        for_the_person=isinstance(form, RecordForm),
        strike=entry if entry and work.may_strike(opened, entry) else None,
    )
