"""The forms of a year's texts and of its release."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import ValidationError

from app.web.fields import TEXT, at_most, clean_text, optional
from compartments.counsel.annual.models import TEXTS

_HOW_TO_WRITE = lazy_gettext(
    "A line between paragraphs, a hyphen before each point of a list, **two stars** around what is bold. Leave numbers to the tables: one in "
    "a text could give away what the tables hide."
)
NUMBERS_SEEN = lazy_gettext(
    "I have looked at each number in the texts: none of them tells how many people or incidents there were."
)


class YearForm(FlaskForm):
    """What counsellors say about a year."""

    version = HiddenField(validators=[at_most(10)])
    work = TextAreaField(
        lazy_gettext("What we did"), optional(TEXT), filters=[clean_text], description=_HOW_TO_WRITE
    )
    prevention = TextAreaField(lazy_gettext("Prevention"), optional(TEXT), filters=[clean_text])
    conclusions = TextAreaField(lazy_gettext("Conclusions"), optional(TEXT), filters=[clean_text])
    recommendations = TextAreaField(lazy_gettext("Recommendations"), optional(TEXT), filters=[clean_text])

    def said(self) -> dict[str, str]:
        """Return the texts by name."""
        return {name: self[name].data or "" for name in TEXTS}


class ReleaseForm(FlaskForm):
    """Proposing the release. ``version`` is that of the texts which were looked at; ``has_numbers`` whether there are numbers in them."""

    has_numbers = False
    version = HiddenField(validators=[at_most(10)])
    seen = BooleanField(NUMBERS_SEEN)

    def validate_seen(self, field: BooleanField) -> None:
        """Numbers in the texts have to be looked at."""
        if self.has_numbers and not field.data:
            raise ValidationError(
                lazy_gettext("Please look at each number, and tick the box or change the text.")
            )
