"""Forms of the office's own records, one per kind."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError
from wtforms.widgets import HiddenInput

from app.web.fields import LINE, PARAGRAPH, TEXT, at_most, clean_line, clean_text, optional, required
from compartments.administration.operations.records import (
    CHANGES,
    CREDENTIALS,
    INCIDENTS,
    MAINTENANCE,
    RUNBOOKS,
)

MOMENT = "%Y-%m-%dT%H:%M"
MOMENTS = ("noticed_at", "reported_at", "starts_at", "ends_at")


class RecordForm(FlaskForm):
    """What every record has."""

    entry = HiddenField(validators=[at_most(32)])
    revision = HiddenField(validators=[at_most(10)])
    title = StringField(_l("Title"), required(_l("Please give a title."), LINE), filters=[clean_line])


class RunbookForm(RecordForm):
    """How something is done."""

    text = TextAreaField(
        _l("Text"), required(_l("Please write down what is to be done."), TEXT), filters=[clean_text],
        description=_l("Markdown: lists, headings, code."),
    )  # fmt: skip


class ChangeForm(RecordForm):
    """A change or update."""

    system = StringField(_l("System"), required(_l("Please name the system."), 120), filters=[clean_line])
    security = BooleanField(_l("It closes a weakness (security update)"))
    published_on = DateField(_l("The update was there from"), [Optional()])
    deployed_on = DateField(_l("Deployed on"), [Optional()])
    text = TextAreaField(_l("What was changed"), optional(TEXT), filters=[clean_text])

    def validate_deployed_on(self, field: Any) -> None:
        """Not before it was there."""
        if field.data and self.published_on.data and field.data < self.published_on.data:
            raise ValidationError(_("It can't be deployed before it was there."))


class IncidentForm(RecordForm):
    """Something that went wrong."""

    noticed_at = DateTimeLocalField(_l("Noticed"), [DataRequired(_l("Please say when."))], format=MOMENT)
    personal_data = BooleanField(
        _l("Personal data are affected"),
        description=_l("Then the supervisory authority has to hear of it within 72 hours."),
    )
    reported_at = DateTimeLocalField(_l("Reported"), [Optional()], format=MOMENT)
    closed_on = DateField(_l("Closed on"), [Optional()])
    text = TextAreaField(_l("What happened, and what was done"), optional(TEXT), filters=[clean_text])


class MaintenanceForm(RecordForm):
    """A window."""

    starts_at = DateTimeLocalField(_l("From"), [DataRequired(_l("Please say when."))], format=MOMENT)
    ends_at = DateTimeLocalField(_l("Until"), [DataRequired(_l("Please say when."))], format=MOMENT)
    text = TextAreaField(_l("Notes for the office"), optional(TEXT), filters=[clean_text])
    notice_de = TextAreaField(
        _l("For the public, in German"),
        optional(PARAGRAPH),
        filters=[clean_text],
        description=_l("What users will notice. It is published only when an officer says so."),
    )
    notice_en = TextAreaField(
        _l("For the public, in English"), optional(PARAGRAPH), filters=[clean_text],
        description=_l("Where this is empty, the German words stand there in English, too."),
    )  # fmt: skip

    def validate_ends_at(self, field: Any) -> None:
        """After its beginning."""
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_("The end comes after the beginning."))


class CredentialForm(RecordForm):
    """A password of a system. An empty secret keeps the one that is there."""

    system = StringField(_l("System"), required(_l("Please name the system."), LINE), filters=[clean_line])
    username = StringField(_l("User name"), optional(LINE), filters=[clean_line])
    secret = PasswordField(
        _l("Password"), [at_most(TEXT)],
        description=_l("Stays in this vault. Leave it empty to keep the one that is there."),
    )  # fmt: skip
    text = TextAreaField(_l("Notes"), optional(TEXT), filters=[clean_text])


class AnnounceForm(FlaskForm):
    """The button that announces a window, as its page showed it."""

    revision = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


FORMS: dict[str, type[RecordForm]] = {
    CHANGES: ChangeForm,
    INCIDENTS: IncidentForm,
    MAINTENANCE: MaintenanceForm,
    RUNBOOKS: RunbookForm,
    CREDENTIALS: CredentialForm,
}
