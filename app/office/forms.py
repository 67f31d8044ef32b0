"""Forms of the pages that every compartment has."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from app.web.fields import PARAGRAPH, TEXT, clean_text, required


class NoteForm(FlaskForm):
    """A note. ``entry`` makes a form that is sent twice write one note."""

    entry = HiddenField(validators=[Length(max=32)])
    text = TextAreaField(
        lazy_gettext("Note to your colleagues"),
        required(lazy_gettext("Write something first."), TEXT),
        filters=[clean_text],
        description=lazy_gettext("Everybody who has access to this compartment reads it, nobody else."),
    )


class AdmitForm(FlaskForm):
    """The officer says that they have heard the fingerprint from the colleague's own mouth."""

    compared = BooleanField(
        lazy_gettext("I have heard all these signs from the person themselves, and they agree"),
        validators=[
            DataRequired(lazy_gettext("Please compare the fingerprint first, by telephone or face to face"))
        ],
    )


class Confirmation(FlaskForm):
    """A button and the token that proves it was pressed here."""


class SeenForm(FlaskForm):
    """What one does below letters of somebody outside: ``seen`` is how many stood there, so that one that came since isn't done with them."""

    seen = IntegerField(widget=HiddenInput(), validators=[Optional()], default=0)


class ConfirmationForm(Confirmation):
    """Confirming a proposal. ``seen``: the officer has looked at what its kind asks for, where it does."""

    asked = ""
    seen = BooleanField("")

    def validate_seen(self, field: BooleanField) -> None:
        """What is asked for has to be ticked."""
        if self.asked and not field.data:
            raise ValidationError(
                lazy_gettext("Please look at it, and tick the box; or refuse the proposal.")
            )


class RefusalForm(FlaskForm):
    """Why a proposal is not carried out."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        required(lazy_gettext("Please say why, in a sentence."), PARAGRAPH),
        filters=[clean_text],
        description=lazy_gettext("Your colleagues read it."),
    )
