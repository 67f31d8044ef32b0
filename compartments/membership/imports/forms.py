"""Forms of imports: the file, the columns, and the button that has to be pressed on what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from app.web.fields import clean_line, clean_text, optional, required
from compartments.membership.imports import thresholds
from compartments.membership.imports.mapping import TARGETS
from compartments.membership.imports.words import TARGETS as NAMES

LARGEST_MB = 64


class UploadForm(FlaskForm):
    """A list. ``entry`` makes a form that is sent twice upload it once."""

    entry = HiddenField(validators=[Length(max=32)])
    file = FileField(
        lazy_gettext("List of members (CSV)"),
        description=lazy_gettext(
            "With a header line. Semicolons, commas or tabs, and every usual encoding are recognised. At most 64 MB."
        ),
    )

    content: bytes = b""
    name: str = ""

    def validate_file(self, field: Any) -> None:
        """Something has to be uploaded, and not too much."""
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose a file."))
        self.content = field.data.read()
        self.name = str(clean_line("".join(s for s in field.data.filename if s.isprintable())))[-120:]
        if not self.content:
            raise ValidationError(_("This file is empty."))
        if len(self.content) > LARGEST_MB * 1024 * 1024:
            raise ValidationError(_("This file is too large."))


class _Columns(Form):
    """One choice per field of the register: which column holds it."""

    def validate_member_number(self, field: Any) -> None:
        """Rows find their members by number."""
        if not field.data:
            raise ValidationError(_("Choose the column of the member numbers."))


for _name in TARGETS:
    setattr(_Columns, _name, SelectField(NAMES[_name], default=""))


class ColumnsForm(FlaskForm):
    """Which column holds which field, and the name under which that is kept for the next list."""

    columns = FormField(_Columns)
    full = BooleanField(
        lazy_gettext("This is the full list: whoever isn't in it has left"),
        description=lazy_gettext(
            "Members who aren't in it are shown as exits. Nobody leaves before you have confirmed that."
        ),
    )
    keep_as = StringField(
        lazy_gettext("Keep this choice as"),
        optional(80),
        filters=[clean_line],
        description=lazy_gettext("A list with the same columns will find it again."),
    )

    def choose(self, names: Sequence[str]) -> None:
        """Offer the columns."""
        choices = [("", _("not in the list"))]
        choices += [
            (str(place), name or _("Column %(number)s", number=place + 1)) for place, name in enumerate(names)
        ]
        for name in TARGETS:
            self["columns"].form[name].choices = choices

    def show(self, mapping: Mapping[str, int]) -> None:
        """Fill in what was guessed."""
        for name in TARGETS:
            self["columns"].form[name].data = str(mapping[name]) if name in mapping else ""

    @property
    def mapping(self) -> dict[str, int]:
        """What was chosen: field -> place of its column."""
        chosen = {name: self["columns"].form[name].data for name in TARGETS}
        return {name: int(place) for name, place in chosen.items() if place}


class SeenForm(FlaskForm):
    """A button, with the version of the preview that was seen."""

    version = IntegerField(validators=[InputRequired(), NumberRange(min=0)])
    leavers = BooleanField(
        lazy_gettext("I have looked through the members who aren't in the list. They have left.")
    )


class SpareForm(FlaskForm):
    """Why somebody stays whom a full list doesn't name."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        required(lazy_gettext("Please say why."), 500),
        filters=[clean_text],
        description=lazy_gettext("It stays with the import as long as its rows are kept."),
    )


def _number(label: Any, name: str) -> IntegerField:
    least, most = thresholds.BOUNDS[name]
    bounds = NumberRange(least, most, lazy_gettext("Enter a whole number from %(min)s to %(max)s."))
    return IntegerField(label, [InputRequired(lazy_gettext("Enter a whole number.")), bounds])


class ThresholdForm(FlaskForm):
    """From how many exits and locks on a second officer has to confirm."""

    percent = _number(
        lazy_gettext("More than this many percent of the members leave or are locked"), thresholds.PERCENT
    )
    least = _number(lazy_gettext("and they are at least"), thresholds.LEAST)

    NAMES: ClassVar[tuple[str, ...]] = (thresholds.PERCENT, thresholds.LEAST)

    def show(self) -> None:
        """Fill in what is agreed."""
        for name, number in thresholds.numbers().items():
            self[name].data = number

    @property
    def numbers(self) -> dict[str, int]:
        """What was typed."""
        return {name: self[name].data for name in self.NAMES}
