"""Forms for offers and for the people in office."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
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


class TermForm(FlaskForm):
    """Another last day for an office that somebody holds. ``was`` is the one that the page showed, in ISO format."""

    was = HiddenField()
    ends_on = DateField(
        _l("New last day"), description=_l("Leave empty if the office has no end."), validators=[Optional()]
    )

    def shown(self) -> date | None:
        """The last day that the page showed. Raises ``ValueError`` on what no page of ours has made."""
        return date.fromisoformat(self.was.data) if self.was.data else None

    def validate_was(self, _field: Any) -> None:
        """Refuse what no page of ours has made."""
        try:
            self.shown()
        except ValueError:
            raise ValidationError(_("This page has been changed on the way. Please open it again.")) from None


class PairForm(FlaskForm):
    """Which two entries are to be compared; asked for with GET, so it changes nothing and needs no token."""

    class Meta:
        csrf = False

    one = SelectField(_l("First entry"), validators=[DataRequired(_l("Choose an entry"))])
    other = SelectField(_l("Second entry"), validators=[DataRequired(_l("Choose an entry"))])

    def offer(self, entries: list[tuple[str, str]]) -> None:
        """Let these be chosen from."""
        for field in (self.one, self.other):
            field.choices = [
                SelectChoice("", _l("Please choose")),
                *(SelectChoice(*one) for one in entries),
            ]

    def validate_other(self, field: Any) -> None:
        """Refuse to compare an entry with itself."""
        if field.data == self.one.data:
            raise ValidationError(_("Choose two different entries."))


class MergeForm(FlaskForm):
    """Whose name and address stay."""

    kept = RadioField(
        _l("Which name and address stay?"),
        choices=[SelectChoice("one", _l("The first")), SelectChoice("other", _l("The second"))],
        validators=[DataRequired(_l("Say which name and address stay"))],
    )


def choose_person(form: Any, known: list[tuple[str, str]], name: str) -> None:
    """Give the form the persons to choose from; without any, a new one is chosen."""
    somebody_new = (NEW_PERSON, _("No, %(name)s is somebody new to the board", name=name))
    form.person.choices = [SelectChoice(*one) for one in (*known, somebody_new)]
    if not known:
        form.person.data = NEW_PERSON
