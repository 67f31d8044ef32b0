"""Forms of the clearing compartment's own pages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from compartments.clearing import dates
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


def _day(label: Any) -> IntegerField:
    bounds = NumberRange(
        dates.LOWEST, dates.HIGHEST, lazy_gettext("Please give a whole number from %(min)s to %(max)s.")
    )
    return IntegerField(label, validators=[InputRequired(lazy_gettext("Please enter a number")), bounds])


class DaysForm(FlaskForm):
    """The days on which the list of the membership office is expected."""

    first = _day(lazy_gettext("First day of the month on which it is due"))
    second = _day(lazy_gettext("Second day of the month on which it is due"))
