"""Pages of the relay's end: messages of the administration to members, and the answers."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.envelopes import outbox
from app.office import jobs as office_jobs
from app.office.blueprint import author
from app.office.forms import Confirmation
from app.vault import jobs
from app.vault.models import Job
from app.web.compartment import served
from app.web.guard import officer_required
from app.web.state import state
from compartments.membership.reconciliation import relay, relay_mails, relay_sending
from compartments.membership.reconciliation.forms import MailForm, ReplyForm
from compartments.membership.reconciliation.models import UNCLEAR, Message
from compartments.membership.reconciliation.words import RELAY_MAIL_STATES
from keys.randomness import new_id

blueprint = Blueprint("relay", __name__, url_prefix="/messages")


def _job_url(job: Job) -> str:
    return url_for("membership.reconciliation.relay.show", relay_id=relay_mails.message_of(job.subject))


office_jobs.add_job_kind(
    blueprint, "membership", relay_sending.KIND, lazy_gettext("Message to a member"), url=_job_url
)


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


@blueprint.post("/<relay_id>/mail")
@officer_required
def mail(relay_id: str) -> ResponseReturnValue:
    """Mail the message to its member; two officers at once mail it once."""
    message, form = _find(relay_id), MailForm()
    here = redirect(url_for(".show", relay_id=message.id), 303)
    if not form.validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return here
    try:
        made = relay_mails.decide(
            message.id, mail_id=form.entry.data or new_id(), by=author(), day=state().today
        )
    except relay_mails.AlreadyMailed:
        flash(_("This message has been mailed already."), "info")
        return here
    except relay_mails.NoAddress:
        flash(_("There is no address to mail to."), "warning")
        return here
    job = office_jobs.begin(relay_sending.KIND, made.id, total=1)
    return redirect(url_for("office.job", job_id=job.id), 303)


@blueprint.post("/<relay_id>/unclear")
@officer_required
def decide(relay_id: str) -> ResponseReturnValue:
    """Decide on an unclear mail: it arrived, or another one may be sent."""
    message, choice = _find(relay_id), request.form.get("action")
    if Confirmation().validate_on_submit() and choice in ("arrived", "again"):
        try:
            relay_mails.settle_unclear(
                message.id, arrived=choice == "arrived", by=author(), day=state().today
            )
            flash(_("Decided."), "success")
        except relay_mails.NotUnclear:
            flash(_("Somebody else has decided on this already."), "info")
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
    settings, mails = state().settings, relay_mails.mails(message.id)
    living = mails[0] if mails and mails[0].state in relay_mails.LIVING else None
    sends = bool(settings.smtp_host and settings.smtp_from)
    mail_form = MailForm(formdata=None)
    mail_form.entry.data = new_id()
    could = sends and living is None
    reachable = relay_mails.can_be_mailed(message)
    return render_template(
        "membership/reconciliation/message.html",
        message=message,
        replies=relay.replies(message.id),
        form=form,
        button=Confirmation(),
        mails=mails,
        mail_states=RELAY_MAIL_STATES,
        mail_form=mail_form if could and reachable else None,
        on_hold=could and not reachable and message.person_id is not None,
        by_hand=not sends,
        unclear=living is not None and living.state == UNCLEAR,
        job=jobs.unfinished(relay_sending.KIND, living.id) if living else None,
    )
