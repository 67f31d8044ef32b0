"""Where somebody is in an application for postings (:mod:`app.public.walk`): which are chosen, and what these ask."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from app.public import steps
from app.public.blueprint import language
from app.public.steps import Step
from app.public.walk import CHECK, Walk
from app.shared.postings import PostingView, open_among, open_postings
from app.web.state import state

POSTINGS, CONTACT, MOTIVATION, QUESTIONS, EVIDENCE, CONSENT = (
    "postings",
    "contact",
    "motivation",
    "questions",
    "evidence",
    "consent",
)
STEPS = (POSTINGS, CONTACT, MOTIVATION, QUESTIONS, EVIDENCE, CONSENT, CHECK)


class Journey(Walk):
    """An application under way, as the request describes it."""

    steps = STEPS
    receipt = "application-receipt"

    def __init__(self, slug: str) -> None:
        super().__init__()
        self.slug = slug

    @cached_property
    def offered(self) -> list[PostingView]:
        """The postings that are open now."""
        return open_postings(language(), state().today)

    @property
    def wished(self) -> list[str]:
        """The slugs chosen, whatever has become of those postings; on the first page the one that led here."""
        if self.typed is None or not any(name.startswith(f"{POSTINGS}-") for name in self.typed):
            return [self.slug]
        return list(dict.fromkeys(self.typed.getlist(f"{POSTINGS}-postings")))

    @cached_property
    def chosen(self) -> list[PostingView]:
        """The chosen postings that are open."""
        return open_among(self.wished, language(), state().today)

    @property
    def closed(self) -> list[str]:
        """The slugs chosen that can't be applied for any more."""
        still = {one.slug for one in self.chosen}
        return [slug for slug in self.wished if slug not in still]

    @property
    def strict(self) -> list[PostingView]:
        """The chosen postings that exclude others."""
        return [one for one in self.chosen if one.strict]

    @property
    def order(self) -> list[str]:
        """The pages of this application: without questions there is no page for them."""
        asks = any(one.questions for one in self.chosen)
        return [step for step in STEPS if step != QUESTIONS or asks]

    def files_changed(self) -> None:
        """Let the page with the files be made anew: what it demands depends on them."""
        self._forms.pop(EVIDENCE, None)
        self.__dict__.pop("clean", None)

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

    def facts(self) -> list[Any]:
        """What the chosen postings ask."""
        return [
            [one.slug, one.strict, [vars(asked) for asked in (*one.requirements, *one.questions)]]
            for one in self.chosen
        ]

    def answers(self, typed: MultiDict[str, str], shown: str) -> dict[str, Any]:
        """What the page ``shown`` carries of the others, the choice of postings always."""
        carried = super().answers(typed, shown)
        if shown != POSTINGS:
            carried.setdefault(f"{POSTINGS}-postings", self.wished)
        return carried

    def carried_for_the_rest(self) -> dict[str, Any]:
        """Hidden fields for going on with the chosen postings that are still open; what this leaves to ask is not checked yet."""
        still = {f"{POSTINGS}-postings": [one.slug for one in self.chosen]}
        return {**self.answers(request.form, CHECK), **still, **self.around_fields(CHECK)}

    def build(self, step: str) -> Step:
        """Make the form of one page."""
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
