"""Forms for acting on an application: write, move, reject, erase; and the filters of the inbox."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.web.fields import PARAGRAPH, TEXT, clean_text, optional, required
from compartments.board.forms import ActForm
from compartments.board.labels import STAGES
from compartments.board.models import DEFAULT_STAGES


class WriteForm(ActForm):
    """A message to the applicant."""

    text = TextAreaField(
        _l("Your message"),
        description=_l("Sealed for the applicant, who reads it with the receipt code. No e-mail is sent."),
        filters=[clean_text],
        validators=required(_l("Write a message"), TEXT),
    )


class MoveForm(ActForm):
    """Another stage for one wish."""

    stage = SelectField(_l("Stage"), choices=[SelectChoice(stage, STAGES[stage]) for stage in DEFAULT_STAGES])
    reason = TextAreaField(
        _l("Note for the board"),
        description=_l("Stays in the history; the applicant doesn't see it."),
        filters=[clean_text],
        validators=optional(PARAGRAPH),
    )


class RejectForm(ActForm):
    """A rejection of one or several wishes, with its letter."""

    wishes = SelectMultipleField(
        _l("Postings"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[DataRequired(_l("Choose at least one posting"))],
    )
    letter = TextAreaField(
        _l("Letter to the applicant"),
        filters=[clean_text],
        validators=required(_l("Write a letter"), TEXT),
    )
    reason = TextAreaField(
        _l("Reasons for the board"),
        description=_l("Stays in the history; the applicant doesn't see it."),
        filters=[clean_text],
        validators=optional(PARAGRAPH),
    )
