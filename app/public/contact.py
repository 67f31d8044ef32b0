"""Writing to the support desk without an account: sealed for the desk, with a mailbox for the answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, StringField, TextAreaField
from wtforms.validators import Email

from app import faultpoints
from app.clock import utc_now
from app.envelopes.directory import PinnedKeys
from app.envelopes.mailbox_letters import Kind
from app.envelopes.posting import open_mailbox, post_from_public
from app.public.basket import Basket
from app.public.blueprint import blueprint, language
from app.public.confirming import confirmed
from app.shared import mailboxes
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.web.fields import TEXT, clean_line, clean_text, optional, required
from app.web.limits import TRIES, limiter
from app.web.state import state
from keys.codes import derive_code
from keys.mailbox import MailboxKeys
from keys.sealing import bind


class ContactForm(FlaskForm):
    """A message to the desk. The seed makes sending it twice one message."""

    seed = HiddenField()
    name = StringField(lazy_gettext("Your name"), filters=[clean_line], validators=optional())
    email = EmailField(
        lazy_gettext("E-mail address"),
        description=lazy_gettext("You find our answer in your mailbox here, also without an address."),
        filters=[clean_line],
        validators=[
            *optional(254),
            Email(
                message=lazy_gettext("Please enter an e-mail address such as name@example.org"),
                check_deliverability=False,
            ),
        ],
    )
    subject = StringField(
        lazy_gettext("What is it about?"),
        filters=[clean_line],
        validators=required(lazy_gettext("Please say in a few words what it is about")),
    )
    text = TextAreaField(
        lazy_gettext("Your message"),
        filters=[clean_text],
        validators=required(lazy_gettext("Please write something before you send it"), TEXT),
    )


@blueprint.get("/contact")
def contact() -> ResponseReturnValue:
    """The form."""
    return _show(ContactForm(formdata=None))


@blueprint.post("/contact")
@limiter.limit(TRIES)
def contact_send() -> ResponseReturnValue:
    """Seal the message for the desk and show the receipt."""
    form = ContactForm()
    if not form.validate():
        return _show(form)
    code = derive_code(Basket(form.seed.data).secret, info=bind("contact-receipt"))
    erase_on = send(
        MailboxKeys.from_receipt(code),
        {name: form.data[name] or "" for name in ("name", "email", "subject", "text")}
        | {"language": language()},
        desk=state().pinned("desk"),
        keep_for=state().settings.application_retention,
        day=state().today,
        now=utc_now(),
    )
    return confirmed("public/contact/sent.html", code, erase_on)


def send(
    keys: MailboxKeys,
    said: dict[str, Any],
    *,
    desk: PinnedKeys,
    keep_for: timedelta,
    day: date,
    now: datetime,
) -> date:
    """Hand a message over, once per receipt; return the day on which its mailbox is erased."""
    body = {
        **said,
        "mailbox": keys.id,
        "sealing_key": keys.sealing.public.to_bytes().hex(),
        "signing_key": keys.signing.public.to_bytes().hex(),
        "day": day.isoformat(),
    }
    copy = {"kind": Kind.SENT_CONTACT, "at": now.isoformat(timespec="seconds"), **said}
    with write_transaction(shared_database):
        if known := mailboxes.find(keys):
            return known.expires_on
        post_from_public("contact", desk, keys.envelope_id, body, day=day)
        open_mailbox(keys, day + keep_for)
        mailboxes.keep_copy(keys, keys.envelope_id, copy, day=day)
        faultpoints.reached("contact.before-commit")
    return day + keep_for


def _show(form: ContactForm) -> ResponseReturnValue:
    return render_template("public/contact/form.html", form=form, seed=Basket(form.seed.data).seed)
