"""Pages of prevention: events as numbers, and one's own log."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _

from app.office.blueprint import signed_in
from app.web.guard import officer, officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.counsel.blueprint import blueprint
from compartments.counsel.cases.forms import Confirmation
from compartments.counsel.prevention import service, words
from compartments.counsel.prevention.forms import EventForm, LogForm
from compartments.counsel.prevention.models import Event
from compartments.counsel.tables import ChangedMeanwhile
from keys.randomness import new_id

FIELDS = ("title", "day", "kind", "audience", "number")
add_nav(
    blueprint,
    "counsel",
    NavItem(
        lazy_gettext("Prevention"), ".prevention", order=45, section=(".event", ".own_log"), visible=signed_in
    ),
)


@blueprint.get("/prevention")
@officer_required
def prevention() -> ResponseReturnValue:
    """The events."""
    return render_template("counsel/prevention/list.html", events=service.events(), words=words)


@blueprint.get("/prevention/new")
@officer_required(junior=False)
def event_new() -> ResponseReturnValue:
    """Note an event: the form."""
    form = EventForm(formdata=None)
    form.entry.data, form.day.data = new_id(), state().today
    return _show(form)


@blueprint.post("/prevention/new")
@officer_required(junior=False)
def event_added() -> ResponseReturnValue:
    """Note an event."""
    form = EventForm()
    if not form.validate_on_submit():
        return _show(form)
    return _keep(form.entry.data or new_id(), form)


@blueprint.get("/prevention/<event_id>")
@officer_required(junior=False)
def event(event_id: str) -> ResponseReturnValue:
    """Change an event: the form."""
    found = _event_of(event_id)
    return _show(EventForm(formdata=None, obj=found), found)


@blueprint.post("/prevention/<event_id>")
@officer_required(junior=False)
def event_changed(event_id: str) -> ResponseReturnValue:
    """Change an event."""
    found, form = _event_of(event_id), EventForm()
    if not form.validate_on_submit():
        return _show(form, found)
    return _keep(event_id, form)


@blueprint.get("/prevention/<event_id>/remove")
@officer_required(junior=False)
def event_remove(event_id: str) -> ResponseReturnValue:
    """Whether an event is really to be deleted."""
    found = _event_of(event_id)
    return render_template(
        "counsel/sure.html",
        question=_("Delete this event?"),
        what=f"{found.title}, {format_date(found.day)}",
        follows=_("It is gone for everybody, and doesn't count in the annual report."),
        does=_("Delete this event"),
        back=url_for(".event", event_id=event_id),
        button=Confirmation(formdata=None),
    )


@blueprint.post("/prevention/<event_id>/remove")
@officer_required(junior=False)
def event_removed(event_id: str) -> ResponseReturnValue:
    """Delete an event."""
    _event_of(event_id)
    if Confirmation().validate_on_submit():
        service.remove_event(event_id)
        flash(_("The event is gone."), "success")
    else:
        flash(_("This page was open for too long. Please press the button again."), "warning")
    return redirect(url_for(".prevention"), 303)


@blueprint.get("/own-log")
@officer_required(junior=False)
def own_log() -> ResponseReturnValue:
    """One's own log of training and supervision."""
    form = LogForm(formdata=None)
    form.entry.data, form.day.data = new_id(), state().today
    return _show_log(form)


@blueprint.post("/own-log")
@officer_required(junior=False)
def own_log_written() -> ResponseReturnValue:
    """Add to it."""
    form, session = LogForm(), officer()
    if not form.validate_on_submit() or form.day.data is None or form.hours.data is None:
        return _show_log(form)
    service.write_log(
        session.account.id,
        session.keys,
        entry_id=form.entry.data or new_id(),
        day=form.day.data,
        kind=form.kind.data,
        hours=round(form.hours.data * 10),
        text=form.text.data or "",
    )
    flash(_("Written into your own log."), "success")
    return redirect(url_for(".own_log"), 303)


@blueprint.get("/own-log/<entry_id>/strike")
@officer_required(junior=False)
def own_log_strike(entry_id: str) -> ResponseReturnValue:
    """Whether an entry of one's own is really to be deleted."""
    session = officer()
    found = [one for one in service.log(session.account.id, session.keys) if one.id == entry_id]
    if not found:
        abort(404)
    return render_template(
        "counsel/sure.html",
        question=_("Delete this entry of your log?"),
        what=f"{words.LOG_KINDS[found[0].kind]}, {format_date(found[0].day)}",
        follows=_("Nobody can bring it back."),
        does=_("Delete this entry"),
        back=url_for(".own_log"),
        button=Confirmation(formdata=None),
    )


@blueprint.post("/own-log/<entry_id>/strike")
@officer_required(junior=False)
def own_log_struck(entry_id: str) -> ResponseReturnValue:
    """Delete an entry of one's own."""
    if Confirmation().validate_on_submit():
        service.strike(officer().account.id, entry_id)
        flash(_("The entry is gone."), "success")
    else:
        flash(_("This page was open for too long. Please press the button again."), "warning")
    return redirect(url_for(".own_log"), 303)


def _event_of(event_id: str) -> Event:
    try:
        return service.event(event_id)
    except LookupError:
        abort(404)


def _keep(event_id: str, form: EventForm) -> ResponseReturnValue:
    values = {name: form[name].data for name in FIELDS}
    version = int(form.version.data) if str(form.version.data).isdecimal() else 0
    try:
        service.keep_event(event_id, values, version=version)
    except ChangedMeanwhile:
        present = _event_of(event_id)
        form.version.data = str(present.version)
        return _show(form, present, stale=True)
    flash(_("Kept."), "success")
    return redirect(url_for(".prevention"), 303)


def _show(form: EventForm, found: Event | None = None, *, stale: bool = False) -> ResponseReturnValue:
    there = EventForm(formdata=None, obj=found) if stale else None
    return render_template(
        "counsel/prevention/form.html",
        form=form,
        found=found,
        there=[there[name] for name in FIELDS] if there else [],
        button=Confirmation(formdata=None),
    )


def _show_log(form: LogForm) -> ResponseReturnValue:
    session = officer()
    return render_template(
        "counsel/prevention/log.html",
        form=form,
        entries=service.log(session.account.id, session.keys),
        words=words,
        button=Confirmation(formdata=None),
    )
