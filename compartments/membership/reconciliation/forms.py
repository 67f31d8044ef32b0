"""Forms of reconciliation and of the relay."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from app.web.fields import TEXT, clean_text, optional, required
from compartments.membership.reconciliation import rules

REASON = 500


class SendForm(FlaskForm):
    """A list to be sent. ``entry`` makes a form sent twice send once, ``seen`` is what the officer saw."""

    entry = HiddenField(validators=[Length(max=32)])
    seen = HiddenField(validators=[Length(max=80)])
    reason = TextAreaField(
        lazy_gettext("Reason"),
        optional(REASON),
        filters=[clean_text],
        description=lazy_gettext("The clearing office reads it, so name nobody."),
    )

    def needs_reason(self) -> bool:
        """Say that a reason is missing, where it is."""
        if self.reason.data:
            return False
        self.reason.errors = [_("Please say why so few have to be sent now.")]
        return True


class TakeBackForm(FlaskForm):
    """Why somebody was on a list of leavers by mistake. ``entry`` makes a form sent twice take back once."""

    entry = HiddenField(validators=[Length(max=32)])
    reason = TextAreaField(
        lazy_gettext("Reason"),
        required(lazy_gettext("Please say why."), REASON),
        filters=[clean_text],
        description=lazy_gettext("The clearing office reads it, so name nobody."),
    )


def _number(label: Any, name: str, hint: Any = "") -> IntegerField:
    least, most = rules.BOUNDS[name]
    bounds = NumberRange(
        min=least, max=most, message=lazy_gettext("Enter a whole number from %(min)s to %(max)s.")
    )
    return IntegerField(
        label, validators=[InputRequired(lazy_gettext("Enter a whole number.")), bounds], description=hint
    )


class RulesForm(FlaskForm):
    """The numbers that the office has agreed on."""

    threshold = _number(
        lazy_gettext("A second officer is needed where more leave the list than this many percent"),
        rules.THRESHOLD,
    )
    floor = _number(
        lazy_gettext("A second officer is needed where fewer change than"),
        rules.FLOOR,
        lazy_gettext("A list in which a single person changes would tie that person to an account."),
    )
    first_day = _number(lazy_gettext("First day of the month on which it is due"), rules.FIRST_DAY)
    second_day = _number(lazy_gettext("Second day of the month on which it is due"), rules.SECOND_DAY)

    NAMES: ClassVar[dict[str, str]] = {
        "threshold": rules.THRESHOLD,
        "floor": rules.FLOOR,
        "first_day": rules.FIRST_DAY,
        "second_day": rules.SECOND_DAY,
    }

    def show(self) -> None:
        """Fill in what is agreed."""
        known = rules.numbers()
        for field, name in self.NAMES.items():
            self[field].data = known[name]

    @property
    def numbers(self) -> dict[str, int]:
        """What was typed, by rule."""
        return {name: self[field].data for field, name in self.NAMES.items()}


class MailForm(FlaskForm):
    """A message to be mailed to its member. ``entry`` makes a form sent twice mail once."""

    entry = HiddenField(validators=[Length(max=32)])


class ReplyForm(FlaskForm):
    """An answer to the administration."""

    entry = HiddenField(validators=[Length(max=32)])
    text = TextAreaField(
        lazy_gettext("Answer to the administration"),
        required(lazy_gettext("Write something first."), TEXT),
        filters=[clean_text],
        description=lazy_gettext("It must not name the member, or say who they are."),
    )
