"""Forms of this part of the membership compartment: an export, and a list that has turned up."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.web.fields import at_most, clean_line, clean_text, required
from compartments.membership.exports.columns import COLUMNS, NUMBER
from compartments.membership.exports.exporting import LEAST_PURPOSE, LONGEST_PURPOSE, MOST_DAYS, USUAL_DAYS


class ExportForm(FlaskForm):
    """What an export is for, what of each person it holds, who gets it and for how long. Nothing is ticked in advance."""

    entry = HiddenField(validators=[Optional(), at_most(32)])
    purpose = TextAreaField(
        lazy_gettext("What is it for?"),
        [
            *required(lazy_gettext("Say what the list is for."), LONGEST_PURPOSE),
            Length(
                min=LEAST_PURPOSE, message=lazy_gettext("Please say it in a sentence a colleague can judge.")
            ),
        ],
        filters=[clean_text],
        description=lazy_gettext("For example: invitation by letter to the county assembly on 12 May."),
    )
    recipient = StringField(
        lazy_gettext("Who gets the list?"),
        required(lazy_gettext("Say who gets the list.")),
        filters=[clean_line],
    )
    columns = SelectMultipleField(
        lazy_gettext("What is needed of each person?"),
        [Optional()],
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
        description=lazy_gettext(
            "The member number is always in it. Choose only what the purpose can't do without."
        ),
    )
    days = IntegerField(
        lazy_gettext("For how many days?"),
        [
            InputRequired(lazy_gettext("Enter a number of days.")),
            NumberRange(1, MOST_DAYS, lazy_gettext("Enter a number of days from 1 to 90.")),
        ],
        default=USUAL_DAYS,
        description=lazy_gettext("Until then you can download it; afterwards every copy has to be deleted."),
    )

    def __init__(self, *args: Any, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns.choices = [(name, names[name]) for name in COLUMNS if name != NUMBER]


class TraceForm(FlaskForm):
    """A list that has turned up somewhere."""

    file = FileField(
        lazy_gettext("The list, as a CSV or text file"),
        [FileRequired(lazy_gettext("Choose the file."))],
        description=lazy_gettext("It is looked at in memory and not kept."),
    )
