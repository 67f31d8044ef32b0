"""The form of a counsellor's own card."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.web.fields import LINE, PARAGRAPH, clean_line, clean_text, optional, required

SPOKEN = ("de", "en", "tr", "ar", "fa", "ru", "uk", "pl", "fr", "es", "dgs")
_NAMES = {
    "de": lazy_gettext("German"),
    "en": lazy_gettext("English"),
    "tr": lazy_gettext("Turkish"),
    "ar": lazy_gettext("Arabic"),
    "fa": lazy_gettext("Persian"),
    "ru": lazy_gettext("Russian"),
    "uk": lazy_gettext("Ukrainian"),
    "pl": lazy_gettext("Polish"),
    "fr": lazy_gettext("French"),
    "es": lazy_gettext("Spanish"),
    "dgs": lazy_gettext("German Sign Language"),
}
_TEXTS = ("topics", "reach", "portrait")
_LANGUAGES = ("de", "en")


class CardForm(FlaskForm):
    """What the public reads of a counsellor, in German and, if they like, in English."""

    name = StringField(
        lazy_gettext("The name that people read"),
        required(lazy_gettext("Enter a name."), LINE),
        filters=[clean_line],
        description=lazy_gettext("It may be a first name. Your colleagues know who it is."),
    )
    languages = SelectMultipleField(
        lazy_gettext("Languages"),
        choices=[SelectChoice(code, _NAMES[code]) for code in SPOKEN],
        validators=[DataRequired(lazy_gettext("Choose at least one language."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    topics_de = StringField(lazy_gettext("What you know well (German)"), optional(LINE), filters=[clean_line])
    topics_en = StringField(
        lazy_gettext("What you know well (English)"), optional(LINE), filters=[clean_line]
    )
    reach_de = StringField(
        lazy_gettext("How else to reach you (German)"),
        optional(LINE),
        filters=[clean_line],
        description=lazy_gettext("Such as hours by phone. Writing here is always possible."),
    )
    reach_en = StringField(
        lazy_gettext("How else to reach you (English)"), optional(LINE), filters=[clean_line]
    )
    portrait_de = TextAreaField(
        lazy_gettext("Who you are (German)"),
        required(lazy_gettext("Write a few sentences about yourself."), PARAGRAPH),
        filters=[clean_text],
        description=lazy_gettext("Markdown. What would you want to know before you trust somebody?"),
    )
    portrait_en = TextAreaField(
        lazy_gettext("Who you are (English)"), optional(PARAGRAPH), filters=[clean_text]
    )
    accepts = BooleanField(
        lazy_gettext("I take new contacts"),
        description=lazy_gettext("Without this, people see your portrait but can't choose you just now."),
    )

    def card(self) -> dict[str, Any]:
        """Return the card as it is signed."""
        texts = {field: {code: self[f"{field}_{code}"].data or "" for code in _LANGUAGES} for field in _TEXTS}
        return {
            "name": self.name.data or "",
            "languages": list(self.languages.data or []),
            "accepts": bool(self.accepts.data),
            **texts,
        }

    def fill(self, card: dict[str, Any]) -> None:
        """Show a card."""
        self.name.data, self.languages.data = card["name"], card["languages"]
        self.accepts.data = card["accepts"]
        for field in _TEXTS:
            for code in _LANGUAGES:
                self[f"{field}_{code}"].data = card[field].get(code, "")


def language_names() -> dict[str, Any]:
    """Return what languages are called, by code."""
    return dict(_NAMES)
