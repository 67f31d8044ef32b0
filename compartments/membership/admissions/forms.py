"""Forms of this part of the membership compartment: what the division has decided, the first payment, a letter to the applicant."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from app.office.forms import SeenForm
from app.web.fields import PARAGRAPH, TEXT, at_most, clean_line, clean_text, optional, required
from compartments.membership.fields import MoneyField, NumberField
from compartments.membership.forms import EARLIEST, Day


class DecisionForm(FlaskForm):
    """What the division has decided; a refusal says why."""

    decision = RadioField(
        lazy_gettext("What has the division decided?"),
        [InputRequired(lazy_gettext("Choose what was decided."))],
        choices=[
            SelectChoice("accept", lazy_gettext("It accepts the application")),
            SelectChoice("refuse", lazy_gettext("It refuses the application")),
        ],
    )
    decided_by = StringField(
        lazy_gettext("Who has decided?"),
        required(lazy_gettext("Enter who has decided, for example a state board.")),
        filters=[clean_line],
        description=lazy_gettext("The applicant reads it."),
    )
    division = SelectField(lazy_gettext("Division"), [Optional()], default="")
    reason = TextAreaField(
        lazy_gettext("Reasons of a refusal"),
        optional(PARAGRAPH),
        filters=[clean_text],
        description=lazy_gettext("They go to the applicant's mailbox word for word."),
    )

    def __init__(self, *args: Any, division_choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.division.choices = [("", _("None")), *division_choices[1:]]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that a refusal has its reasons."""
        valid = bool(super().validate(extra_validators))
        if self.decision.data == "refuse" and not self.reason.data and not self.reason.errors:
            self.reason.errors = [_("A refusal needs written reasons.")]
            return False
        return valid


class FirstPaymentForm(FlaskForm):
    """The first payment, which confirms who it is, and the number given."""

    amount = MoneyField(
        lazy_gettext("Amount received"), [InputRequired(lazy_gettext("Enter the amount that has come in."))]
    )
    received_on = Day(
        lazy_gettext("Received on"), [InputRequired(lazy_gettext("Enter the day of the payment."))]
    )
    dues_cents = MoneyField(
        lazy_gettext("Dues per year"), [InputRequired(lazy_gettext("Enter the dues per year."))]
    )
    member_number = NumberField(
        lazy_gettext("Member number"), [InputRequired(lazy_gettext("Enter a member number."))]
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def validate_amount(self, field: Any) -> None:
        """Nothing is no payment."""
        if field.data is not None and field.data <= 0:
            raise ValidationError(_("Enter the amount that has come in."))

    def validate_received_on(self, field: Any) -> None:
        """Money has come, it will not."""
        if field.data and not EARLIEST <= field.data <= self._today:
            raise ValidationError(_("This day can't be right: it lies ahead, or far back."))


class LetterForm(SeenForm):
    """A letter to the applicant. ``entry`` makes a form that is sent twice write once."""

    entry = HiddenField(validators=[Optional(), at_most(32)])
    text = TextAreaField(
        lazy_gettext("Your message"),
        required(lazy_gettext("Please write something before you send it."), TEXT),
        filters=[clean_text],
        description=lazy_gettext("It is sealed for the applicant, who reads it with the receipt code."),
    )
