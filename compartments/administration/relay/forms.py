"""Forms of messages to the holders of accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField

from app.web.fields import TEXT, at_most, clean_line, clean_text, required


class RelayForm(FlaskForm):
    """A message. ``entry`` makes a form that is sent twice send one."""

    entry = HiddenField(validators=[at_most(32)])
    code = StringField(
        lazy_gettext("Invite code of the account"),
        required(lazy_gettext("Please give the invite code.")),
        filters=[clean_line],
    )
    text = TextAreaField(
        lazy_gettext("Message"),
        required(lazy_gettext("Write a message first."), TEXT),
        filters=[clean_text],
        description=lazy_gettext(
            "The membership office reads it and passes it on. Write nothing that tells the account apart, such as its name on the platform."
        ),
    )
