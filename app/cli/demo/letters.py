"""What the demo's applicants and visitors send: sealed and posted by the very services of the public pages, with receipts of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cli.demo.paper import one_page_pdf
from app.cli.demo.world import World
from app.clock import utc_now
from app.envelopes.mailbox_letters import Kind
from app.public import contact, correspondence, sending
from app.public.basket import Basket
from app.public.correspondence import PARTNERS
from app.shared import drafts, postings
from app.shared.postings import PostingView
from keys.codes import new_code
from keys.mailbox import MailboxKeys

CONSENT = {
    "de": (
        "Ich bin einverstanden, dass der Vorstand meine Angaben verarbeitet, um über meine Bewerbung zu entscheiden. Sie können meine "
        "politische Überzeugung erkennen lassen (Artikel 9 DSGVO). Ich kann das im Postfach jederzeit widerrufen; dann wird alles gelöscht."
    ),
    "en": (
        "I agree that the board processes what I have entered, to decide about this application. It may show my political opinion "
        "(Article 9 GDPR). I can withdraw my consent at any time in the mailbox; then everything is erased."
    ),
}


def apply(world: World, one: Mapping[str, Any]) -> tuple[str, MailboxKeys]:
    """Send an application; return its receipt code and the keys that it gives."""
    code, basket, day = new_code(), Basket(None), world.ago(one["days_ago"])
    keys = MailboxKeys.from_receipt(code)
    found = (postings.find(slug, one["language"], world.day) for slug in one["postings"])
    wished = [posting for posting in found if posting is not None]
    if "file" in one:
        attach(world, one, basket)
    sending.send(
        _application(one, wished, basket, day.isoformat()),
        keys,
        basket=basket,
        board=world.pinned("board"),
        wished=wished,
        retention=world.settings.application_retention,
        day=day,
        now=utc_now(),
    )
    return code, keys


def write(world: World, keys: MailboxKeys, text: str, *, days_ago: int) -> None:
    """Send the board a message from a mailbox."""
    correspondence.write(
        keys,
        text,
        Basket(None),
        partner=PARTNERS[Kind.SENT_APPLICATION],
        to=world.pinned("board"),
        day=world.ago(days_ago),
        now=world.moment(days_ago, 20),
    )


def answer(world: World, keys: MailboxKeys, assignment: str, *, accepted: bool, days_ago: int) -> None:
    """Accept or decline an offer."""
    correspondence.answer_offer(
        keys,
        assignment,
        accepted=accepted,
        board=world.pinned("board"),
        day=world.ago(days_ago),
        now=world.moment(days_ago, 20),
    )


def withdraw(world: World, keys: MailboxKeys, *, days_ago: int) -> None:
    """Withdraw an application."""
    board, day = world.pinned("board"), world.ago(days_ago)
    correspondence.withdraw(keys, to=board, day=day, type_="application-withdrawal")


def ask_the_desk(world: World, one: Mapping[str, Any]) -> None:
    """Send the desk a question from the contact page."""
    contact.send(
        MailboxKeys.from_receipt(new_code()),
        {name: one[name] for name in ("name", "email", "subject", "text", "language")},
        desk=world.pinned("desk"),
        keep_for=world.settings.application_retention,
        day=world.ago(one["days_ago"]),
        now=world.moment(one["days_ago"], 10),
    )


def _application(
    one: Mapping[str, Any], wished: list[PostingView], basket: Basket, day: str
) -> sending.Application:
    said, proven = one.get("answers", {}), one.get("evidence", {})
    answers = [
        {
            "posting": view.slug,
            "question": asked.id,
            "asked": asked.text,
            "text": said.get(view.slug, {}).get(asked.id, ""),
        }
        for view in wished
        for asked in view.questions
    ]
    evidence = [
        {
            "posting": view.slug,
            "requirement": asked.id,
            "asked": asked.text,
            "text": proven.get(view.slug, {}).get(asked.id, ""),
        }
        for view in wished
        for asked in view.requirements
        if asked.evidence
    ]
    return sending.Application(
        language=one["language"],
        postings=one["postings"],
        name=one["name"],
        email=one["email"],
        phone=one.get("phone", ""),
        pronouns=one.get("pronouns", ""),
        motivation=one["motivation"],
        experience=one.get("experience", ""),
        availability=one.get("availability", ""),
        answers=answers,
        evidence=[
            {**proof, "files": list(range(len(basket))) if place == 0 else []}
            for place, proof in enumerate(evidence)
        ],
        consent={"text": CONSENT[one["language"]], "day": day},
        separation_confirmed=one.get("separation", False),
        files=[{"name": draft.name, "size": draft.size} for draft in basket],
    )


def attach(world: World, one: Mapping[str, Any], basket: Basket) -> None:
    """Put a page of paper into a form."""
    draft = drafts.add(
        [one_page_pdf(f"{one['name']}: {one['file']}")],
        name=one["file"],
        media_type="application/pdf",
        purpose="",
        key=basket.key,
        now=utc_now(),
        valid_for=world.settings.draft_valid_for,
    )
    basket.drafts.append(draft)
