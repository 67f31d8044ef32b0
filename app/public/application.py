"""Makes of an application's pages what is sent to the board, with the words that the applicant was shown."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.public.blueprint import language
from app.public.journey import CONSENT, CONTACT, EVIDENCE, MOTIVATION, QUESTIONS, Journey
from app.public.sending import Application
from app.public.steps import key
from app.web.state import state


def consent_text() -> str:
    """What is agreed to; it goes along word for word."""
    return str(
        _(
            "I agree that the board processes what I have entered and handed in, to decide about this application. It may show my "
            "political opinion, which the law protects in particular (Article 9 of the General Data Protection Regulation). I can withdraw "
            "my consent at any time in the mailbox; then everything is erased at once."
        )
    )


def application_of(journey: Journey) -> Application:
    """What has been typed so far; only a checked journey gives a whole one."""
    return Application(
        language=language(),
        postings=[one.slug for one in journey.chosen],
        **_texts(journey, CONTACT, "name", "email", "phone", "pronouns"),
        **_texts(journey, MOTIVATION, "motivation", "experience", "availability"),
        answers=_answers(journey),
        evidence=_evidence(journey),
        consent={"text": consent_text(), "day": state().today.isoformat()},
        separation_confirmed=bool(journey.strict) and journey.ticked(CONSENT, "separation"),
        files=[{"name": one.name, "size": one.size} for one in journey.files],
    )


def _texts(journey: Journey, step: str, *names: str) -> dict[str, Any]:
    return {name: journey.value(step, name) for name in names}


def _answers(journey: Journey) -> list[dict[str, Any]]:
    return [
        {
            "posting": one.slug,
            "question": asked.id,
            "asked": asked.text,
            "text": journey.value(QUESTIONS, key(one, asked)),
        }
        for one in journey.chosen
        for asked in one.questions
    ]


def _evidence(journey: Journey) -> list[dict[str, Any]]:
    places = {draft.id: place for place, draft in enumerate(journey.files)}
    return [
        {
            "posting": one.slug,
            "requirement": asked.id,
            "asked": asked.text,
            "text": journey.value(EVIDENCE, key(one, asked)),
            "files": [places[draft.id] for draft in journey.files.of(key(one, asked))],
        }
        for one in journey.chosen
        for asked in one.requirements
        if asked.evidence
    ]
