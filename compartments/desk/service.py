"""Rules of the desk compartment: requests come in sealed, and are answered into the sender's mailbox. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from app.clock import utc_now
from app.envelopes import outbox
from app.envelopes.letter import Letter
from app.envelopes.mailbox_letters import message
from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler, NotYet
from app.office import mailbox_messages
from app.office.authors import Author
from app.office.notices import take_in as take_in_notice
from app.paging import Page, page_of
from compartments.desk.models import ANSWERED, CLOSED, OPEN, Answer, ContactRequest, FollowUp, database
from compartments.desk.newcomers import take_in as take_in_new_member
from keys.sealing import SealingKey

LONGEST = {"name": 300, "email": 300, "subject": 300, "text": 50_000}


class NoRequest(LookupError):
    """The desk has no such request."""


def take_in_contact(letter: Letter) -> None:
    """Store a request. Raises ``ValueError`` or ``TypeError`` where it isn't one, which refuses the envelope."""
    body = letter.body
    texts = {}
    for field, most in LONGEST.items():
        if not isinstance(body[field], str) or len(body[field]) > most:
            raise ValueError(f"{field} is no text of at most {most} characters")
        texts[field] = body[field]
    sealing_key = bytes.fromhex(body["sealing_key"])
    SealingKey.from_bytes(sealing_key)
    ContactRequest.create(
        id=letter.envelope_id,
        mailbox=str(body["mailbox"])[:32],
        sealing_key=sealing_key,
        signing_key=bytes.fromhex(body["signing_key"]),
        language=str(body["language"])[:2],
        sent_on=date.fromisoformat(body["day"]),
        **texts,
    )


def take_in_message(letter: Letter) -> None:
    """Store what the sender of a request has written later; it is open again. Raises as ``mailbox_messages.read``, and ``NotYet``."""
    request = ContactRequest.get_or_none(ContactRequest.mailbox == str(letter.body["mailbox"]))
    if request is None:
        raise NotYet("its request isn't here")
    now = utc_now()
    written = mailbox_messages.read(letter, bytes(request.signing_key), today=now.date())
    FollowUp.create(id=letter.envelope_id, request=request, text=written.text, sent_on=written.day, at=now)
    ContactRequest.update(state=OPEN).where(ContactRequest.id == request.id).execute()


def page(number: int, state: str) -> Page[ContactRequest]:
    """Return a page of the requests in ``state``, newest first; a page that doesn't exist is the nearest that does."""
    of_state = ContactRequest.select().where(ContactRequest.state == state)
    return page_of(of_state.order_by(ContactRequest.sent_on.desc(), ContactRequest.id), number)


def open_requests(limit: int) -> list[ContactRequest]:
    """Return the newest requests that nobody has answered."""
    of_state = ContactRequest.select().where(ContactRequest.state == OPEN)
    return list(of_state.order_by(ContactRequest.sent_on.desc(), ContactRequest.id).limit(limit))


def count(state: str = OPEN) -> int:
    """Return how many requests are in ``state``."""
    return int(ContactRequest.select().where(ContactRequest.state == state).count())


def find(request_id: str) -> ContactRequest:
    """Return a request; raises :class:`NoRequest`."""
    found: ContactRequest | None = ContactRequest.get_or_none(ContactRequest.id == request_id)
    if found is None:
        raise NoRequest(request_id)
    return found


def letters(request: ContactRequest) -> list[Answer | FollowUp]:
    """Return what was written after the request, by both sides, oldest first."""
    answers = Answer.select().where(Answer.request == request)
    follow_ups = FollowUp.select().where(FollowUp.request == request)
    both = [(one.written_at, one) for one in answers] + [(one.at, one) for one in follow_ups]
    return [one for _at, one in sorted(both, key=lambda pair: pair[0])]


def answer(
    request_id: str, text: str, *, seen: int, entry_id: str, by: Author, now: datetime, day: date
) -> bool:
    """Answer a request into its sender's mailbox; return False where this form has answered it already.

    With more letters of the sender than the ``seen`` ones it stays open: somebody has to read what came while the answer was written.
    The answer and the order to deliver it are one transaction (P9). Raises :class:`NoRequest`.
    """
    with database.atomic("IMMEDIATE"):
        request = find(request_id)
        if Answer.select().where(Answer.entry_id == entry_id).exists():
            return False
        Answer.create(
            entry_id=entry_id, request=request, author=by.id, author_name=by.name, text=text, written_at=now
        )
        if count_follow_ups(request) <= seen:
            ContactRequest.update(state=ANSWERED).where(ContactRequest.id == request.id).execute()
        outbox.answer(request.mailbox, bytes(request.sealing_key), message(text, at=now), day=day)
    return True


def close(request_id: str, *, seen: int) -> bool:
    """Put a request away, answered or not, unless its sender has written more than the ``seen`` letters; raises :class:`NoRequest`."""
    with database.atomic("IMMEDIATE"):
        request = find(request_id)
        if count_follow_ups(request) > seen:
            return False
        ContactRequest.update(state=CLOSED).where(ContactRequest.id == request.id).execute()
    return True


def count_follow_ups(request: ContactRequest) -> int:
    """Return how many letters the sender has written since."""
    return int(FollowUp.select().where(FollowUp.request == request).count())


def reopen(request_id: str) -> None:
    """Put a request back among the open ones; raises :class:`NoRequest`."""
    ContactRequest.update(state=OPEN).where(ContactRequest.id == find(request_id).id).execute()


INCOMING: Mapping[str, Handler] = {
    "contact": take_in_contact,
    "contact-message": take_in_message,
    "new-member": take_in_new_member,
    "notice": take_in_notice,
}
ACTIONS: Mapping[str, Action] = {}
