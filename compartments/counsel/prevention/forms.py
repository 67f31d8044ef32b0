"""Forms of prevention."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from app.web.fields import LINE, PARAGRAPH, at_most, clean_line, clean_text, optional, required
from compartments.counsel.cases.forms import AS_WRITTEN, not_ahead
from compartments.counsel.prevention import words

_DAY = lazy_gettext("Enter a day, such as 21.11.2026.")
_MOST = 100_000


class _Hours(DecimalField):
    """Hours as people write them, with a point or a comma."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take "1,5" as well as "1.5"."""
        super().process_formdata([value.strip().replace(",", ".") for value in valuelist])


class EventForm(FlaskForm):
    """An awareness event, as numbers."""

    entry = HiddenField(validators=[at_most(32)])
    version = HiddenField(validators=[at_most(10)])
    day = DateField(lazy_gettext("Day"), [InputRequired(_DAY), not_ahead], format=AS_WRITTEN)
    title = StringField(
        lazy_gettext("What it was"),
        required(lazy_gettext("Give the event a name."), LINE),
        filters=[clean_line],
    )
    kind = SelectField(
        lazy_gettext("Kind"), choices=[SelectChoice(code, name) for code, name in words.EVENT_KINDS.items()]
    )
    audience = SelectField(
        lazy_gettext("For whom"), choices=[SelectChoice(code, name) for code, name in words.AUDIENCES.items()]
    )
    number = IntegerField(
        lazy_gettext("How many came"),
        [
            InputRequired(lazy_gettext("Enter how many came; roughly is enough.")),
            NumberRange(0, _MOST, lazy_gettext("Enter a number between 0 and 100,000.")),
        ],
    )


class LogForm(FlaskForm):
    """An entry of one's own log."""

    entry = HiddenField(validators=[at_most(32)])
    day = DateField(lazy_gettext("Day"), [InputRequired(_DAY), not_ahead], format=AS_WRITTEN)
    kind = SelectField(
        lazy_gettext("Kind"), choices=[SelectChoice(code, name) for code, name in words.LOG_KINDS.items()]
    )
    hours = _Hours(
        lazy_gettext("Hours"),
        [
            InputRequired(lazy_gettext("Enter the hours, such as 1.5.")),
            NumberRange(0, 100, lazy_gettext("Enter between 0 and 100 hours.")),
        ],
        places=1,
        use_locale=False,
    )
    text = TextAreaField(lazy_gettext("For yourself"), optional(PARAGRAPH), filters=[clean_text])
