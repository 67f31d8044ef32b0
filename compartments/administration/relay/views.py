"""Pages of messages to the holders of accounts."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.envelopes import outbox
from app.office.blueprint import author, signed_in
from app.office.forms import Confirmation
from app.office.inbox import Entry, Source
from app.office.sources import add_source
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.administration.relay import service
from compartments.administration.relay.forms import RelayForm
from keys.errors import MalformedCode
from keys.randomness import new_id

blueprint = Blueprint("relay", __name__, url_prefix="/relay")
add_nav(
    blueprint,
    "administration",
    NavItem(
        lazy_gettext("Messages"), ".index", order=30, section=("administration.relay.",), visible=signed_in
    ),
)


def _waiting() -> list[Entry]:
    return [
        Entry(
            _("Answer to a message"),
            answer.text[:80],
            _("Holder of an account"),
            answer.arrived_on,
            url_for("administration.relay.show", message_id=answer.message_id),
        )
        for answer in service.unseen()
    ]


add_source(blueprint, "administration", Source(_waiting, lambda: len(service.unseen())))


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The messages, newest first."""
    unseen = {answer.message_id for answer in service.unseen()}
    return render_template("administration/relay/index.html", messages=service.messages(), unseen=unseen)


@blueprint.get("/new")
@officer_required(junior=False)
def new() -> ResponseReturnValue:
    """A form for a message; ``?code=`` fills in to whom."""
    form = RelayForm(formdata=None)
    form.entry.data, form.code.data = new_id(), request.args.get("code", "")
    return render_template("administration/relay/new.html", form=form)


@blueprint.post("/new")
@officer_required(junior=False)
def send() -> ResponseReturnValue:
    """Send a message."""
    form = RelayForm()
    if form.validate_on_submit():
        try:
            message = service.write(
                form.code.data or "",
                form.text.data or "",
                entry_id=form.entry.data or new_id(),
                by=author(),
                day=state().today,
            )
        except (service.UnknownCode, MalformedCode):
            form.code.errors = [_("No valid invite code like this is known here.")]
        else:
            outbox.deliver(service.ACTIONS)
            flash(
                _("The message is on its way, by the clearing office and the membership office."), "success"
            )
            return redirect(url_for(".show", message_id=message.id), 303)
    return render_template("administration/relay/new.html", form=form)


@blueprint.get("/<message_id>")
@officer_required
def show(message_id: str) -> ResponseReturnValue:
    """One message and what came back."""
    try:
        message = service.find(message_id)
    except service.NoMessage:
        abort(404)
    return render_template(
        "administration/relay/show.html",
        message=message,
        answers=service.answers(message),
        button=Confirmation(formdata=None),
    )


@blueprint.post("/<message_id>/seen")
@officer_required
def seen(message_id: str) -> ResponseReturnValue:
    """Note that the answers have been dealt with."""
    if Confirmation().validate_on_submit():
        try:
            service.mark_seen(message_id, by=author())
        except service.NoMessage:
            abort(404)
        flash(_("The answers are noted as dealt with."), "success")
    return redirect(url_for(".show", message_id=message_id), 303)
