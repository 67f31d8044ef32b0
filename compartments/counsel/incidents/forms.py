"""The form of an incident: choices only."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from app.web.fields import at_most
from compartments.counsel.incidents.codes import FIELDS
from compartments.counsel.incidents.counting import half_of
from compartments.counsel.incidents.words import CODES, MISSING
from compartments.counsel.incidents.words import FIELDS as NAMES

_NOTHING_YET = SelectChoice("", lazy_gettext("Please choose"))
_YEARS_BACK = 3


def halves(today: date) -> list[str]:
    """Return the half-years that can be chosen, newest first."""
    newest = half_of(today)
    found = [f"{year}-{half}" for year in range(today.year, today.year - _YEARS_BACK, -1) for half in (2, 1)]
    return [half for half in found if half <= newest]


def _choice(field: str, kind: type = RadioField) -> RadioField | SelectField:
    """``kind`` is one of WTForms' fields. Nothing is chosen beforehand: it would be counted where nobody looked."""
    choices = [SelectChoice(code, CODES[field][code]) for code in FIELDS[field]]
    if kind is SelectField:
        choices.insert(0, _NOTHING_YET)
    made: RadioField | SelectField = kind(
        NAMES[field], choices=choices, validators=[InputRequired(MISSING[field])]
    )
    return made


class IncidentForm(FlaskForm):
    """An incident by its codes. ``entry`` makes a form that is sent twice count once."""

    entry = HiddenField(validators=[at_most(32)])
    seen = HiddenField(validators=[at_most(500)])
    half = SelectField(lazy_gettext("When"), validators=[InputRequired(MISSING["half"])])
    kind = _choice("kind")
    manner = _choice("manner")
    setting = _choice("setting")
    level = _choice("level", SelectField)
    relation = _choice("relation", SelectField)
    reported_before = _choice("reported_before")
    outcome = _choice("outcome", SelectField)

    def values(self) -> dict[str, str]:
        """Return the codes by field."""
        return {field: str(self[field].data) for field in FIELDS}

    def offer(self, today: date) -> None:
        """Offer the half-years up to today's."""
        found = [SelectChoice(half, in_words(half)) for half in halves(today)]
        self.half.choices = [_NOTHING_YET, *found]


def in_words(half: str) -> str:
    """Return "first half of 2026" for "2026-1", in the reader's language."""
    year, part = half.split("-")
    if part == "1":
        return str(gettext("first half of %(year)s", year=int(year)))
    return str(gettext("second half of %(year)s", year=int(year)))
