"""Forms of the mailbox. The receipt code travels in each of them, and in nothing else."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired

from app.web.attachments import ACCEPT
from app.web.fields import TEXT, clean_text, required


class CodeForm(FlaskForm):
    """The receipt code as somebody types it."""

    code = StringField(
        lazy_gettext("Your code"),
        description=lazy_gettext(
            "20 letters and digits, from your receipt. Capitals, blanks and dashes don't matter."
        ),
        validators=[DataRequired(lazy_gettext("Please enter your code"))],
    )


class InsideForm(FlaskForm):
    """What every form inside a mailbox carries."""

    code = HiddenField(validators=[DataRequired()])


class WriteForm(InsideForm):
    """A message to the office. The seed makes sending it twice one message."""

    seed = HiddenField()
    text = TextAreaField(
        lazy_gettext("Your message"),
        filters=[clean_text],
        validators=required(lazy_gettext("Please write something before you send it"), TEXT),
    )
    files = MultipleFileField(lazy_gettext("Files"), render_kw={"accept": ACCEPT, "multiple": True})


class OfferForm(InsideForm):
    """The answer to an offer is in the button: first what one would like, then, on a page of its own, that it is meant."""

    offer = HiddenField(validators=[DataRequired()])


class WithdrawForm(InsideForm):
    """Withdrawing, on its own page."""

    sure = BooleanField(
        lazy_gettext("Yes, erase everything"),
        validators=[DataRequired(lazy_gettext("Please tick the box if you want to erase everything"))],
    )
