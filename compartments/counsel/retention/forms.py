"""Forms of erasure."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, StringField
from wtforms.validators import DataRequired, InputRequired

from app.web.fields import LINE, clean_line, required


class ErasureForm(FlaskForm):
    """Erasing a case now."""

    sure = BooleanField(
        lazy_gettext("I know that nobody can bring it back"),
        [DataRequired(lazy_gettext("Tick the box if you want to erase the case."))],
    )


class KeepingForm(FlaskForm):
    """Putting an erasure off."""

    until = DateField(
        lazy_gettext("Keep it until"), [InputRequired(lazy_gettext("Enter a day, such as 2026-11-21."))]
    )
    reason = StringField(
        lazy_gettext("Why"),
        required(lazy_gettext("Say in a few words why."), LINE),
        filters=[clean_line],
        description=lazy_gettext("The person reads it, too, with the new day. So write it for them."),
    )
