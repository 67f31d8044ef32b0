"""What passes between the office and somebody who has applied, in both directions, beside the steps of the application. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from peewee import SQL

from app.envelopes import outbox
from app.envelopes.letter import Letter
from app.envelopes.mailbox_letters import message
from app.envelopes.receiving import NotYet
from app.office import mailbox_messages
from app.office.authors import Author
from compartments.membership.admissions.models import Admission, AdmissionFile, AdmissionLetter
from compartments.membership.tables import database
from keys.randomness import new_id


def of_mailbox(letter: Letter) -> Admission:
    """Return the application that a letter follows; raises ``NotYet`` where it isn't here (any more)."""
    admission: Admission | None = Admission.get_or_none(Admission.mailbox == str(letter.body["mailbox"]))
    if admission is None:
        raise NotYet("its application isn't here")
    return admission


def take_message(letter: Letter, *, now: datetime) -> None:
    """Store what an applicant has written, with its files; it waits for an answer. Raises as ``mailbox_messages.read``."""
    admission = of_mailbox(letter)
    written = mailbox_messages.read(letter, bytes(admission.signing_key), today=now.date())
    kept = AdmissionLetter.create(
        id=letter.envelope_id,
        admission=admission,
        came_in=True,
        waits=True,
        text=written.text,
        day=written.day,
        at=now,
    )
    for one in written.files:
        AdmissionFile.create(
            letter=kept,
            name=one.name,
            media_type=one.media_type,
            size=one.size,
            content=one.content,
        )


def write(
    admission: Admission, text: str, *, seen: int, entry_id: str, by: Author, now: datetime, day: date
) -> bool:
    """Write to the applicant; what waited among the first ``seen`` of their letters is answered with it. False where this form was sent before."""
    with database.atomic("IMMEDIATE"):
        if AdmissionLetter.select().where(AdmissionLetter.id == entry_id).exists():
            return False
        send(admission, message(text, at=now), by=by, now=now, day=day, entry_id=entry_id)
        settle(admission, seen)
    return True


def send(
    admission: Admission,
    content: Mapping[str, Any],
    *,
    by: Author,
    now: datetime,
    day: date,
    entry_id: str = "",
) -> None:
    """Put a letter into the mailbox and keep what it said; in the caller's transaction."""
    outbox.answer(admission.mailbox, bytes(admission.sealing_key), content, day=day)
    AdmissionLetter.create(
        id=entry_id or new_id(),
        admission=admission,
        came_in=False,
        text=content["text"],
        day=day,
        at=now,
        officer=by.id,
        officer_name=by.name,
    )


def settle(admission: Admission, seen: int) -> None:
    """Of the applicant's first ``seen`` letters none waits any more. One that has come since nobody has read."""
    of_theirs = (AdmissionLetter.admission == admission) & AdmissionLetter.came_in
    first = AdmissionLetter.select(AdmissionLetter.id).where(of_theirs).order_by(SQL("rowid")).limit(seen)
    AdmissionLetter.update(waits=False).where(AdmissionLetter.id.in_(first)).execute()


def letters(admission: Admission) -> list[tuple[AdmissionLetter, list[AdmissionFile]]]:
    """Return the letters, oldest first, each with its files, whose content is not read."""
    found = list(
        AdmissionLetter.select()
        .where(AdmissionLetter.admission == admission)
        .order_by(AdmissionLetter.at, AdmissionLetter.id)
    )
    columns = (AdmissionFile.id, AdmissionFile.letter, AdmissionFile.name, AdmissionFile.size)
    files: dict[str, list[AdmissionFile]] = {one.id: [] for one in found}
    for file in (
        AdmissionFile.select(*columns).where(AdmissionFile.letter.in_(list(files))).order_by(AdmissionFile.id)
    ):
        files[file.letter_id].append(file)
    return [(one, files[one.id]) for one in found]


def file(admission: Admission, file_id: int) -> AdmissionFile | None:
    """Return a file of one application, or None."""
    found: AdmissionFile | None = (
        AdmissionFile.select()
        .join(AdmissionLetter)
        .where(AdmissionFile.id == file_id, AdmissionLetter.admission == admission)
        .first()
    )
    return found


def waiting(limit: int) -> list[AdmissionLetter]:
    """Return the oldest letter that waits of each application, with it, the longest waiting first."""
    found = (
        AdmissionLetter.select(AdmissionLetter, Admission)
        .join(Admission)
        .where(AdmissionLetter.waits == True)  # noqa: E712
        .order_by(AdmissionLetter.day, AdmissionLetter.at)
    )
    first: dict[str, AdmissionLetter] = {}
    for one in found:
        first.setdefault(one.admission_id, one)
    return list(first.values())[:limit]


def count_waiting() -> int:
    """Return of how many applicants letters wait."""
    waiting_ = AdmissionLetter.select(AdmissionLetter.admission).where(AdmissionLetter.waits == True)  # noqa: E712
    return int(waiting_.distinct().count())
