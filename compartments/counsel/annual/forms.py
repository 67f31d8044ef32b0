"""The form of a year's texts."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField

from app.web.fields import TEXT, at_most, clean_text, optional
from compartments.counsel.annual.models import TEXTS

_NO_NUMBERS = lazy_gettext(
    "Markdown. Leave numbers to the tables: one in a text could give away what the tables hide."
)


class YearForm(FlaskForm):
    """What counsellors say about a year."""

    version = HiddenField(validators=[at_most(10)])
    work = TextAreaField(
        lazy_gettext("What we did"), optional(TEXT), filters=[clean_text], description=_NO_NUMBERS
    )
    prevention = TextAreaField(lazy_gettext("Prevention"), optional(TEXT), filters=[clean_text])
    conclusions = TextAreaField(lazy_gettext("Conclusions"), optional(TEXT), filters=[clean_text])
    recommendations = TextAreaField(lazy_gettext("Recommendations"), optional(TEXT), filters=[clean_text])

    def said(self) -> dict[str, str]:
        """Return the texts by name."""
        return {name: self[name].data or "" for name in TEXTS}
