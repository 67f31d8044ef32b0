"""The questions of an application, one form per page. What a form checks is checked again when the application is sent."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, EmailField, SelectMultipleField, StringField, TelField, TextAreaField
from wtforms.validators import DataRequired, Email, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.shared.postings import Asked, PostingView
from app.web.attachments import ACCEPT
from app.web.fields import PARAGRAPH, TEXT, clean_line, clean_text, optional, required

LONGEST_EMAIL, LONGEST_PHONE = 254, 50
ANSWER = 4_000
GENERAL = "general"
"""The purpose of a file that proves no particular requirement."""
FILES = ".files"
"""How the names of inputs for files end; what stands before is the purpose."""


class Step(FlaskForm):
    """One page. The token against forged requests is that of the form around all pages."""

    class Meta:
        csrf = False


class PostingsStep(Step):
    """Which postings the application is for."""

    postings = SelectMultipleField(
        lazy_gettext("Which postings do you apply for?"),
        validators=[
            DataRequired(lazy_gettext("Please choose at least one posting")),
            Length(max=50, message=lazy_gettext("Please choose at least one posting")),
        ],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class ContactStep(Step):
    """Who applies and how to reach them."""

    name = StringField(
        lazy_gettext("Your name"),
        description=lazy_gettext("First and last name, as the board may call you"),
        filters=[clean_line],
        validators=required(lazy_gettext("Please enter your name")),
    )
    email = EmailField(
        lazy_gettext("E-mail address"),
        description=lazy_gettext("Only for the case that the mailbox isn't enough"),
        filters=[clean_line],
        validators=[
            *required(lazy_gettext("Please enter an e-mail address"), LONGEST_EMAIL),
            Email(
                message=lazy_gettext("Please enter an e-mail address such as name@example.org"),
                check_deliverability=False,
            ),
        ],
    )
    phone = TelField(
        lazy_gettext("Telephone"),
        description=lazy_gettext("If you would like to be called"),
        filters=[clean_line],
        validators=optional(LONGEST_PHONE),
    )
    pronouns = StringField(
        lazy_gettext("Form of address"),
        description=lazy_gettext("How we should address you, for example pronouns or a title"),
        filters=[clean_line],
        validators=optional(100),
    )


class MotivationStep(Step):
    """Why, with what experience, and when."""

    motivation = TextAreaField(
        lazy_gettext("Why do you want to do this?"),
        description=lazy_gettext("Some sentences are enough"),
        filters=[clean_text],
        validators=required(lazy_gettext("Please say in some sentences why you want to do this"), TEXT),
    )
    experience = TextAreaField(
        lazy_gettext("What experience do you bring?"),
        description=lazy_gettext("From work, other offices or life"),
        filters=[clean_text],
        validators=optional(TEXT),
    )
    availability = TextAreaField(
        lazy_gettext("How much time do you have, and from when?"),
        description=lazy_gettext("For example: five hours a week, from February"),
        filters=[clean_text],
        validators=optional(PARAGRAPH),
    )


class ConsentStep(Step):
    """The consent without which nothing may be processed."""

    consent = BooleanField(
        lazy_gettext("I agree to this"),
        validators=[DataRequired(lazy_gettext("Without your agreement we may not process the application"))],
    )


class StrictConsentStep(ConsentStep):
    """With a strict posting among the wishes: the confirmation that such offices exclude one another, too."""

    separation = BooleanField(
        lazy_gettext("I know that strictly separate offices exclude one another"),
        validators=[DataRequired(lazy_gettext("Please confirm that you know about the separation"))],
    )


def key(posting: PostingView, asked: Asked) -> str:
    """The name of the field for one question or requirement of one posting."""
    return f"{posting.slug}.{asked.id}"


def questions_step(postings: Sequence[PostingView]) -> type[Step]:
    """The form with all questions of the chosen postings."""
    fields = {key(one, asked): _answer(asked) for one in postings for asked in one.questions}
    return type("QuestionsStep", (Step,), fields)


def evidence_step(postings: Sequence[PostingView], with_files: Container[str]) -> type[Step]:
    """The form with what is to be handed in. ``with_files`` are the requirements for which files were added."""
    fields: dict[str, Any] = {}
    for one in postings:
        for asked in one.requirements:
            if asked.evidence:
                fields[key(one, asked)] = _evidence(asked, has_files=key(one, asked) in with_files)
                fields[key(one, asked) + FILES] = _files(_("Files for this"))
    fields[GENERAL + FILES] = _files(_("Curriculum vitae and other documents"))
    return type("EvidenceStep", (Step,), fields)


def _answer(asked: Asked) -> Any:
    bounds = required(_("Please answer this question"), ANSWER) if asked.required else optional(ANSWER)
    return TextAreaField(asked.text, filters=[clean_text], validators=bounds)


def _evidence(asked: Asked, *, has_files: bool) -> Any:
    validators = (
        optional(PARAGRAPH) if has_files or not asked.required else [Proven(), *optional(PARAGRAPH)[1:]]
    )
    return TextAreaField(asked.text, filters=[clean_text], validators=validators)


def _files(label: str) -> Any:
    return MultipleFileField(label, render_kw={"accept": ACCEPT, "multiple": True})


class Proven:
    """Something was written, where no file was added."""

    field_flags: Mapping[str, bool] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:  # noqa: ARG002  (WTForms' signature)
        if not field.data:
            raise ValidationError(
                _(
                    "Please add a file, or say in a sentence how you meet this: %(what)s",
                    what=field.label.text,
                )
            )
