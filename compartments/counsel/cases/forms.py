"""Forms of a case."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Optional, ValidationError

from app.clock import day_of, utc_now
from app.web.fields import LINE, PARAGRAPH, TEXT, at_most, clean_line, clean_text, optional, required
from compartments.counsel.cases.models import CLOSED, OPEN
from compartments.counsel.cases.opened import Kind
from compartments.counsel.cases.words import CHANNELS

_DAY = lazy_gettext("Enter a day, such as 21.11.2026.")
AS_WRITTEN = ["%Y-%m-%d", "%d.%m.%Y"]
"""How a day may be typed, where the browser has no calendar to pick it from."""


BY_DATE = "date"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def not_ahead(_form: FlaskForm, field: DateField) -> None:
    """What is counted by its day has happened."""
    if field.data and field.data > day_of(utc_now()):
        raise ValidationError(lazy_gettext("This day is still to come."))


def not_behind(form: EntryForm, field: DateField) -> None:
    """What is planned lies ahead. What was planned some time ago may be changed when its day is over."""
    if not form.version.data and field.data and field.data < day_of(utc_now()):
        raise ValidationError(lazy_gettext("This day is over."))


class Confirmation(FlaskForm):
    """A button and the token that proves it was pressed here."""


class EntryForm(FlaskForm):
    """Something written down in a case. ``entry`` makes a form that is sent twice write once; ``version`` is what was read."""

    entry = HiddenField(validators=[at_most(32)])
    version = HiddenField(validators=[at_most(10)])

    @property
    def words_seen(self) -> int | None:
        """How much had been said on the page that this was sent from (``work.spoken``); None where it doesn't say."""
        told = str(self.version.data)
        return int(told) if told.isdecimal() else None

    def shown(self) -> list[tuple[Field, dict[str, Any]]]:
        """Return the fields that people see, with how they are laid out."""
        options: dict[type, dict[str, Any]] = {
            TextAreaField: {"rows": 8, "dir": "auto"},
            DateField: {"width": "10"},
            SelectField: {"optional": False},
        }
        return [(one, options.get(type(one), {})) for one in self if not isinstance(one, HiddenField)]

    def said(self) -> dict[str, Any]:
        """Return what is kept, by name: texts, truth values and ISO days."""
        around = {"entry", "version", "csrf_token"}
        data = {name: field.data for name, field in self._fields.items() if name not in around}
        return {name: _iso(value) if isinstance(value, date) else value for name, value in data.items()}

    def fill(self, data: dict[str, Any]) -> None:
        """Show what is kept."""
        for name, field in self._fields.items():
            if name in data:
                value = data[name]
                field.data = date.fromisoformat(value) if isinstance(field, DateField) and value else value


class NoteForm(EntryForm):
    """A note."""

    text = TextAreaField(
        lazy_gettext("Note"), required(lazy_gettext("Write something first."), TEXT), filters=[clean_text]
    )


class ContactForm(EntryForm):
    """A talk with the person, or about them with their consent."""

    day = DateField(lazy_gettext("Day"), [InputRequired(_DAY), not_ahead], format=AS_WRITTEN)
    channel = SelectField(
        lazy_gettext("How"), choices=[SelectChoice(value, label) for value, label in CHANNELS.items()]
    )
    text = TextAreaField(lazy_gettext("What it was about"), optional(TEXT), filters=[clean_text])


class NeedForm(EntryForm):
    """What the person needs."""

    text = TextAreaField(
        lazy_gettext("What the person needs"),
        required(lazy_gettext("Write down what is needed."), PARAGRAPH),
        filters=[clean_text],
    )
    done = BooleanField(lazy_gettext("This is met"))


class StepForm(EntryForm):
    """A step that was agreed with the person."""

    text = TextAreaField(
        lazy_gettext("What was agreed, and who does it"),
        required(lazy_gettext("Write down what was agreed."), PARAGRAPH),
        filters=[clean_text],
        description=lazy_gettext("A step that tells anybody outside needs a consent as well."),
    )
    until = DateField(lazy_gettext("Until"), [Optional(), not_behind], format=AS_WRITTEN)
    done = BooleanField(lazy_gettext("This is done"))


class SafetyForm(EntryForm):
    """A thought on the person's safety."""

    text = TextAreaField(
        lazy_gettext("What has to be thought of, so that the person is safe"),
        required(lazy_gettext("Write something first."), PARAGRAPH),
        filters=[clean_text],
        description=lazy_gettext(
            "Who must not learn of this? Which ways of reaching the person are not safe?"
        ),
    )


class FollowUpForm(EntryForm):
    """A reminder."""

    due_on = DateField(
        lazy_gettext("When to look again"), [InputRequired(_DAY), not_behind], format=AS_WRITTEN
    )
    text = TextAreaField(
        lazy_gettext("What to do then"),
        required(lazy_gettext("Write down what to do."), PARAGRAPH),
        filters=[clean_text],
    )
    done_on = DateField(lazy_gettext("Done on"), [Optional()], format=AS_WRITTEN)


FORMS: dict[str, type[EntryForm]] = {
    Kind.NOTE: NoteForm,
    Kind.CONTACT: ContactForm,
    Kind.NEED: NeedForm,
    Kind.STEP: StepForm,
    Kind.SAFETY: SafetyForm,
    Kind.FOLLOW_UP: FollowUpForm,
}


class AnswerForm(EntryForm):
    """An answer to the person."""

    text = TextAreaField(
        lazy_gettext("Your answer"),
        required(lazy_gettext("Write an answer first."), TEXT),
        filters=[clean_text],
        description=lazy_gettext("It is sealed for the person, who reads it with their receipt code."),
    )
    tells = BooleanField(
        lazy_gettext("This answer tells what was done about the report"),
        description=lazy_gettext(
            "The law asks for it within three months. Acknowledging the receipt is not enough."
        ),
    )


class RecordForm(EntryForm):
    """The record that the person confirms or corrects."""

    text = TextAreaField(
        lazy_gettext("What was talked about, in words that the person would use"),
        required(lazy_gettext("Write something first."), TEXT),
        filters=[clean_text],
        description=lazy_gettext("The person reads it with their receipt code, and confirms or corrects it."),
    )


class DescriptionForm(EntryForm):
    """The case's name among its readers, and which law applies."""

    title = StringField(
        lazy_gettext("A name for this case"),
        optional(LINE),
        filters=[clean_line],
        description=lazy_gettext("Only those who read the case see it. Better not the person's name."),
    )
    whistleblower = BooleanField(
        lazy_gettext("The whistleblower law (HinSchG) applies"),
        description=lazy_gettext(
            "Then the receipt is acknowledged within 7 days, the person learns within three months what was done, and the case is kept "
            "for three years after its end."
        ),
    )
    reason = StringField(
        lazy_gettext("Why the law applies, or doesn't"),
        optional(LINE),
        filters=[clean_line],
        description=lazy_gettext("Only where you change the box above. Those who read the case see it."),
    )


class SteppingOutForm(EntryForm):
    """Leaving a case for ever."""

    reason = StringField(
        lazy_gettext("Why"),
        required(lazy_gettext("Say in a few words why."), LINE),
        filters=[clean_line],
        description=lazy_gettext("Those who go on reading the case see it."),
    )


class ClosingForm(EntryForm):
    """The end of a case. ``word`` is for the person, where they have a receipt code."""

    word = TextAreaField(
        lazy_gettext("A last word to the person"),
        optional(TEXT),
        filters=[clean_text],
        description=lazy_gettext("They read it with their receipt code. Leave it empty to write nothing."),
    )
    text = TextAreaField(
        lazy_gettext("How it ended"),
        optional(PARAGRAPH),
        filters=[clean_text],
        description=lazy_gettext("Only those who read the case see it."),
    )


class FindForm(FlaskForm):
    """What to look for among one's cases."""

    state = HiddenField(validators=[AnyOf((OPEN, CLOSED))])
    words = StringField(
        lazy_gettext("Name of the case, of the person, or number"), optional(LINE), filters=[clean_line]
    )
    order = SelectField(
        lazy_gettext("First"),
        choices=[
            SelectChoice("", lazy_gettext("last moved")),
            SelectChoice(BY_DATE, lazy_gettext("next date")),
        ],
        default="",
    )
    mine = BooleanField(lazy_gettext("I am in charge"))


class BeginForm(EntryForm):
    """A case after a talk."""

    title = StringField(
        lazy_gettext("A name for this case"),
        required(lazy_gettext("Give the case a name."), LINE),
        filters=[clean_line],
        description=lazy_gettext("Only those who read the case see it. Better not the person's name."),
    )
    origin = RadioField(
        lazy_gettext("How the person came to you"),
        choices=[SelectChoice(value, label) for value, label in CHANNELS.items() if value != "online"],
        validators=[InputRequired(lazy_gettext("Choose how the person came to you."))],
    )
    day = DateField(lazy_gettext("Day of the talk"), [InputRequired(_DAY), not_ahead], format=AS_WRITTEN)
    name = StringField(lazy_gettext("Name of the person"), optional(LINE), filters=[clean_line])
    contact = StringField(lazy_gettext("How to reach them safely"), optional(LINE), filters=[clean_line])
    text = TextAreaField(
        lazy_gettext("What it is about"),
        required(lazy_gettext("Write something first."), TEXT),
        filters=[clean_text],
    )
