"""The questions of an application for membership, one form per page. What a form checks is checked again when it is sent."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Optional, ValidationError

from app.public.steps import LONGEST_EMAIL, Step
from app.web.countries import countries
from app.web.fields import PARAGRAPH, clean_line, clean_text, optional, required
from app.web.i18n import chosen_language
from app.web.state import state

OF_AGE = 18
EARLIEST = date(1880, 1, 1)
STANDARD_DUES = 400
"""Cents a month that are paid at least, unless reduced dues are asked for."""
OTHER = "other"
_DATE_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
_AMOUNT = re.compile(r"(\d{1,4})(?:[.,](\d{1,2}))?")
_PHONE = re.compile(r"\+?[\d ()/.\-]{3,40}")
_POSTCODE = re.compile(r"\d{5}")


def age(born: date, today: date) -> int:
    """Return somebody's age in years; who was born on 29 February has birthday on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def monthly(dues: str | None, amount: str) -> int | None:
    """Return the cents a month that were chosen or typed, or None where it was nothing sensible."""
    if dues != OTHER:
        return int(dues) if dues and dues.isdecimal() else None
    found = _AMOUNT.fullmatch(amount.replace("€", "").strip())
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None


class BirthDate(DateField):
    """A date as browsers send it or as people type it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata([str(value).strip() for value in valuelist])
        except ValueError:
            self.data = None
            raise ValueError(_("Enter a date, for example 31.12.1990.")) from None


class PersonStep(Step):
    """Who applies."""

    first_name = StringField(
        lazy_gettext("First names"),
        required(lazy_gettext("Please enter your first name"), 120),
        filters=[clean_line],
    )
    last_name = StringField(
        lazy_gettext("Last name"),
        required(lazy_gettext("Please enter your last name"), 120),
        filters=[clean_line],
    )
    birth_date = BirthDate(
        lazy_gettext("Date of birth"),
        [InputRequired(lazy_gettext("Please enter your date of birth"))],
        format=_DATE_FORMATS,
    )
    citizenship = SelectField(lazy_gettext("Citizenship"), [Optional()], default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.citizenship.choices = countries(unknown=_("Not given"))

    def validate_birth_date(self, field: Any) -> None:
        """Old enough, and born at a time when people who live were born."""
        today, least = state().today, state().settings.minimum_age
        if field.data is None:
            return
        if not EARLIEST <= field.data <= today:
            raise ValidationError(_("This date of birth can't be right."))
        if age(field.data, today) < least:
            raise ValidationError(_("You can become a member from the age of %(years)s.", years=least))


class AddressStep(Step):
    """Where they live."""

    street = StringField(
        lazy_gettext("Street and number"),
        required(lazy_gettext("Please enter street and number")),
        filters=[clean_line],
    )
    postcode = StringField(
        lazy_gettext("Postcode"),
        required(lazy_gettext("Please enter the postcode"), 12),
        filters=[clean_line],
    )
    city = StringField(
        lazy_gettext("Town or city"),
        required(lazy_gettext("Please enter the town or city"), 120),
        filters=[clean_line],
    )
    country = SelectField(lazy_gettext("Country"), [DataRequired()], default="DE")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = countries()

    def validate_postcode(self, field: Any) -> None:
        """German postcodes have five digits; those of other countries are taken as they are."""
        if self.country.data == "DE" and not _POSTCODE.fullmatch(field.data):
            raise ValidationError(_("A German postcode has five digits."))


class ReachStep(Step):
    """How to reach them."""

    email = EmailField(
        lazy_gettext("E-mail address"),
        description=lazy_gettext("Invitations to meetings and to take part go there"),
        filters=[clean_line],
        validators=[
            *required(lazy_gettext("Please enter an e-mail address"), LONGEST_EMAIL),
            Email(
                message=lazy_gettext("Please enter an e-mail address such as name@example.org"),
                check_deliverability=False,
            ),
        ],
    )
    phone = TelField(lazy_gettext("Telephone"), filters=[clean_line], validators=optional(40))
    language = RadioField(
        lazy_gettext("In which language shall we write to you?"),
        [InputRequired(lazy_gettext("Please choose a language"))],
        choices=[SelectChoice("de", lazy_gettext("German")), SelectChoice("en", lazy_gettext("English"))],
        default=chosen_language,
    )

    def validate_phone(self, field: Any) -> None:
        """Digits and what one writes between them."""
        if field.data and not _PHONE.fullmatch(field.data):
            raise ValidationError(
                _("A phone number is made of digits, spaces and a leading +, for example +49 221 123456.")
            )


class GuardianStep(Step):
    """Under 18 a parent or guardian has to agree."""

    guardian_name = StringField(
        lazy_gettext("Name of a parent or guardian"),
        required(lazy_gettext("Please enter the name of a parent or guardian")),
        filters=[clean_line],
    )
    guardian_consent = BooleanField(
        lazy_gettext("As a parent or guardian, I agree to this application"),
        [DataRequired(lazy_gettext("Under 18 we need the agreement of a parent or guardian"))],
    )


class BackgroundStep(Step):
    """What the division has to know to decide."""

    division_wish = StringField(
        lazy_gettext("Which division would you like to belong to?"),
        optional(),
        filters=[clean_line],
        description=lazy_gettext("If you leave this empty, it is the one where you live."),
    )
    other_party = TextAreaField(
        lazy_gettext("Are you a member of another party or a voters' association?"),
        optional(PARAGRAPH),
        filters=[clean_text],
        description=lazy_gettext("If so, please name it. If not, leave this empty."),
    )
    earlier_refusal = TextAreaField(
        lazy_gettext("Have we refused you before, or has a membership with us ended?"),
        optional(PARAGRAPH),
        filters=[clean_text],
        description=lazy_gettext("If so, please say when and why. If not, leave this empty."),
    )
    remarks = TextAreaField(
        lazy_gettext("Is there anything else we should know?"), optional(PARAGRAPH), filters=[clean_text]
    )


class DuesStep(Step):
    """What they pay."""

    dues = RadioField(
        lazy_gettext("How much would you like to pay?"),
        [InputRequired(lazy_gettext("Please choose how much you would like to pay"))],
        choices=[
            SelectChoice("400", lazy_gettext("€4 a month")),
            SelectChoice("800", lazy_gettext("€8 a month")),
            SelectChoice("1500", lazy_gettext("€15 a month")),
            SelectChoice(OTHER, lazy_gettext("Another amount")),
        ],
    )
    amount = StringField(
        lazy_gettext("Other amount, euros a month"),
        optional(8),
        filters=[clean_line],
        description=lazy_gettext("Less than €4 only if you ask for reduced dues"),
    )
    reduction = BooleanField(lazy_gettext("I ask for reduced dues"))
    reason = TextAreaField(
        lazy_gettext("Why do you ask for reduced dues?"),
        optional(PARAGRAPH),
        filters=[clean_text],
        description=lazy_gettext("A sentence is enough, for example: I am in training."),
    )

    @property
    def monthly(self) -> int | None:
        """Cents a month, or None where nothing sensible was typed."""
        return monthly(self.dues.data, self.amount.data or "")

    def validate_dues(self, field: Any) -> None:
        """Another amount is an amount, and the standard dues are the least without a reduction."""
        if field.data != OTHER or self.amount.errors:
            return
        if self.monthly is None:
            raise ValidationError(_("Please enter the other amount in euros, for example 6.50."))
        if self.monthly < STANDARD_DUES and not self["reduction"].data:
            raise ValidationError(_("Less than €4 a month is possible if you ask for reduced dues."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that a reduction has its reason."""
        valid = bool(super().validate(extra_validators))
        if self["reduction"].data and not self.reason.data and not self.reason.errors:
            self.reason.errors = [_("Please say in a sentence why you ask for reduced dues.")]
            return False
        return valid


class AgreementStep(Step):
    """The statutes, and the consent without which nothing may be processed."""

    statutes = BooleanField(
        lazy_gettext("I accept the statutes and the principles of the organisation"),
        [DataRequired(lazy_gettext("Members accept the statutes"))],
    )
    consent = BooleanField(
        lazy_gettext("I agree that my data are processed as described"),
        [DataRequired(lazy_gettext("Without your agreement we may not process the application"))],
    )
