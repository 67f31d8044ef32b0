"""Forms of the desk compartment."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField

from app.office.forms import SeenForm
from app.web.fields import TEXT, at_most, clean_text, required


class AnswerForm(SeenForm):
    """An answer. ``entry`` makes a form that is sent twice answer once."""

    entry = HiddenField(validators=[at_most(32)])
    text = TextAreaField(
        lazy_gettext("Your answer"),
        required(lazy_gettext("Write an answer first."), TEXT),
        filters=[clean_text],
        description=lazy_gettext("It is sealed for the sender, who reads it with their receipt code."),
    )


class Confirmation(FlaskForm):
    """A button and the token that proves it was pressed here."""
