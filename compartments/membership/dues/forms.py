"""Forms of dues: money that came in, months that are waived, who was reminded, and the rules of reminding."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from app.web.fields import at_most, clean_line, optional, required
from compartments.membership.dues.payments import MOST_MONTHS
from compartments.membership.dues.rules import BOUNDS, Rules, check
from compartments.membership.fields import MoneyField, NumberField
from compartments.membership.forms import EARLIEST, Day


class PaymentForm(FlaskForm):
    """Money that came in. ``entry`` makes a form that is sent twice book once."""

    entry = HiddenField(validators=[Optional(), at_most(32)])
    amount = MoneyField(lazy_gettext("Amount"), [InputRequired(lazy_gettext("Enter the amount."))])
    received_on = Day(lazy_gettext("Received on"), [InputRequired(lazy_gettext("Enter the day."))])
    reference = StringField(
        lazy_gettext("Reference"),
        optional(140),
        filters=[clean_line],
        description=lazy_gettext("What the statement says, or the number of the receipt."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def validate_received_on(self, field: Any) -> None:
        """Money comes in before it is booked."""
        if field.data and not EARLIEST <= field.data <= self._today:
            raise ValidationError(_("This day can't be right: it lies ahead, or far back."))

    def validate_amount(self, field: Any) -> None:
        """Nothing is no payment."""
        if field.data == 0:
            raise ValidationError(_("Enter the amount."))


class QuickPaymentForm(PaymentForm):
    """A payment of whoever has the member number: for a pile of receipts."""

    member_number = NumberField(
        lazy_gettext("Member number"), [InputRequired(lazy_gettext("Enter a member number."))]
    )


class WaiverForm(FlaskForm):
    """Months that somebody need not pay for."""

    entry = HiddenField(validators=[Optional(), at_most(32)])
    months = IntegerField(
        lazy_gettext("Months"),
        [
            InputRequired(lazy_gettext("Enter a number of months.")),
            NumberRange(1, MOST_MONTHS, lazy_gettext("Enter a number of months from 1 to 120.")),
        ],
    )
    reason = StringField(
        lazy_gettext("Reason"), required(lazy_gettext("Enter the reason."), 140), filters=[clean_line]
    )


class ChoiceForm(FlaskForm):
    """Persons ticked in a list; which of them are due is looked up again."""

    ticket = StringField(lazy_gettext("Ticket reference"), optional(40), filters=[clean_line])


class TakeBackForm(FlaskForm):
    """A button."""


def _number(label: Any, name: str, hint: Any = "") -> IntegerField:
    least, most = BOUNDS[name]
    bounds = NumberRange(least, most, lazy_gettext("Enter a whole number from %(min)s to %(max)s."))
    return IntegerField(
        label, [InputRequired(lazy_gettext("Enter a whole number.")), bounds], description=hint
    )


class RulesForm(FlaskForm):
    """What the office does about arrears. ``seen`` are the rules that the officer was shown."""

    seen = HiddenField(validators=[Optional(), at_most(80)])
    remind_after = _number(
        lazy_gettext("Remind with more than so many months in arrears"),
        "remind_after",
        lazy_gettext("The month under way counts."),
    )
    reminders = _number(lazy_gettext("How many reminders"), "reminders")
    days_apart = _number(
        lazy_gettext("Days between two reminders"),
        "days_apart",
        lazy_gettext("That long somebody has time to pay."),
    )
    strikes_off = BooleanField(
        lazy_gettext("Who doesn't pay after the last reminder may be struck off"),
        description=lazy_gettext("Never by itself: an officer looks at each record and ticks it."),
    )
    strike_off_after = _number(
        lazy_gettext("Strike off with at least so many months in arrears"), "strike_off_after"
    )
    days_of_grace = _number(
        lazy_gettext("Days between the last reminder and a striking-off"),
        "days_of_grace",
        lazy_gettext("The law and your statutes may ask for more than you would."),
    )

    @property
    def rules(self) -> Rules:
        """What was typed; only after validation."""
        return Rules(**{one.name: self[one.name].data for one in fields(Rules)})

    def show(self, known: Rules) -> None:
        """Fill in what is in force."""
        for one in fields(Rules):
            self[one.name].data = getattr(known, one.name)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each number, and that nobody is struck off before they are reminded."""
        if not super().validate(extra_validators):
            return False
        try:
            check(self.rules)
        except ValueError:
            self.strike_off_after.errors = [_("Enter more months than for the first reminder.")]
            return False
        return True
