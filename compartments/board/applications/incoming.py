"""Takes applicants' letters into the vault. Runs inside the importing transaction and reaches nothing outside the vault.

Whoever sends these letters is anybody at all: everything is checked, and what doesn't fit is refused with ``ValueError``, which keeps the sealed
envelope and raises an alarm. What follows the application carries a signature that only the receipt's owner can make.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app import pieces
from app.clock import utc_now
from app.envelopes.letter import Letter
from app.envelopes.mailbox_letters import verify
from app.envelopes.package import Enclosed
from app.envelopes.receiving import NotYet
from compartments.board.applications.history import note
from compartments.board.applications.words import folded
from compartments.board.models import (
    Application,
    ApplicationFile,
    ApplicationFilePiece,
    ApplicationMessage,
    Wish,
)
from keys.errors import BadSignature
from keys.randomness import new_id
from keys.sealing import SealingKey
from keys.signing import VerifyKey

ID = re.compile(r"[0-9a-f]{32}")
SLUG = re.compile(r"[a-z0-9-]{1,80}")
MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}")
LINE, TEXT = 500, 100_000
MOST_ENTRIES = 500
LONGEST_RETENTION = timedelta(days=10 * 366)


def take_application(letter: Letter) -> None:
    """Store a new application with its wishes and files. A mailbox that is known already is refused: nobody's application is overwritten."""
    body, now = letter.body, utc_now()
    mailbox = _matching(ID, body["mailbox"])
    if Application.select().where(Application.mailbox == mailbox).exists():
        raise ValueError("an application with this mailbox is here already")
    texts = {name: _text(body[name], TEXT) for name in ("motivation", "experience", "availability")}
    lines = {name: _text(body[name], LINE) for name in ("name", "email", "phone", "pronouns")}
    application = Application.create(
        id=new_id(),
        mailbox=mailbox,
        sealing_key=SealingKey.from_bytes(bytes.fromhex(body["sealing_key"])).to_bytes(),
        signing_key=VerifyKey.from_bytes(bytes.fromhex(body["signing_key"])).to_bytes(),
        language="en" if body["language"] == "en" else "de",
        received_on=_day(body["day"]),
        separation_confirmed=body["separation_confirmed"] is True,
        consent=_text(body["consent"]["text"], TEXT),
        retain_until=_erasure(body["erase_on"]),
        words=folded(lines["name"], lines["email"], *texts.values()),
        changed_at=now,
        **lines,
        **texts,
    )
    proofs = _take_wishes(application, body)
    for place, file in enumerate(letter.files):
        _take_file(application, file, evidence_for=proofs.get(place, ""))
    note(application, "received", at=now)


def take_message(letter: Letter) -> None:
    """Store what an applicant wrote later, with its files."""
    application, now = _signed(letter), utc_now()
    message = ApplicationMessage.create(
        id=new_id(),
        application=application,
        direction="in",
        text=_text(letter.body["text"], TEXT),
        sent_on=_day(letter.body["day"]),
        at=now,
    )
    for file in letter.files:
        _take_file(application, file, message=message)
    changed(application)
    note(application, "message", at=now)


def find_signed(letter: Letter) -> Application:
    """Return the application that a letter belongs to, after checking the signature; raises as the handlers do."""
    return _signed(letter)


def changed(application: Application) -> None:
    """Mark that something came from outside: the application is unread again, and pages made before are out of date."""
    application.revision += 1
    application.changed_at = utc_now()
    application.save()


def _signed(letter: Letter) -> Application:
    mailbox = _matching(ID, letter.body["mailbox"])
    application = Application.get_or_none(Application.mailbox == mailbox)
    if application is None:
        raise NotYet("its application isn't here")
    try:
        verify(letter, bytes(application.signing_key))
    except BadSignature as error:
        raise ValueError("not signed by the owner of the mailbox") from error
    return application


def _take_wishes(application: Application, body: Mapping[str, Any]) -> dict[int, str]:
    """Store the wishes; return which file (by its place in the letter) proves which requirement."""
    slugs = [_matching(SLUG, slug) for slug in _entries(body["postings"])]
    if not slugs or len(set(slugs)) < len(slugs):
        raise ValueError("an application names some postings, each once")
    answers: dict[str, list[dict[str, str]]] = {slug: [] for slug in slugs}
    evidence: dict[str, list[dict[str, str]]] = {slug: [] for slug in slugs}
    proofs: dict[int, str] = {}
    for one in _entries(body["answers"]):
        answers[one["posting"]].append(_asked(one))
    for one in _entries(body["evidence"]):
        evidence[one["posting"]].append(_asked(one))
        proofs |= {int(place): _text(one["asked"], TEXT) for place in _entries(one["files"])}
    for place, slug in enumerate(slugs):
        Wish.create(
            application=application,
            posting=slug,
            place=place,
            stage_since=application.received_on,
            answers=answers[slug],
            evidence=evidence[slug],
        )
    return proofs


def _asked(entry: Mapping[str, Any]) -> dict[str, str]:
    """What was asked, in the words shown, and what was answered."""
    return {"asked": _text(entry["asked"], TEXT), "text": _text(entry["text"], TEXT)}


def _take_file(
    application: Application,
    file: Enclosed,
    *,
    message: ApplicationMessage | None = None,
    evidence_for: str = "",
) -> None:
    row = ApplicationFile.create(
        id=new_id(),
        application=application,
        message=message,
        name=_text(file.name, LINE),
        media_type=_matching(MEDIA_TYPE, file.media_type),
        size=file.size,
        evidence_for=evidence_for,
    )
    pieces.put(ApplicationFilePiece, row.id, file.parts())


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise ValueError("a text is missing or too long")
    return value


def _matching(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError("a name has signs that it can't have")
    return value


def _day(value: object) -> date:
    """The day that a letter names, never one to come: whoever sent it may have made it up."""
    day = date.fromisoformat(_text(value, LINE))
    return min(day, utc_now().date())


def _erasure(value: object) -> date:
    """The day by which the applicant was told that all of it is erased."""
    return min(date.fromisoformat(_text(value, LINE)), utc_now().date() + LONGEST_RETENTION)


def _entries(value: object) -> Sequence[Any]:
    if not isinstance(value, list) or len(value) > MOST_ENTRIES:
        raise ValueError("a list is missing or too long")
    return value
