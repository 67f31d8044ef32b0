"""Pages that every compartment has: inbox, notes to colleagues, who has access. Importing this attaches them all."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.binding import NotOpen
from app.clock import utc_now
from app.office import access, audit, jobs, proposals
from app.office import inbox as incoming
from app.office import notes as colleagues
from app.office.blueprint import author, blueprint, signed_in
from app.office.forms import Confirmation, NoteForm
from app.office.inbox import Entry, NotThere
from app.office.sources import sources
from app.office.wording import alarm_in_words, office_name, refusal_in_words
from app.offices import OFFICES
from app.web.guard import officer_required
from app.web.look import current_look
from app.web.navigation import NavItem, add_nav
from keys.randomness import new_id

__all__ = ["access", "audit", "blueprint", "jobs", "proposals"]


def waiting() -> int:
    """How much waits in the inbox of the compartment whose page this is."""
    try:
        return incoming.waiting() + sum(source.count() for source in sources(current_look().name))
    except NotOpen:
        return 0


for office in OFFICES:
    add_nav(
        blueprint,
        office,
        NavItem(
            lazy_gettext("Inbox"), ".inbox", order=60, section=(".notice",), visible=signed_in, count=waiting
        ),
        NavItem(lazy_gettext("Notes"), ".notes", order=70, visible=signed_in, more=True),
    )


@blueprint.get("/inbox")
@officer_required
def inbox() -> ResponseReturnValue:
    """What has come in and waits for somebody."""
    entries = [_entry(notice) for notice in incoming.open_notices()]
    for source in sources(current_look().name):
        entries += source.entries()
    return render_template(
        "office/inbox.html",
        entries=sorted(entries, key=lambda entry: entry.day, reverse=True),
        alarms=[(alarm, alarm_in_words(alarm)) for alarm in incoming.alarms(utc_now())],
        refused=[(envelope, refusal_in_words(envelope.reason)) for envelope in incoming.refused()],
        button=Confirmation(),
    )


@blueprint.get("/inbox/done")
@officer_required
def inbox_done() -> ResponseReturnValue:
    """The notices that somebody has dealt with."""
    return render_template("office/inbox_done.html", notices=incoming.done_notices(), sender=office_name)


@blueprint.get("/inbox/notices/<notice_id>")
@officer_required
def notice(notice_id: str) -> ResponseReturnValue:
    """One notice."""
    try:
        found = incoming.notice(notice_id)
    except NotThere:
        abort(404)
    return render_template(
        "office/notice.html", notice=found, sender=office_name(found.sender), button=Confirmation()
    )


@blueprint.post("/inbox/notices/<notice_id>/done")
@officer_required
def notice_done(notice_id: str) -> ResponseReturnValue:
    """Note that a notice has been dealt with."""
    return _act(lambda: incoming.mark_done(notice_id, by=author(), now=utc_now()), _("The notice is done."))


@blueprint.post("/inbox/notices/<notice_id>/reopen")
@officer_required
def notice_reopen(notice_id: str) -> ResponseReturnValue:
    """Put a notice back into the inbox."""
    return _act(lambda: incoming.reopen(notice_id), _("The notice is in the inbox again."))


@blueprint.post("/inbox/alarms/<int:alarm_id>/seen")
@officer_required
def alarm_seen(alarm_id: int) -> ResponseReturnValue:
    """Note that somebody has looked at an alarm."""
    return _act(lambda: incoming.see(alarm_id, by=author()), _("The alarm is noted as seen."))


@blueprint.post("/inbox/refused/<envelope_id>/discard")
@officer_required(junior=False)
def refused_discard(envelope_id: str) -> ResponseReturnValue:
    """Delete an envelope that was refused."""
    return _act(lambda: incoming.discard(envelope_id), _("The envelope is deleted."))


@blueprint.route("/notes", methods=["GET", "POST"])
@officer_required
def notes() -> ResponseReturnValue:
    """The colleagues' notes, and a form for one's own."""
    form = NoteForm()
    if form.validate_on_submit():
        colleagues.write(
            form.text.data or "", entry_id=form.entry.data or new_id(), by=author(), now=utc_now()
        )
        flash(_("Your note is there for your colleagues."), "success")
        return redirect(url_for(".notes"), 303)
    if request.method == "GET":
        form.entry.data = new_id()
    return render_template(
        "office/notes.html",
        form=form,
        page=colleagues.page(request.args.get("page", 1, type=int)),
        me=author().id,
    )


def _act(action: Any, done: str) -> ResponseReturnValue:
    """Carry out what a button asks for and go back to the inbox."""
    if Confirmation().validate_on_submit():
        try:
            action()
        except NotThere:
            abort(404)
        flash(done, "success")
    else:
        flash(_("This page was open for too long. Please press the button again."), "warning")
    return redirect(url_for(".inbox"), 303)


def _entry(notice: Any) -> Entry:
    url = url_for(".notice", notice_id=notice.id)
    return Entry(_("Notice"), notice.subject, office_name(notice.sender), notice.sent_on, url)
