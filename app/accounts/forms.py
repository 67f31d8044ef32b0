"""Forms of log-in, enrolment and an officer's own account. No form ever fills a passphrase in again."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, Length, ValidationError

from app.accounts.enrolment import is_free
from app.accounts.names import LONGEST_NAME, BadUsername, checked_username
from app.accounts.passkeys import LONGEST_NAME as LONGEST_PASSKEY
from app.web.fields import clean_line, required
from app.web.i18n import LANGUAGES
from keys.passkeys import LONGEST_ANSWER
from keys.strength import MAX_LENGTH, MIN_LENGTH

CODE_LENGTH = 100
PROBLEMS = {
    "short": lazy_gettext("Please choose a passphrase of at least %(min)s characters"),
    "long": lazy_gettext("Please choose a passphrase of at most %(max)s characters"),
    "guessable": lazy_gettext(
        "This passphrase is easy to guess. Four or five words that don't belong together are a good one."
    ),
}


def passphrase_field(label: Any, message: Any, **more: Any) -> PasswordField:
    """A passphrase is taken as it is typed: nothing is stripped or normalised here."""
    too_long = Length(max=MAX_LENGTH, message=PROBLEMS["long"])
    return PasswordField(label, validators=[DataRequired(message), too_long], **more)


class LoginForm(FlaskForm):
    """Who, and the passphrase."""

    next = HiddenField()
    username = StringField(
        lazy_gettext("User name"),
        filters=[clean_line],
        validators=required(lazy_gettext("Please enter your user name")),
    )
    passphrase = passphrase_field(lazy_gettext("Passphrase"), lazy_gettext("Please enter your passphrase"))


class StepUpForm(FlaskForm):
    """The passphrase again."""

    next = HiddenField()
    passphrase = passphrase_field(lazy_gettext("Passphrase"), lazy_gettext("Please enter your passphrase"))


class CodeForm(FlaskForm):
    """The code that an authenticator app shows."""

    next = HiddenField()
    code = StringField(
        lazy_gettext("Code"),
        description=lazy_gettext("Six digits from your authenticator app"),
        filters=[clean_line],
        validators=required(lazy_gettext("Please enter the code from your authenticator app"), 20),
    )


class SecondFactorForm(CodeForm):
    """Sets a second factor up. ``offer`` is the new secret, sealed to this session, so that the page can be sent again."""

    offer = HiddenField()


class PasskeyForm(FlaskForm):
    """What a passkey's device has answered; a script puts it in."""

    next = HiddenField()
    answer = HiddenField(validators=[Length(max=LONGEST_ANSWER)])


class NewPasskeyForm(PasskeyForm):
    """A new passkey, and what its owner calls it."""

    name = StringField(
        lazy_gettext("Name of the passkey"),
        description=lazy_gettext("For example the device that keeps it: “Phone”, “Key on my key ring”"),
        filters=[clean_line],
        validators=required(lazy_gettext("Please name the passkey"), LONGEST_PASSKEY),
    )


class ConfirmForm(FlaskForm):
    """Nothing but the token: for buttons that do one thing."""


class LanguageForm(FlaskForm):
    """The language in which the program writes to the officer."""

    language = RadioField(
        lazy_gettext("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()]
    )


class NewPassphrase(FlaskForm):
    """A new passphrase, twice: without a way to set it anew a slip would lock its owner out."""

    passphrase = passphrase_field(
        lazy_gettext("New passphrase"),
        lazy_gettext("Please choose a passphrase"),
    )
    repeated = PasswordField(
        lazy_gettext("The same again"),
        validators=[EqualTo("passphrase", lazy_gettext("The two passphrases are not the same"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.passphrase.description = _(
            "At least %(least)s characters. Four or five words that don't belong together are easy to remember and hard to guess. "
            "You can use spaces.",
            least=MIN_LENGTH,
        )

    def refuse(self, problem: str) -> None:
        """Say at the field what is wrong with the passphrase."""
        self.passphrase.errors = [
            *self.passphrase.errors,
            PROBLEMS[problem] % {"min": MIN_LENGTH, "max": MAX_LENGTH},
        ]


class ChangePassphrase(NewPassphrase):
    """The old one, and the new one twice."""

    old = passphrase_field(
        lazy_gettext("Present passphrase"), lazy_gettext("Please enter your present passphrase")
    )


# --- enrolment: one thing per page; what earlier pages asked travels along -------------------------------------------


class EnrolmentCode(FlaskForm):
    """Page 1: the code."""

    code = StringField(
        lazy_gettext("Enrolment code"),
        description=lazy_gettext(
            "20 letters and digits, for example bcdfg-hjkmn-pqrst-vwxyz. Capitals, spaces and dashes don't matter."
        ),
        filters=[clean_line],
        validators=required(lazy_gettext("Please enter your enrolment code"), CODE_LENGTH),
    )


class Carried(FlaskForm):
    """What every later page carries."""

    code = HiddenField(filters=[clean_line])


class EnrolmentCommitment(Carried):
    """Page 2: the commitment. The name typed is the signature."""

    version = HiddenField()
    language = HiddenField()
    signed_name = StringField(
        lazy_gettext("Your first and last name, as a signature"),
        filters=[clean_line],
        validators=required(lazy_gettext("Please sign with your name"), LONGEST_NAME),
    )


class EnrolmentNames(Carried):
    """Page 3: what the account is called."""

    version = HiddenField()
    language = HiddenField()
    signed_name = HiddenField(filters=[clean_line])
    display_name = StringField(
        lazy_gettext("Name that your colleagues see"),
        filters=[clean_line],
        validators=required(lazy_gettext("Please say by which name your colleagues know you"), LONGEST_NAME),
    )
    username = StringField(
        lazy_gettext("User name"),
        description=lazy_gettext("You log in with it. 3 to 32 letters from a to z, digits, dots or dashes."),
        filters=[clean_line],
        validators=required(lazy_gettext("Please choose a user name"), LONGEST_NAME),
    )

    def validate_username(self, field: StringField) -> None:
        """In a form that nobody mistakes for another's, and free."""
        try:
            username = checked_username(field.data)
        except BadUsername as error:
            raise ValidationError(
                _(
                    "Please use 3 to 32 letters from a to z, digits, dots or dashes, with a letter or digit at both ends"
                )
            ) from error
        if not is_free(username):
            raise ValidationError(taken())


class EnrolmentPassphrase(NewPassphrase):
    """Page 4: the passphrase. Everything else is carried."""

    code = HiddenField(filters=[clean_line])
    version = HiddenField()
    language = HiddenField()
    signed_name = HiddenField(filters=[clean_line])
    display_name = HiddenField(filters=[clean_line])
    username = HiddenField(filters=[clean_line])


def taken() -> str:
    """The error for a user name that somebody else has."""
    return str(_("Somebody has this user name already. Please choose another one."))
