"""Pages of the desk compartment: requests, and their answers."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.envelopes import outbox
from app.office.blueprint import author, signed_in
from app.office.forms import SeenForm
from app.office.inbox import AT_MOST, Entry, Source
from app.office.sources import add_source
from app.web.compartment import Compartment
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.desk import newcomers, service
from compartments.desk.forms import AnswerForm, Confirmation
from compartments.desk.models import OPEN, SCHEMA, STATES, FollowUp
from compartments.desk.service import ACTIONS, INCOMING
from keys.randomness import new_id

blueprint = Blueprint("desk", __name__)
compartment = Compartment(blueprint, SCHEMA, INCOMING, ACTIONS)
add_nav(
    blueprint,
    "desk",
    NavItem(lazy_gettext("Requests"), ".index", order=10, section=(".contact_request",), visible=signed_in),
)


def _waiting() -> list[Entry]:
    return [
        Entry(
            _("Request"),
            one.subject,
            one.name or _("Somebody without a name"),
            one.sent_on,
            url_for("desk.contact_request", request_id=one.id),
        )
        for one in service.open_requests(AT_MOST)
    ]


def _newcomers() -> list[Entry]:
    return [
        Entry(
            _("New member"),
            _("Welcome %(name)s", name=one.name),
            _("Membership office"),
            one.member_since,
            url_for("desk.new_member", newcomer_id=one.id),
        )
        for one in newcomers.waiting(AT_MOST)
    ]


add_source(blueprint, "desk", Source(_waiting, service.count))
add_source(blueprint, "desk", Source(_newcomers, newcomers.count))


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The requests: open ones first."""
    shown = request.args.get("state", OPEN)
    if shown not in STATES:
        abort(404)
    page = service.page(request.args.get("page", 1, type=int), shown)
    return render_template("desk/requests.html", page=page, shown=shown)


@blueprint.get("/requests/<request_id>")
@officer_required
def contact_request(request_id: str) -> ResponseReturnValue:
    """One request with its answers, and a form to answer it."""
    form = AnswerForm()
    form.entry.data = new_id()
    return _show(request_id, form)


@blueprint.post("/requests/<request_id>/answer")
@officer_required
def answer(request_id: str) -> ResponseReturnValue:
    """Answer a request into its sender's mailbox."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _show(request_id, form)
    try:
        service.answer(
            request_id,
            form.text.data or "",
            seen=form.seen.data or 0,
            entry_id=form.entry.data or new_id(),
            by=author(),
            now=utc_now(),
            day=state().today,
        )
    except service.NoRequest:
        abort(404)
    outbox.deliver(ACTIONS)
    flash(_("Your answer is in the sender's mailbox."), "success")
    return redirect(url_for(".contact_request", request_id=request_id), 303)


@blueprint.post("/requests/<request_id>/close")
@officer_required
def close(request_id: str) -> ResponseReturnValue:
    """Put a request away."""
    form = SeenForm()
    if not form.validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return redirect(url_for(".contact_request", request_id=request_id), 303)
    try:
        closed = service.close(request_id, seen=form.seen.data or 0)
    except service.NoRequest:
        abort(404)
    if not closed:
        flash(_("The sender has written again meanwhile. Please read it first."), "warning")
        return redirect(url_for(".contact_request", request_id=request_id), 303)
    flash(_("The request is closed."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/requests/<request_id>/reopen")
@officer_required
def reopen(request_id: str) -> ResponseReturnValue:
    """Put a request back among the open ones."""
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return redirect(url_for(".index"), 303)
    try:
        service.reopen(request_id)
    except service.NoRequest:
        abort(404)
    flash(_("The request is open again."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.get("/new-members/<newcomer_id>")
@officer_required
def new_member(newcomer_id: str) -> ResponseReturnValue:
    """Somebody to welcome."""
    try:
        found = newcomers.find(newcomer_id)
    except newcomers.NoNewcomer:
        abort(404)
    return render_template("desk/new_member.html", one=found, button=Confirmation())


@blueprint.post("/new-members/<newcomer_id>/welcomed")
@officer_required
def welcomed(newcomer_id: str) -> ResponseReturnValue:
    """The welcome is written."""
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return redirect(url_for(".new_member", newcomer_id=newcomer_id), 303)
    try:
        newcomers.welcomed(newcomer_id, by=author(), now=utc_now())
    except newcomers.NoNewcomer:
        abort(404)
    flash(_("The welcome is noted."), "success")
    return redirect(url_for("office.inbox", compartment="desk"), 303)


def _show(request_id: str, form: AnswerForm) -> ResponseReturnValue:
    try:
        found = service.find(request_id)
    except service.NoRequest:
        abort(404)
    letters = service.letters(found)
    button = SeenForm(formdata=None)
    button.seen.data = form.seen.data = sum(isinstance(one, FollowUp) for one in letters)
    return render_template("desk/request.html", request_=found, letters=letters, form=form, button=button)
