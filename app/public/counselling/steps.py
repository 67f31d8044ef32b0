"""What somebody is asked who writes in, one form per page. Only who may read it and the words themselves are asked for; the rest may stay empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.public.steps import Step
from app.shared.counsellors import Counsellor
from app.web.attachments import ACCEPT
from app.web.fields import LINE, PARAGRAPH, at_most, clean_line, clean_text, optional, required

LONGEST = 20_000
HERE, PHONE, MAIL, IN_PERSON = "here", "phone", "mail", "in-person"


class _People(SelectMultipleField):
    """Some of the counsellors. The message for one who isn't there any more names nobody by an id."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  (WTForms' signature)
        """Whoever is chosen must be there."""
        if not {str(choice.value) for choice in self.iter_choices()} >= set(self.data or ()):
            raise ValidationError(
                _("Somebody you had chosen can't be written to any more. Please choose again.")
            )


class WordsStep(Step):
    """What it is about, in one's own words."""

    text = TextAreaField(
        lazy_gettext("What would you like to tell us?"),
        description=lazy_gettext(
            "A few words are enough. You decide what you write, and you can add to it later."
        ),
        filters=[clean_text],
        validators=required(lazy_gettext("Please write a few words so that we can answer you"), LONGEST),
    )


class QuestionsStep(Step):
    """Questions that may help to find words."""

    since = TextAreaField(lazy_gettext("Since when?"), filters=[clean_text], validators=optional(PARAGRAPH))
    where = TextAreaField(
        lazy_gettext("Where did it happen, or does it happen?"),
        filters=[clean_text],
        validators=optional(PARAGRAPH),
    )
    who = TextAreaField(
        lazy_gettext("Who is involved?"),
        description=lazy_gettext("You don't have to give names."),
        filters=[clean_text],
        validators=optional(PARAGRAPH),
    )
    wish = TextAreaField(
        lazy_gettext("What would help you?"), filters=[clean_text], validators=optional(PARAGRAPH)
    )
    safe = TextAreaField(
        lazy_gettext("Are you safe now?"),
        description=lazy_gettext("In danger please call 110. We don't read this straight away."),
        filters=[clean_text],
        validators=optional(PARAGRAPH),
    )


class FilesStep(Step):
    """Files, if one has any."""

    files = MultipleFileField(lazy_gettext("Choose files"), render_kw={"accept": ACCEPT, "multiple": True})


class AnswerStep(Step):
    """Who one is, if one wants to say it, and how to be answered."""

    name = StringField(
        lazy_gettext("How may we call you?"),
        description=lazy_gettext(
            "Your name, another name, or nothing. If you leave it empty, we don't learn your name, unless your words or files say it."
        ),
        filters=[clean_line],
        validators=optional(),
    )
    language = SelectField(lazy_gettext("In which language shall we answer?"), choices=[])
    preferred = RadioField(
        lazy_gettext("How shall we answer?"),
        choices=[
            SelectChoice(HERE, lazy_gettext("Here: I come back with my code")),
            SelectChoice(PHONE, lazy_gettext("By telephone")),
            SelectChoice(MAIL, lazy_gettext("By e-mail")),
            SelectChoice(IN_PERSON, lazy_gettext("In person, in a talk")),
        ],
        default=HERE,
    )
    contact = StringField(
        lazy_gettext("Telephone number or e-mail address"),
        description=lazy_gettext(
            "Only needed if we are to call you, send you an e-mail or meet you. Best one that nobody else looks at. Say when we may call, and what we may not say."
        ),
        filters=[clean_line],
        validators=[at_most(LINE)],
    )

    def validate_contact(self, field: Any) -> None:
        """Who wants to be called says where; who comes back here need say nothing."""
        if self.preferred.data != HERE and not field.data:
            raise ValidationError(_("Please say how we can reach you, or choose “Here”"))


class FiguresStep(Step):
    """Whether the yearly figures may count it. No, unless one says yes."""

    statistics = BooleanField(lazy_gettext("Yes, you may count me"))


def readers_step(offered: Sequence[Counsellor]) -> type[Step]:
    """The form that asks who may read it."""
    field = _People(
        _("Who may read what you write?"),
        description=_("You can choose one person, several or all. Nobody else can open it."),
        choices=[SelectChoice(one.account, one.name) for one in offered],
        validators=[DataRequired(_("Please choose at least one person"))],
    )
    return type("ReadersStep", (Step,), {"readers": field})


def never_step(others: Sequence[Counsellor]) -> type[Step]:
    """The form that asks who must never read it; who was chosen as a reader since isn't among them any more."""
    known = {one.account for one in others}
    field = _People(
        _("Is there somebody who must never read it?"),
        description=_(
            "The people you tick here can't be let in later either. If you tick nobody, only the people you chose can read it now, and anybody else only if you agree."
        ),
        choices=[SelectChoice(one.account, one.name) for one in others],
        filters=[lambda data: [one for one in data or () if one in known]],
    )
    return type("NeverStep", (Step,), {"never": field})
