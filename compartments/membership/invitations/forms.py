"""Forms of reference keys and invitation runs."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from app.web.fields import LINE, TEXT, clean_line, clean_text, optional, required
from compartments.membership.invitations import keys, runs, texts
from compartments.membership.invitations.texts import BadWording, Wording
from compartments.membership.invitations.words import MAIL_LANGUAGES

WHOLE_NUMBER = lazy_gettext("Enter a whole number.")
WITHIN = lazy_gettext("Enter a whole number from %(min)s to %(max)s.")


def whole_number(label: Any, *, most: int = runs.MOST_AT_ONCE, **more: Any) -> IntegerField:
    """A number from 1 on."""
    bounds = NumberRange(min=1, max=most, message=WITHIN)
    return IntegerField(label, validators=[InputRequired(WHOLE_NUMBER), bounds], **more)


class KeysForm(FlaskForm):
    """How many keys to ask clearing for. ``entry`` makes a form that is sent twice ask once."""

    entry = HiddenField(validators=[Length(max=32)])
    count = whole_number(
        lazy_gettext("How many keys"),
        most=keys.MOST_AT_ONCE,
        description=lazy_gettext("One for each member whom you will invite in the coming weeks."),
    )


class RunForm(FlaskForm):
    """A run to be prepared."""

    entry = HiddenField(validators=[Length(max=32)])
    contingent = whole_number(
        lazy_gettext("How many members at most"),
        description=lazy_gettext(
            "Who has waited longest comes first. The desk gets a burst of questions after each run."
        ),
    )
    per_minute = whole_number(
        lazy_gettext("Mails per minute"),
        description=lazy_gettext("Large mail providers block who sends too fast. 60 is a careful choice."),
    )


class WordingForm(FlaskForm):
    """The wording of both languages, and what mails say of the organisation."""

    claim_address = StringField(
        lazy_gettext("Address of the claim page"),
        required(lazy_gettext("Enter the address at which members claim their code.")),
        filters=[clean_line],
        description=lazy_gettext("For example https://schotten.example.org/claim"),
    )
    contact = StringField(
        lazy_gettext("Whom members can ask"),
        required(lazy_gettext("Enter an address that members can write to.")),
        filters=[clean_line],
        description=lazy_gettext("An e-mail address, or the address of a form."),
    )
    language = RadioField(
        lazy_gettext("Members whose language nobody knows get their mails in"),
        [InputRequired(lazy_gettext("Choose a language."))],
        choices=[SelectChoice(name, words) for name, words in MAIL_LANGUAGES.items()],
        description=lazy_gettext("Everybody else is mailed to in the language that stands in their record."),
    )
    de_subject = StringField(lazy_gettext("Subject in German"), optional(LINE), filters=[clean_line])
    de_text = TextAreaField(lazy_gettext("Text in German"), optional(TEXT), filters=[clean_text])
    en_subject = StringField(lazy_gettext("Subject in English"), optional(LINE), filters=[clean_line])
    en_text = TextAreaField(lazy_gettext("Text in English"), optional(TEXT), filters=[clean_text])

    def wording(self, language: str) -> Wording:
        """What was typed in one language."""
        return Wording(self[f"{language}_subject"].data or "", self[f"{language}_text"].data or "")

    def show(self) -> None:
        """Fill in what is in force."""
        for name, value in texts.settings().items():
            self[name].data = value
        for language in ("de", "en"):
            known = texts.wording(language)
            self[f"{language}_subject"].data, self[f"{language}_text"].data = known.subject, known.text

    def validate_claim_address(self, field: Any) -> None:
        """An address of the web."""
        if not re.fullmatch(r"https?://[^\s<>\"{}]+", field.data or ""):
            raise ValidationError(_("This is no web address; it begins with https://"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Look at subject and text of a language together: either may be what is missing."""
        is_valid = bool(super().validate(extra_validators))
        for language in ("de", "en"):
            if problem := _problem(self.wording(language)):
                self[f"{language}_text"].errors = [*self[f"{language}_text"].errors, problem]
                is_valid = False
        return is_valid


def _problem(typed: Wording) -> str | None:
    """What is wrong with a wording; None where nothing is, or where the program's own is wanted."""
    if typed == Wording("", ""):
        return None
    if not typed.subject or not typed.text:
        return str(_("Write both a subject and a text, or leave both empty."))
    try:
        texts.check(typed)
    except BadWording as error:
        names = ", ".join(f"{{{place}}}" for place in error.missing or error.unknown)
        if error.missing:
            return str(_("The text needs %(places)s.", places=names))
        return str(_("%(places)s can't be filled in here. Only the places listed above can.", places=names))
    return None


class LostForm(FlaskForm):
    """Whose key or code is lost. ``seen`` is the number of the person whom the officer has been shown."""

    seen = HiddenField(validators=[Length(max=20)])

    member_number = IntegerField(
        lazy_gettext("Member number"),
        validators=[
            InputRequired(lazy_gettext("Enter a member number.")),
            NumberRange(min=1, max=10**12, message=lazy_gettext("Enter a member number.")),
        ],
    )
