"""Pages of the relay's end: messages of the administration to members, and the answers."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.envelopes import outbox
from app.office.blueprint import author
from app.office.forms import Confirmation
from app.web.compartment import served
from app.web.guard import officer_required
from app.web.state import state
from compartments.membership.reconciliation import relay
from compartments.membership.reconciliation.forms import ReplyForm
from compartments.membership.reconciliation.models import Message
from keys.randomness import new_id

blueprint = Blueprint("relay", __name__, url_prefix="/messages")


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The messages, those that wait first."""
    return render_template(
        "membership/reconciliation/messages.html", waiting=relay.open_messages(), settled=relay.settled()
    )


@blueprint.get("/<relay_id>")
@officer_required
def show(relay_id: str) -> ResponseReturnValue:
    """One message and the member it is for."""
    form = ReplyForm(formdata=None)
    form.entry.data = new_id()
    return _show(_find(relay_id), form)


@blueprint.post("/<relay_id>/reply")
@officer_required
def reply(relay_id: str) -> ResponseReturnValue:
    """Send the member's answer back the way the message came."""
    message, form = _find(relay_id), ReplyForm()
    if not form.validate_on_submit():
        return _show(message, form)
    relay.reply(
        message.id, form.text.data or "", reply_id=form.entry.data or new_id(), by=author(), day=state().today
    )
    outbox.deliver(served()["membership"].actions)
    flash(_("The answer is on its way."), "success")
    return redirect(url_for(".show", relay_id=message.id), 303)


@blueprint.post("/<relay_id>/close")
@officer_required
def close(relay_id: str) -> ResponseReturnValue:
    """Note that the message was passed on and needs no answer."""
    message = _find(relay_id)
    if Confirmation().validate_on_submit():
        relay.close(message.id, by=author(), day=state().today)
        flash(_("Noted: the message is dealt with."), "success")
    return redirect(url_for(".index"), 303)


def _find(relay_id: str) -> Message:
    try:
        return relay.find(relay_id)
    except relay.NoMessage:
        abort(404)


def _show(message: Message, form: ReplyForm) -> ResponseReturnValue:
    return render_template(
        "membership/reconciliation/message.html",
        message=message,
        replies=relay.replies(message.id),
        form=form,
        button=Confirmation(),
    )
