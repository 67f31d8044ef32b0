"""Forms of the connection to the platform: its settings, and an answer that its operator has handed back."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import FileField, HiddenField, IntegerField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, ValidationError

from app.web.fields import LINE, at_most, clean_line, optional
from compartments.administration.platform.models import CONNECTION, FILES
from compartments.administration.platform.settings import numbers


def _number(least: int, most: int) -> list[Any]:
    text = lazy_gettext("Please give a whole number from %(min)s to %(max)s.")
    return [InputRequired(lazy_gettext("Please enter a number")), NumberRange(least, most, text)]


class PlatformForm(FlaskForm):
    """Where the platform is, and by which rules it is changed. An empty password keeps the one that is there."""

    revision = HiddenField(validators=[at_most(10)])
    way = RadioField(
        lazy_gettext("How do plans reach the platform?"),
        choices=[
            SelectChoice(CONNECTION, lazy_gettext("Through a connection to its database")),
            SelectChoice(FILES, lazy_gettext("As files that its operator carries out")),
        ],
        default=FILES,
    )
    host = StringField(lazy_gettext("Host"), optional(), filters=[clean_line])
    port = IntegerField(lazy_gettext("Port"), _number(1, 65535), default=5432)
    dbname = StringField(lazy_gettext("Database"), optional(), filters=[clean_line])
    user = StringField(lazy_gettext("Role"), optional(), filters=[clean_line], default="schotten_connector")
    password = PasswordField(
        lazy_gettext("Password"),
        [at_most(LINE)],
        description=lazy_gettext("Stays in this vault. Leave it empty to keep the one that is there."),
    )
    sslmode = SelectField(
        lazy_gettext("Encryption"),
        choices=[
            SelectChoice("verify-full", lazy_gettext("Encrypted, and the host proves who it is")),
            SelectChoice("require", lazy_gettext("Encrypted, without proof of who it is")),
            SelectChoice("disable", lazy_gettext("None: a socket or this machine only")),
        ],
    )
    units = StringField(
        lazy_gettext("Units in which new accounts may vote"),
        optional(),
        filters=[clean_line],
        description=lazy_gettext(
            "Their numbers on the platform, separated by commas. Leave it empty if the platform gives voting rights itself."
        ),
    )
    expires_after_days = IntegerField(
        lazy_gettext("Unused codes expire after so many days"),
        _number(0, 3650),
        description=lazy_gettext("The platform doesn't look at the date itself. 0: never."),
    )
    threshold_percent = IntegerField(
        lazy_gettext("Stop at locks of more than so many per cent"),
        _number(1, 100),
        description=lazy_gettext(
            "A list that would lock more open accounts than this needs a written reason."
        ),
    )
    batch_floor = IntegerField(
        lazy_gettext("Smallest batch without a reason"),
        _number(1, 1000),
        description=lazy_gettext("Fewer changes on one day would point to persons."),
    )
    days = StringField(
        lazy_gettext("Days of the month for the reconciliation"),
        [InputRequired(lazy_gettext("Please give at least one day."))],
        filters=[clean_line],
        description=lazy_gettext("For the reminder on the start page, for example: 1, 15"),
    )

    def validate_units(self, field: Any) -> None:
        """Numbers of units."""
        _numbers(field.data, 1, 2**31 - 1)

    def validate_days(self, field: Any) -> None:
        """Days that every month has."""
        _numbers(field.data, 1, 28)


def _numbers(text: str | None, least: int, most: int) -> None:
    try:
        found = numbers(text or "")
    except ValueError:
        found = [least - 1]
    if any(not least <= number <= most for number in found):
        raise ValidationError(
            _("Please give numbers from %(least)s to %(most)s, separated by commas.", least=least, most=most)
        )


class AnswerForm(FlaskForm):
    """An answer file of the platform's operator."""

    answer = FileField(
        lazy_gettext("Answer of the platform's operator"),
        description=lazy_gettext("The JSON file that the operator has handed back."),
    )
