"""Forms of the board compartment that belong to no single capability, and what its acting forms have in common."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from app.web.fields import LINE, TEXT, clean_line, clean_text, optional, required
from app.web.look import LOOKS
from compartments.board.applications.letters import PLACES
from compartments.board.service import RECIPIENTS
from keys.randomness import new_id

ONCE = re.compile(r"[0-9a-f]{32}")


class OnceForm(FlaskForm):
    """A form with an id of its own: sent twice, it acts once."""

    once = HiddenField(default=new_id)

    def validate_once(self, field: Any) -> None:
        """Refuse what no page of ours has made."""
        if not ONCE.fullmatch(field.data or ""):
            raise ValidationError(_l("This page has been changed on the way. Please open it again."))


class ActForm(OnceForm):
    """An act on something that a colleague may be changing too: it brings along the revision that its page showed."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    def show(self, revision: int) -> None:
        """Let the page that is shown now be the one that the next attempt is made from."""
        self.revision.data = revision
        self.revision.raw_data = None


class NoticeForm(OnceForm):
    """A notice to another compartment."""

    recipient = SelectField(
        _l("To"),
        choices=[
            SelectChoice("", _l("Please choose")),
            *(SelectChoice(name, LOOKS[name].title) for name in RECIPIENTS),
        ],
        validators=required(_l("Choose who is to read the notice")),
    )
    subject = StringField(
        _l("Subject"), filters=[clean_line], validators=required(_l("Enter a subject"), LINE)
    )
    text = TextAreaField(
        _l("Text"), filters=[clean_text], validators=required(_l("Write what they should know"), TEXT)
    )


class LetterForm(FlaskForm):
    """The wording of one letter in both languages."""

    de = TextAreaField(_l("In German"), filters=[clean_text], validators=optional(TEXT))
    en = TextAreaField(_l("In English"), filters=[clean_text], validators=optional(TEXT))

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a place that nothing will ever be put into."""
        fine = bool(super().validate(extra_validators))
        for field in (self.de, self.en):
            unknown = [place for place in re.findall(r"{(\w+)}", field.data or "") if place not in PLACES]
            if unknown:
                field.errors = [*field.errors, _l("Nothing is known as {%(place)s}", place=unknown[0])]
                fine = False
        return fine


class EmptyForm(FlaskForm):
    """A button: nothing but the token that says it was pressed here."""
