"""Forms of the register's lists: filters, columns, divisions, the rule of taking part, an exit."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField, widgets
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from app.web.fields import clean_line, optional, required
from compartments.membership.eligibility import MOST_MONTHS
from compartments.membership.forms import REASON_NAMES, Day
from compartments.membership.models import EXIT_REASONS
from compartments.membership.tables import DIVISION_KINDS

KIND_NAMES = {
    "federal": lazy_gettext("Federation"),
    "state": lazy_gettext("State"),
    "district": lazy_gettext("District"),
    "county": lazy_gettext("County"),
    "local": lazy_gettext("Local"),
    "abroad": lazy_gettext("Abroad"),
}


class FilterForm(FlaskForm):
    """What the register shall show; with a name it is saved for the officer."""

    division = SelectField(lazy_gettext("Division"), [Optional()], default="")
    status = SelectField(lazy_gettext("Status"), [Optional()], default="")
    voting = SelectField(lazy_gettext("Entitled to vote"), [Optional()], default="")
    arrears = IntegerField(
        lazy_gettext("At least so many months in arrears"), [Optional(), NumberRange(1, MOST_MONTHS)]
    )
    entered_from = Day(lazy_gettext("Entry from"), [Optional()])
    entered_to = Day(lazy_gettext("Entry until"), [Optional()])
    left_from = Day(lazy_gettext("Exit from"), [Optional()])
    left_to = Day(lazy_gettext("Exit until"), [Optional()])
    name = StringField(
        lazy_gettext("Save under the name"),
        optional(60),
        filters=[clean_line],
        description=lazy_gettext("Only you see what you save."),
    )

    def __init__(self, *args: Any, division_choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.division.choices = [("", _("All")), *division_choices[1:]]
        self.status.choices = [
            ("", _("Members and former members")),
            ("current", _("Members")),
            ("left", _("Former members")),
        ]
        self.voting.choices = [("", _("Either")), ("yes", _("Yes")), ("no", _("No"))]


class ColumnsForm(FlaskForm):
    """Which columns the list has besides the name."""

    columns = SelectMultipleField(
        lazy_gettext("Columns besides the name"),
        [Optional()],
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
    )


class ButtonForm(FlaskForm):
    """A button, and what it is about."""

    name = StringField(validators=[Optional()])


class DivisionForm(FlaskForm):
    """A division and its place in the tree."""

    name = StringField(
        lazy_gettext("Name"), required(lazy_gettext("Enter a name."), 120), filters=[clean_line]
    )
    kind = SelectField(lazy_gettext("Kind"), [DataRequired()], default="county")
    parent = SelectField(lazy_gettext("Belongs to"), [Optional()], default="")

    def __init__(self, *args: Any, division_choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind, KIND_NAMES[kind]) for kind in DIVISION_KINDS]
        self.parent.choices = [("", _("None: it stands at the top")), *division_choices[1:]]


class RuleForm(FlaskForm):
    """Who may take part."""

    entitled = BooleanField(lazy_gettext("Is entitled to vote"))
    has_paid = BooleanField(lazy_gettext("Has paid at least once"))
    most_arrears = IntegerField(
        lazy_gettext("Months in arrears at most"),
        [Optional(), NumberRange(0, MOST_MONTHS, lazy_gettext("Enter a number of months from 0 to 120."))],
        description=lazy_gettext("The month under way counts. Leave it empty if arrears don't matter."),
    )


class LeaveForm(FlaskForm):
    """The end of a membership."""

    left_on = Day(
        lazy_gettext("Date of exit"),
        [InputRequired(lazy_gettext("Enter the date of the exit."))],
        description=lazy_gettext("From this day on the person is no member any more."),
    )
    exit_reason = SelectField(
        lazy_gettext("Reason for the exit"), [DataRequired(lazy_gettext("Choose the reason for the exit."))]
    )
    ticket = StringField(lazy_gettext("Ticket reference"), optional(40), filters=[clean_line])

    def __init__(self, *args: Any, entered_on: Any, latest: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._entered_on, self._latest = entered_on, latest
        self.exit_reason.choices = [(code, REASON_NAMES[code]) for code in EXIT_REASONS]

    def validate_left_on(self, field: Any) -> None:
        """An exit follows an entry, and is effective at once."""
        if field.data and field.data < self._entered_on:
            raise ValidationError(_("The exit can't be before the entry."))
        if field.data and field.data > self._latest:
            raise ValidationError(_("An exit takes effect at once; its day can't lie ahead."))
