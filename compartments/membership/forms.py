"""Forms of the membership compartment: what an officer may type about a person, and what is said where it can't be right."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, InputRequired, Optional, ValidationError

from app.web.countries import countries
from app.web.fields import PARAGRAPH, at_most, clean_line, clean_text, optional, required
from compartments.membership.details import FIELDS, TEXTS, Details
from compartments.membership.fields import MoneyField, NumberField, plausible_phone
from compartments.membership.models import EXIT_REASONS

EARLIEST = date(1880, 1, 1)
GERMAN_POSTCODE = re.compile(r"[0-9]{5}")
DATE_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]

REASON_NAMES = {
    "resigned": lazy_gettext("Resigned"),
    "died": lazy_gettext("Died"),
    "expelled": lazy_gettext("Expelled"),
    "struck-off": lazy_gettext("Struck off the list"),
    "moved": lazy_gettext("Moved to another organisation"),
    "other": lazy_gettext("Another reason"),
}
LANGUAGE_NAMES = {"de": lazy_gettext("German"), "en": lazy_gettext("English")}
PERIODS = {
    1: lazy_gettext("every month"),
    3: lazy_gettext("every quarter"),
    6: lazy_gettext("every half year"),
    12: lazy_gettext("once a year"),
}
"""Number of months -> how often somebody pays."""
_NO_DATE = lazy_gettext("Enter a date, for example 31.12.1990.")


class Day(DateField):
    """A date, as browsers send it or as people type it, with an error in the reader's words."""

    def __init__(self, label: Any, validators: Any = (), **options: Any) -> None:
        super().__init__(label, validators, format=DATE_FORMATS, **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata([str(value).strip() for value in valuelist])
        except ValueError:
            self.data = None
            raise ValueError(_NO_DATE) from None


class PersonForm(FlaskForm):
    """Everything that is kept of a person. ``entry`` makes a form that is sent twice add one person."""

    entry = HiddenField(validators=[Optional(), at_most(32)])
    revision = HiddenField(validators=[Optional(), at_most(10)])
    member_number = NumberField(
        lazy_gettext("Member number"),
        [InputRequired(lazy_gettext("Enter a member number."))],
    )
    first_name = StringField(lazy_gettext("First names"), optional(120), filters=[clean_line])
    last_name = StringField(
        lazy_gettext("Last name"),
        required(lazy_gettext("Enter the last name."), 120),
        filters=[clean_line],
        description=lazy_gettext("If somebody has one name only, enter it here."),
    )
    birth_date = Day(lazy_gettext("Date of birth"), [Optional()])
    street = StringField(lazy_gettext("Street and number"), optional(200), filters=[clean_line])
    postcode = StringField(lazy_gettext("Postcode"), optional(12), filters=[clean_line])
    city = StringField(lazy_gettext("Town or city"), optional(120), filters=[clean_line])
    country = SelectField(lazy_gettext("Country"), [DataRequired()], default="DE")
    email = StringField(
        lazy_gettext("E-mail"),
        [
            Optional(),
            at_most(254),
            Email(lazy_gettext("Enter an e-mail address such as name@example.org.")),
        ],
        filters=[clean_line],
    )
    phone = StringField(lazy_gettext("Phone"), [*optional(40), plausible_phone], filters=[clean_line])
    language = SelectField(
        lazy_gettext("Language of mails"),
        [Optional()],
        default="",
        description=lazy_gettext("Invitations and everything else that this office mails to the person."),
    )
    citizenship = SelectField(lazy_gettext("Citizenship"), [Optional()], default="")
    division = SelectField(lazy_gettext("Division"), [Optional()], default="")
    entered_on = Day(lazy_gettext("Date of entry"), [InputRequired(lazy_gettext("Enter the date of entry."))])
    may_vote = BooleanField(lazy_gettext("Entitled to vote"))
    voting_by = StringField(
        lazy_gettext("Determined by"),
        optional(120),
        filters=[clean_line],
        description=lazy_gettext("The division, the assembly or the officer that has determined it."),
    )
    voting_on = Day(lazy_gettext("Determined on"), [Optional()])
    dues_cents = MoneyField(lazy_gettext("Dues per year"), [Optional()])
    dues_every = SelectField(lazy_gettext("Pays"), [DataRequired()], coerce=int, default=12)
    reduced_cents = MoneyField(lazy_gettext("Reduced dues per year"), [Optional()])
    reduced_until = Day(lazy_gettext("Reduced until"), [Optional()])
    reduction_reason = StringField(
        lazy_gettext("Reason for the reduction"), optional(200), filters=[clean_line]
    )
    consent_news_on = Day(lazy_gettext("Agreed to news by e-mail on"), [Optional()])
    consent_phone_on = Day(lazy_gettext("Agreed to be phoned on"), [Optional()])
    left_on = Day(lazy_gettext("Date of exit"), [Optional()])
    exit_reason = SelectField(lazy_gettext("Reason for the exit"), [Optional()], default="")
    notes = TextAreaField(lazy_gettext("Notes"), optional(PARAGRAPH), filters=[clean_text])
    ticket = StringField(
        lazy_gettext("Ticket reference"),
        optional(40),
        filters=[clean_line],
        description=lazy_gettext(
            "The request that asks for this. It is kept in the history beside each change."
        ),
    )

    def __init__(
        self, *args: Any, today: date, division_choices: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._today, self._latest = today, today + timedelta(days=366)
        self.country.choices = countries()
        self.citizenship.choices = countries(unknown=_("Not known"))
        self.language.choices = [("", _("Not known: as the office has set for all")), *LANGUAGE_NAMES.items()]
        self.division.choices = [("", _("None")), *division_choices[1:]]
        self.dues_every.choices = list(PERIODS.items())
        self.exit_reason.choices = [("", _("None")), *((code, REASON_NAMES[code]) for code in EXIT_REASONS)]

    def validate_birth_date(self, field: Any) -> None:
        """People are born before today, and not in the Middle Ages."""
        if field.data and not EARLIEST <= field.data <= self._today:
            raise ValidationError(_("This date of birth can't be right."))

    def validate_postcode(self, field: Any) -> None:
        """German postcodes have five digits; those of other countries are taken as they are."""
        if self.country.data == "DE" and not GERMAN_POSTCODE.fullmatch(field.data):
            raise ValidationError(_("A German postcode has five digits."))

    def validate_entered_on(self, field: Any) -> None:
        """Nobody enters before their birth, or far in the future."""
        if field.data and not EARLIEST <= field.data <= self._latest:
            raise ValidationError(_("This date of entry can't be right."))
        if field.data and self["birth_date"].data and field.data < self["birth_date"].data:
            raise ValidationError(_("The entry can't be before the birth."))

    def validate_left_on(self, field: Any) -> None:
        """An exit follows an entry."""
        if field.data and self["entered_on"].data and field.data < self["entered_on"].data:
            raise ValidationError(_("The exit can't be before the entry."))
        if field.data and field.data > self._latest:
            raise ValidationError(_("This date of exit can't be right."))

    def validate_voting_on(self, field: Any) -> None:
        """Nothing has been determined in the future."""
        self._is_past(field)

    def validate_consent_news_on(self, field: Any) -> None:
        """Nobody has agreed in the future."""
        self._is_past(field)

    def validate_consent_phone_on(self, field: Any) -> None:
        """Nobody has agreed in the future."""
        self._is_past(field)

    def _is_past(self, field: Any) -> None:
        if field.data and not EARLIEST <= field.data <= self._today:
            raise ValidationError(_("This day can't be right: it lies ahead, or far back."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then that what belongs together comes together."""
        valid = bool(super().validate(extra_validators))
        return self._entitlement_is_whole() & self._reduction_is_whole() & self._exit_is_whole() & valid

    def _entitlement_is_whole(self) -> bool:
        by, on = self["voting_by"], self["voting_on"]
        if not self["may_vote"].data:
            return True
        if not by.data and not by.errors:
            by.errors = [_("Enter who has determined the entitlement.")]
        if not on.data and not on.errors:
            on.errors = [_("Enter when the entitlement was determined.")]
        return not by.errors and not on.errors

    def _reduction_is_whole(self) -> bool:
        cents, until = self["reduced_cents"], self["reduced_until"]
        if cents.data is not None and not until.data and not until.errors:
            until.errors = [_("Enter until when the dues are reduced.")]
        if until.data and cents.data is None and not cents.errors:
            cents.errors = [_("Enter the reduced dues, or no day.")]
        return not cents.errors and not until.errors

    def _exit_is_whole(self) -> bool:
        valid = True
        left_on, reason = self["left_on"], self["exit_reason"]
        if left_on.data and not reason.data and not reason.errors:
            reason.errors = [_("Choose the reason for the exit.")]
            valid = False
        if reason.data and not left_on.data and not left_on.errors:
            left_on.errors = [_("Enter the date of the exit, or choose no reason.")]
            valid = False
        return valid

    @property
    def details(self) -> Details:
        """What was typed, as plain values; only after validation."""
        values = {name: self[name].data for name in FIELDS}
        values["division"] = int(values["division"]) if values["division"] else None
        values["exit_reason"] = values["exit_reason"] or None
        for name in TEXTS:
            values[name] = values[name] or ""
        return Details.of(values)

    def show(self, details: Details) -> None:
        """Put values into the fields, in place of what was typed."""
        for name, value in details.as_dict().items():
            field: Any = self[name]
            field.raw_data = None
            field.data = (
                ("" if value is None else str(value)) if name in {"division", "exit_reason"} else value
            )


class SearchForm(Form):
    """The search box: a GET form without a token, since it changes nothing."""

    q = StringField(lazy_gettext("Search"), filters=[lambda text: (text or "").replace("\x00", "")[:200]])
