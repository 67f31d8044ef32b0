"""Forms of this part of the membership compartment: what a person has asked for, and an erasure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, widgets
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from app.web.fields import at_most, clean_line, optional
from compartments.membership.forms import EARLIEST, Day
from compartments.membership.rights.models import ACCESS, CORRECTION, ERASURE
from compartments.membership.rights.retention import OTHER, PARTY


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


class ErasureForm(FlaskForm):
    """What shall be blackened besides what goes anyway: texts in which the person is mentioned."""

    mentions = SelectMultipleField(
        lazy_gettext("Where the person is mentioned"),
        [Optional()],
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
        description=lazy_gettext(
            "Name, e-mail address and phone number are blackened in the texts you tick. Leave out those about a namesake."
        ),
    )
    ticket = StringField(lazy_gettext("Ticket"), optional(40), filters=[clean_line])

    def __init__(self, *args: Any, found: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mentions.choices = [SelectChoice(key, excerpt) for key, excerpt in found]


class RetentionForm(FlaskForm):
    """What the organisation is: the law of its vouchers depends on it."""

    organisation = RadioField(
        lazy_gettext("What is the organisation?"),
        [InputRequired(lazy_gettext("Choose what the organisation is."))],
        choices=[
            SelectChoice(PARTY, lazy_gettext("A party: vouchers are kept for ten years (§ 24 PartG)")),
            SelectChoice(
                OTHER,
                lazy_gettext("Something else: vouchers are kept for eight years (§ 147 AO, § 257 HGB)"),
            ),
        ],
    )
