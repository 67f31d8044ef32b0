"""Forms of the directory."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import Optional

from app.web.fields import LINE, PARAGRAPH, at_most, clean_line, clean_text, optional, required

_COMMAS = lazy_gettext("Several with commas between.")


class ServiceForm(FlaskForm):
    """A service of the directory."""

    entry = HiddenField(validators=[at_most(32)])
    version = HiddenField(validators=[at_most(10)])
    name = StringField(
        lazy_gettext("Name"), required(lazy_gettext("Give the service a name."), LINE), filters=[clean_line]
    )
    region = StringField(lazy_gettext("Region"), optional(LINE), filters=[clean_line])
    topics = StringField(
        lazy_gettext("Topics"), optional(PARAGRAPH), filters=[clean_line], description=_COMMAS
    )
    languages = StringField(
        lazy_gettext("Languages"), optional(PARAGRAPH), filters=[clean_line], description=_COMMAS
    )
    accessibility = StringField(
        lazy_gettext("Accessibility"),
        optional(PARAGRAPH),
        filters=[clean_line],
        description=lazy_gettext("Such as: without steps, sign language, plain language."),
    )
    phone = StringField(lazy_gettext("Phone"), optional(LINE), filters=[clean_line])
    email = StringField(lazy_gettext("E-mail"), optional(LINE), filters=[clean_line])
    web = StringField(lazy_gettext("Web page"), optional(LINE), filters=[clean_line])
    note = TextAreaField(lazy_gettext("Note"), optional(PARAGRAPH), filters=[clean_text])
    checked_on = DateField(lazy_gettext("Last checked on"), [Optional()])


class ImportForm(FlaskForm):
    """A file with services."""

    file = FileField(lazy_gettext("CSV file"), [FileRequired(lazy_gettext("Choose a file."))])


class TakingForm(FlaskForm):
    """Doing what a file would do. ``content`` is its text, ``sign`` that of the plan which was looked at."""

    content = HiddenField()
    sign = HiddenField()
