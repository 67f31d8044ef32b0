"""Forms of consents and of the steps that need them."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from app.web.fields import LINE, PARAGRAPH, TEXT, at_most, clean_line, clean_text, required
from compartments.counsel.cases.unfolding import STATISTICS
from compartments.counsel.consents.service import ONLINE, OUTWARD, SPOKEN, WRITTEN
from compartments.counsel.consents.words import STEPS

_HOW = lazy_gettext("Choose how the person decides.")


class ConsentForm(FlaskForm):
    """A step outside that the person is asked for, or has agreed to already."""

    entry = HiddenField(validators=[at_most(32)])
    step = RadioField(
        lazy_gettext("What for"),
        choices=[SelectChoice(step, STEPS[step]) for step in (*OUTWARD, STATISTICS)],
        validators=[InputRequired(lazy_gettext("Choose what the consent is for."))],
    )
    recipient = StringField(
        lazy_gettext("Who will learn of it"),
        [at_most(LINE)],
        filters=[clean_line],
        description=lazy_gettext(
            "The service or the person, by name. The services of your directory are offered while you type. Not for the annual report."
        ),
    )
    content = TextAreaField(
        lazy_gettext("What they will learn"),
        [at_most(PARAGRAPH)],
        filters=[clean_text],
        description=lazy_gettext("In the words that will be passed on. Nothing else may be."),
    )
    form = RadioField(
        lazy_gettext("How the person decides"),
        choices=[
            SelectChoice(ONLINE, lazy_gettext("I ask them here; they decide with their receipt code")),
            SelectChoice(SPOKEN, lazy_gettext("They have told me")),
            SelectChoice(WRITTEN, lazy_gettext("They have signed it")),
        ],
        validators=[InputRequired(_HOW)],
    )

    def validate_recipient(self, field: StringField) -> None:
        """Whoever learns something is named."""
        if self.step.data in OUTWARD and not field.data:
            raise ValidationError(lazy_gettext("Name who will learn of it."))

    def validate_content(self, field: TextAreaField) -> None:
        """What is passed on is written down."""
        if self.step.data in OUTWARD and not field.data:
            raise ValidationError(lazy_gettext("Write down what they will learn."))


class ColleagueForm(FlaskForm):
    """A colleague who is to read the case."""

    entry = HiddenField(validators=[at_most(32)])
    account = SelectField(lazy_gettext("Colleague"), validate_choice=True)
    form = ConsentForm.form


class StepForm(FlaskForm):
    """A step outside, made from a consent."""

    entry = HiddenField(validators=[at_most(32)])
    way = StringField(
        lazy_gettext("How it is passed on"),
        required(lazy_gettext("Say how, such as: by phone, by letter."), LINE),
        filters=[clean_line],
    )


class AnswerForm(FlaskForm):
    """What the service said."""

    version = HiddenField(validators=[at_most(10)])
    answered_on = DateField(
        lazy_gettext("Day"), [InputRequired(lazy_gettext("Enter a day, such as 2026-11-21."))]
    )
    answer = TextAreaField(
        lazy_gettext("What they said"),
        required(lazy_gettext("Write something first."), TEXT),
        filters=[clean_text],
    )
