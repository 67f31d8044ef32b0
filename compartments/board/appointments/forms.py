"""Forms for offers and for the people in office."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional

from app.web.fields import LINE, TEXT, clean_line, clean_text, optional, required
from compartments.board.forms import ActForm

NEW_PERSON = "new"


class OfferForm(ActForm):
    """What is offered to whom."""

    person = RadioField(
        _l("Is this the same person?"),
        description=_l("The separation rules look at people, so one human being must stand here once."),
        validators=[DataRequired(_l("Say whether this is somebody the board knows already"))],
    )
    starts_on = DateField(_l("First day"), validators=[DataRequired(_l("Enter the first day"))])
    ends_on = DateField(
        _l("Last day"), description=_l("Leave empty if the office has no end."), validators=[Optional()]
    )
    answer_by = DateField(
        _l("Answer by"),
        description=_l("The offer can be accepted, and the enrolment code used, until the end of this day."),
        validators=[DataRequired(_l("Enter the last day for an answer"))],
    )
    text = TextAreaField(
        _l("Letter to the applicant"),
        description=_l("The code for enrolment goes along by itself, and shows once the offer is accepted."),
        filters=[clean_text],
        validators=required(_l("Write a letter"), TEXT),
    )

    def check_days(self, today: date) -> bool:
        """Check the days against each other and against today; call it after the fields have been validated."""
        fine = True
        if self.answer_by.data < today:
            self.answer_by.errors = [*self.answer_by.errors, _("This day has passed.")]
            fine = False
        if self.ends_on.data is not None and self.ends_on.data < max(self.starts_on.data, today):
            self.ends_on.errors = [
                *self.ends_on.errors,
                _("The last day is before the first, or has passed."),
            ]
            fine = False
        return fine


class WithdrawForm(ActForm):
    """Taking an offer back."""

    letter = TextAreaField(
        _l("Letter to the applicant"),
        filters=[clean_text],
        validators=required(_l("Write a letter"), TEXT),
    )


class NameForm(FlaskForm):
    """The name of somebody in office."""

    name = StringField(
        _l("Name"), filters=[clean_line], validators=required(_l("Enter the person's name"), LINE)
    )
    email = StringField(_l("E-mail address"), filters=[clean_line], validators=optional(LINE))


def choose_person(form: Any, known: list[tuple[str, str]], name: str) -> None:
    """Give the form the persons to choose from; without any, a new one is chosen."""
    somebody_new = (NEW_PERSON, _("No, %(name)s is somebody new to the board", name=name))
    form.person.choices = [SelectChoice(*one) for one in (*known, somebody_new)]
    if not known:
        form.person.data = NEW_PERSON
