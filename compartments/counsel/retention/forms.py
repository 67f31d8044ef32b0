"""Forms of erasure."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired

from app.web.fields import LINE, PARAGRAPH, clean_line, clean_text, required


class ErasureForm(FlaskForm):
    """Erasing a case now."""

    sure = BooleanField(
        lazy_gettext("I know that nobody can bring it back"),
        [DataRequired(lazy_gettext("Tick the box if you want to erase the case."))],
    )

    despite = BooleanField(
        lazy_gettext("I have read what speaks against it, and erase it all the same"),
        [DataRequired(lazy_gettext("Tick this box, too: something speaks against it."))],
    )
    reason = TextAreaField(
        lazy_gettext("Why, in words for the person"),
        required(lazy_gettext("Tell the person why."), PARAGRAPH),
        filters=[clean_text],
        description=lazy_gettext("They find it with the receipt of the erasure. Nobody else keeps it."),
        id="erasure-reason",  # the other form of the page asks why, too
    )

    @classmethod
    def of(cls, *, despite: bool, reason: bool, blank: bool = False) -> ErasureForm:
        """The form with only those of its questions that this case needs."""
        form = cls(formdata=None) if blank else cls()
        if not despite:
            del form.despite
        if not reason:
            del form.reason
        return form


class KeepingForm(FlaskForm):
    """Putting an erasure off."""

    until = DateField(lazy_gettext("Keep it until"), [InputRequired(lazy_gettext("Choose a day."))])
    reason = StringField(
        lazy_gettext("Why"),
        required(lazy_gettext("Say in a few words why."), LINE),
        filters=[clean_line],
        description=lazy_gettext("The person reads it, too, with the new day. So write it for them."),
    )
