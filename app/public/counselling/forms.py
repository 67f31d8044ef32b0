"""What somebody can fill in who has come back."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired

from app.public import mailbox_forms
from app.public.counselling.steps import LONGEST
from app.web.attachments import ACCEPT
from app.web.fields import clean_text, required
from app.web.genuine import FOR_EVER


class CodeForm(mailbox_forms.CodeForm):
    """The receipt code, as somebody types it or as the pages carry it."""

    code = StringField(
        lazy_gettext("Your code"),
        description=lazy_gettext(
            "20 letters and digits, which you got when you had sent it. Capitals, blanks and dashes don't matter."
        ),
        validators=[DataRequired(lazy_gettext("Please enter your code"))],
    )

    class Meta:
        csrf_time_limit = FOR_EVER


class WriteForm(FlaskForm):
    """More words, and files. The token and the seed are those of the form around."""

    class Meta:
        csrf = False

    text = TextAreaField(
        lazy_gettext("Write to us"),
        filters=[clean_text],
        validators=required(lazy_gettext("Please write something before you send it"), LONGEST),
    )
    files = MultipleFileField(lazy_gettext("Files"), render_kw={"accept": ACCEPT, "multiple": True})


class RecordForm(FlaskForm):
    """What is wrong with the summary, or missing in it."""

    class Meta:
        csrf = False

    version = HiddenField()
    correction = TextAreaField(
        lazy_gettext("What is wrong, or missing?"),
        filters=[clean_text],
        validators=required(lazy_gettext("Please say what is wrong or missing"), LONGEST),
    )
