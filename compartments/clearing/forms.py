"""Forms of the clearing compartment's own pages."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from compartments.clearing.floor import HIGHEST, LOWEST


class FloorForm(FlaskForm):
    """The batch floor k."""

    floor = IntegerField(
        lazy_gettext("Batch floor"),
        description=lazy_gettext(
            "Whatever concerns fewer codes than this needs a stated reason and a second officer."
        ),
        validators=[
            InputRequired(lazy_gettext("Please enter a number")),
            NumberRange(
                LOWEST,
                HIGHEST,
                lazy_gettext("Please give a whole number from %(min)s to %(max)s."),
            ),
        ],
    )
