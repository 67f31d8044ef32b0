"""Forms of this part of the membership compartment: what a person has asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from app.web.fields import at_most, clean_line, optional
from compartments.membership.forms import EARLIEST, Day
from compartments.membership.rights.models import ACCESS, CORRECTION, ERASURE


class RequestForm(FlaskForm):
    """A request. ``entry`` makes a form that is sent twice write one."""

    entry = HiddenField(validators=[Optional(), at_most(32)])
    kind = RadioField(
        lazy_gettext("What does the person ask for?"),
        [InputRequired(lazy_gettext("Choose what the person asks for."))],
        choices=[
            SelectChoice(ACCESS, lazy_gettext("Access to what is kept of them (Art. 15)")),
            SelectChoice(CORRECTION, lazy_gettext("Correction (Art. 16)")),
            SelectChoice(ERASURE, lazy_gettext("Erasure (Art. 17)")),
        ],
    )
    received_on = Day(lazy_gettext("Received on"), [InputRequired(lazy_gettext("Enter the day."))])
    ticket = StringField(lazy_gettext("Ticket"), optional(40), filters=[clean_line])

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def validate_received_on(self, field: Any) -> None:
        """Requests have come, they will not."""
        if field.data and not EARLIEST <= field.data <= self._today:
            raise ValidationError(_("This day can't be right: it lies ahead, or far back."))
