"""Forms of the duplicates: which of two values stays, and why two records are two persons."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired

from app.web.fields import at_most, clean_line, optional
from compartments.membership.details import Details
from compartments.membership.duplicates.sides import BOTH, FIRST, SECOND, choices, chosen


class MergeForm(FlaskForm):
    """The officer's choices; :func:`merge_form` adds a field for each difference."""

    entry = HiddenField(validators=[InputRequired(), at_most(32)])
    revisions = HiddenField(validators=[InputRequired(), at_most(24)])
    ticket = StringField(
        lazy_gettext("Ticket reference"),
        optional(40),
        filters=[clean_line],
        description=lazy_gettext(
            "The request that asks for this. It is kept in the history beside each change."
        ),
    )

    def sides(self) -> dict[str, str]:
        """Which side was chosen, by field."""
        return {
            field.name.removeprefix("choose_"): field.data
            for field in self
            if field.name.startswith("choose_")
        }

    def seen(self) -> tuple[int, int]:
        """The revisions that the officer saw."""
        first, _dash, second = str(self.revisions.data).partition("-")
        return (
            int(first) if first.isdecimal() else 0,
            int(second) if second.isdecimal() else 0,
        )

    def details(self, first: Details, second: Details) -> Details | None:
        """What the choices come to; None, with an error at the field, where they contradict each other."""
        found = chosen(first, second, self.sides())
        if found.left_on and found.left_on < found.entered_on:
            target = next(self[name] for name in ("choose_left_on", "choose_entered_on") if name in self)
            target.errors = [_("The exit can't be before the entry.")]
            return None
        return found


def merge_form(first: Details, second: Details) -> Any:
    """Return the form for two records: a field for each line that differs."""
    fields = {
        f"choose_{line.field}": RadioField(
            choices=[FIRST, SECOND, *([BOTH] if line.field == "notes" else [])],
            default=line.proposed,
            validators=[InputRequired(lazy_gettext("Choose which of the two stays."))],
        )
        for line in choices(first, second)
        if line.differs
    }
    return type("MergeForm", (MergeForm,), fields)()


class DistinctForm(FlaskForm):
    """Why these are two persons."""

    remark = StringField(
        lazy_gettext("Remark"),
        optional(200),
        filters=[clean_line],
        description=lazy_gettext(
            "What shows it, for colleagues who wonder: for example mother and daughter."
        ),
    )
