"""Where somebody is in an application: everything typed so far travels in the form itself, nothing of it is kept here.

One hidden seed, drawn when the form is first opened, makes all that has to be the same however often something is clicked: the receipt code,
and through it the envelope and the mailbox; and the key under which the form's files are sealed (:mod:`app.public.basket`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField

from app.public import steps
from app.public.basket import Basket
from app.public.steps import Step
from app.shared.postings import PostingView
from keys.codes import derive_code
from keys.sealing import bind

POSTINGS, CONTACT, MOTIVATION, QUESTIONS, EVIDENCE, CONSENT, CHECK = (
    "postings",
    "contact",
    "motivation",
    "questions",
    "evidence",
    "consent",
    "check",
)
STEPS = (POSTINGS, CONTACT, MOTIVATION, QUESTIONS, EVIDENCE, CONSENT, CHECK)


class Around(FlaskForm):
    """What is the same on every page of an application: the token against forged requests, the seed, the place."""

    seed = HiddenField()
    step = HiddenField(default=POSTINGS)
    seen_check = HiddenField()


class Journey:
    """An application under way, as the request describes it. ``offered`` are the postings that are open now."""

    def __init__(self, slug: str, offered: Sequence[PostingView]) -> None:
        self.slug = slug
        self.offered = list(offered)
        self.around = Around()
        self.typed = request.form if request.method == "POST" else None
        self.files = Basket(self.around.seed.data, request.form.getlist("draft"))
        self.step = self.around.step.data if self.around.step.data in STEPS else POSTINGS
        self.seen_check = bool(self.around.seen_check.data) or self.step == CHECK
        self._forms: dict[str, Step] = {}

    @property
    def code(self) -> str:
        """The receipt code that this form will have been sent under."""
        return derive_code(self.files.secret, info=bind("application-receipt"))

    @property
    def wished(self) -> list[str]:
        """The slugs chosen, whatever has become of those postings; on the first page the one that led here."""
        if self.typed is None or not any(name.startswith(f"{POSTINGS}-") for name in self.typed):
            return [self.slug]
        return list(dict.fromkeys(self.typed.getlist(f"{POSTINGS}-postings")))

    @cached_property
    def chosen(self) -> list[PostingView]:
        """The chosen postings that are open."""
        return [one for one in self.offered if one.slug in self.wished]

    @property
    def closed(self) -> list[str]:
        """The slugs chosen that can't be applied for any more."""
        still = {one.slug for one in self.offered}
        return [
            slug for slug in [*self.wished, *([self.slug] if self.typed is None else [])] if slug not in still
        ]

    @property
    def strict(self) -> list[PostingView]:
        """The chosen postings that exclude others."""
        return [one for one in self.chosen if one.strict]

    @property
    def order(self) -> list[str]:
        """The pages of this application: without questions there is no page for them."""
        asks = any(one.questions for one in self.chosen)
        return [step for step in STEPS if step != QUESTIONS or asks]

    def form(self, step: str) -> Step:
        """The form of one page, filled with what was typed."""
        if step not in self._forms:
            self._forms[step] = self._build(step)
        return self._forms[step]

    def first_invalid(self) -> str | None:
        """Check every page; return the first with an error."""
        return next((step for step in self.order if step != CHECK and not self.form(step).validate()), None)

    def after(self, step: str) -> str:
        """The page behind one."""
        return self.order[min(self.order.index(step) + 1, len(self.order) - 1)]

    def before(self, step: str) -> str:
        """The page before one."""
        return self.order[max(self.order.index(step) - 1, 0)]

    def files_changed(self) -> None:
        """Let the page with the files be made anew: what it demands depends on them."""
        self._forms.pop(EVIDENCE, None)

    def texts(self, postings: Sequence[PostingView]) -> list[tuple[str, str]]:
        """Everything typed so far, each text with its question; what the ``postings`` ask counts even where they have closed."""
        pages = [
            self.form(CONTACT),
            self.form(MOTIVATION),
            steps.questions_step(postings)(formdata=self.typed, prefix=QUESTIONS),
            steps.evidence_step(postings, ())(formdata=self.typed, prefix=EVIDENCE),
        ]
        fields = [field for page in pages for field in page if isinstance(field.data, str)]
        return [(str(field.label.text), field.data) for field in fields if field.data]

    def carried(self, shown: str) -> dict[str, Any]:
        """Hidden fields: what was typed on the other pages, as it was typed, and the files."""
        others: dict[str, Any] = {
            name: request.form.getlist(name) for name in request.form if _step_of(name) not in {None, shown}
        }
        if shown != POSTINGS and f"{POSTINGS}-postings" not in others:
            others[f"{POSTINGS}-postings"] = self.wished
        around = {"seed": self.files.seed, "step": shown, "seen_check": "1" if self.seen_check else ""}
        return {**others, **around, "draft": self.files.carried()}

    def carried_for_the_rest(self) -> dict[str, Any]:
        """The same for going on with the chosen postings that are still open."""
        return {**self.carried(CHECK), f"{POSTINGS}-postings": [one.slug for one in self.chosen]}

    def _build(self, step: str) -> Step:
        made: type[Step]
        if step == POSTINGS:
            return self._postings_step()
        if step == QUESTIONS:
            made = steps.questions_step(self.chosen)
        elif step == EVIDENCE:
            made = steps.evidence_step(self.chosen, {draft.purpose for draft in self.files})
        elif step == CONSENT:
            made = steps.StrictConsentStep if self.strict else steps.ConsentStep
        else:
            made = {CONTACT: steps.ContactStep, MOTIVATION: steps.MotivationStep, CHECK: Step}[step]
        return made(formdata=self.typed, prefix=step)

    def _postings_step(self) -> Step:
        form = steps.PostingsStep(formdata=self.typed, prefix=POSTINGS, data={"postings": [self.slug]})
        form.postings.choices = [(one.slug, one.title) for one in self.offered]
        return form


def _step_of(name: str) -> str | None:
    step, dash, _rest = name.partition("-")
    return step if dash and step in STEPS else None
