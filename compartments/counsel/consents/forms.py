"""Forms of consents and of the steps that need them."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from app.web.fields import LINE, PARAGRAPH, TEXT, at_most, clean_line, clean_text, required
from compartments.counsel.cases.forms import AS_WRITTEN, not_ahead
from compartments.counsel.cases.unfolding import STATISTICS
from compartments.counsel.consents.service import ONLINE, OUTWARD, SPOKEN, WRITTEN
from compartments.counsel.consents.words import STEPS


class _Asking(FlaskForm):
    """Whoever presses one of its buttons says how the person decides: asked here, or noted as said or signed already."""

    entry = HiddenField(validators=[at_most(32)])
    purpose = TextAreaField(
        lazy_gettext("What it is for"),
        [at_most(PARAGRAPH)],
        filters=[clean_text],
        description=lazy_gettext(
            "How it would help the person, in a sentence or two. They read it before they decide."
        ),
    )
    form = RadioField(
        lazy_gettext("How the person decides"),
        choices=[
            SelectChoice(ONLINE, lazy_gettext("Ask the person")),
            SelectChoice(SPOKEN, lazy_gettext("They have told me")),
            SelectChoice(WRITTEN, lazy_gettext("They have signed it")),
        ],
        validators=[InputRequired(lazy_gettext("Choose how the person decides."))],
    )

    def validate_purpose(self, field: TextAreaField) -> None:
        """Who doesn't know what it is for can't agree to it."""
        if self._must_say_why() and not field.data:
            raise ValidationError(lazy_gettext("Say what it is for."))

    def _must_say_why(self) -> bool:
        return True


class ConsentForm(_Asking):
    """A step outside that the person is asked for, or has agreed to already."""

    step = RadioField(
        lazy_gettext("What is to be done"),
        choices=[SelectChoice(step, STEPS[step]) for step in (*OUTWARD, STATISTICS)],
        validators=[InputRequired(lazy_gettext("Choose what the consent is for."))],
    )
    recipient = StringField(
        lazy_gettext("Who will learn of it"),
        [at_most(LINE)],
        filters=[clean_line],
        description=lazy_gettext(
            "The service or the person, by name. The services of your directory are offered while you type."
        ),
    )
    content = TextAreaField(
        lazy_gettext("What they will learn"),
        [at_most(PARAGRAPH)],
        filters=[clean_text],
        description=lazy_gettext("In the words that will be passed on. Nothing else may be."),
    )

    def validate_recipient(self, field: StringField) -> None:
        """Whoever learns something is named."""
        if self.step.data in OUTWARD and not field.data:
            raise ValidationError(lazy_gettext("Name who will learn of it."))

    def validate_content(self, field: TextAreaField) -> None:
        """What is passed on is written down."""
        if self.step.data in OUTWARD and not field.data:
            raise ValidationError(lazy_gettext("Write down what they will learn."))

    def _must_say_why(self) -> bool:
        return self.step.data in OUTWARD


class ColleagueForm(_Asking):
    """A colleague who is to read the case."""

    account = SelectField(lazy_gettext("Colleague"), validate_choice=True)


class CannotGoOnForm(FlaskForm):
    """The only reader of a case has to leave it: words for the person, and who could take over."""

    entry = HiddenField(validators=[at_most(32)])
    account = SelectField(lazy_gettext("Who could take over"), validate_choice=True)
    text = TextAreaField(
        lazy_gettext("To the person"),
        required(lazy_gettext("Write something first."), TEXT),
        filters=[clean_text],
        description=lazy_gettext("A proposal: change it as you like. Don't name whom you know."),
    )

    @classmethod
    def of(cls, colleagues: list[SelectChoice], *, blank: bool = False) -> CannotGoOnForm:
        """The form for these colleagues; without the question where there is none."""
        form = cls(formdata=None) if blank else cls()
        form.account.choices = colleagues
        if not colleagues:
            del form.account
        return form


class StepForm(FlaskForm):
    """A step outside, made from a consent."""

    entry = HiddenField(validators=[at_most(32)])
    way = StringField(
        lazy_gettext("How it is passed on"),
        required(lazy_gettext("Say how, such as: by phone, by letter."), LINE),
        filters=[clean_line],
        description=lazy_gettext("The person reads it, too."),
    )


class HappenedForm(StepForm):
    """A step outside that was made before anybody here had read that the person took their consent back."""

    done_on = DateField(
        lazy_gettext("Passed on, on which day"),
        [InputRequired(lazy_gettext("Enter the day on which it was passed on.")), not_ahead],
        format=AS_WRITTEN,
    )


class AnswerForm(FlaskForm):
    """What the service said; ``asked_on``: the day on which they were referred to it."""

    asked_on: date | None = None

    version = HiddenField(validators=[at_most(10)])
    answered_on = DateField(
        lazy_gettext("Day"),
        [InputRequired(lazy_gettext("Enter the day of the answer.")), not_ahead],
        format=AS_WRITTEN,
    )
    answer = TextAreaField(
        lazy_gettext("What they said"),
        required(lazy_gettext("Write something first."), TEXT),
        filters=[clean_text],
        description=lazy_gettext("All who read this case read it. The person doesn't."),
    )

    def validate_answered_on(self, field: DateField) -> None:
        """Nobody answers before they were asked."""
        if self.asked_on and field.data and field.data < self.asked_on:
            raise ValidationError(lazy_gettext("This day lies before the referral."))
