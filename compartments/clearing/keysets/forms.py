"""Forms of the key sets."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.web.fields import clean_line, clean_text, optional, required
from compartments.clearing.keysets.fields import LONGEST_REASON
from compartments.clearing.keysets.making import MOST

LONGEST_NAME = 80


class NewSetForm(FlaskForm):
    """A new set of pairs. ``entry`` makes a form that is sent twice make one set."""

    entry = HiddenField(validators=[Length(min=32, max=32)])
    request = SelectField(lazy_gettext("For which request?"), validators=[], default="")
    name = StringField(
        lazy_gettext("Name of the set"),
        description=lazy_gettext("Membership and administration see it, too. For example “Autumn 2026”."),
        filters=[clean_line],
        validators=required(lazy_gettext("Please give the set a name"), LONGEST_NAME),
    )
    count = IntegerField(
        lazy_gettext("How many pairs?"),
        validators=[
            InputRequired(lazy_gettext("Please say how many")),
            NumberRange(1, MOST, lazy_gettext("A set has 1 to %(max)s pairs.")),
        ],
    )
    reason = TextAreaField(
        lazy_gettext("Reason for so small a set"),
        description=lazy_gettext(
            "Only where the set is below the batch floor. A colleague has to confirm it then."
        ),
        filters=[clean_text],
        validators=optional(LONGEST_REASON),
    )

    def offer(self, requests: list[tuple[str, Any]]) -> None:
        """Let the officer choose among the open requests."""
        self.request.choices = [*requests, ("", lazy_gettext("None: keys in reserve"))]


class LookupForm(FlaskForm):
    """A reference key that somebody reports as not working."""

    key = StringField(
        lazy_gettext("Reference key"),
        description=lazy_gettext("Capitals, blanks and dashes don't matter."),
        validators=[DataRequired(lazy_gettext("Please enter a reference key"))],
    )


class ReasonForm(FlaskForm):
    """Why something is done; it must be said where so few are concerned that a colleague has to confirm."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        description=lazy_gettext(
            "The administration reads it. Never write a name, or anything that points to a person."
        ),
        filters=[clean_text],
        validators=optional(LONGEST_REASON),
    )
