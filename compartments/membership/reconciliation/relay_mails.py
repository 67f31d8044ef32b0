"""Rules of mailing a message to its member: each decision becomes at most one mail. Knows no Flask and no SMTP.

As with invitations: before the text may be on its way, that is written down; what may have gone out and was never answered is unclear, and
an officer decides (docs/decisions/0014).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.mail.server import ACCEPTED, LATER, UNKNOWN, Answer
from app.mail.server import REFUSED as TURNED_AWAY
from app.office.authors import Author
from compartments.membership.invitations import keys
from compartments.membership.invitations.models import AddressHold
from compartments.membership.invitations.runs import AT_ONCE, LONGEST_WAIT, MOST_ATTEMPTS
from compartments.membership.reconciliation import relay
from compartments.membership.reconciliation.models import (
    BOUNCED,
    DATA,
    REFUSED,
    REPLACED,
    SENDING,
    SENT,
    UNCLEAR,
    UNREACHED,
    WAITING,
    Message,
    RelayMail,
)
from compartments.membership.tables import Person, database
from keys.randomness import new_id

LIVING = (WAITING, SENDING, DATA, SENT, UNCLEAR)
GONE = "address"


class AlreadyMailed(Exception):
    """There is a mail of this message that went out, may have gone out, or is about to."""


class NoAddress(Exception):
    """The member has no address that may be mailed to, or isn't in the register any more."""


class NotUnclear(Exception):
    """Somebody has decided on this mail already."""


@dataclass(frozen=True)
class Mail:
    """A mail to be sent, as plain values, so that the vault can be closed meanwhile."""

    id: str
    token: str
    address: str
    name: str
    language: str
    text: str


def can_be_mailed(message: Message) -> bool:
    """Whether the member has an address that isn't on hold."""
    return _person(message) is not None


def decide(relay_id: str, *, mail_id: str, by: Author, day: date) -> RelayMail:
    """Decide to mail a message; the same ``mail_id`` again decides once. Raises :class:`AlreadyMailed`, :class:`NoAddress`, NoMessage."""
    with database.atomic("IMMEDIATE"):
        known: RelayMail | None = RelayMail.get_or_none(RelayMail.id == mail_id)
        if known is not None:
            return known
        message = relay.find(relay_id)
        if RelayMail.select().where(RelayMail.message == message.id, RelayMail.state.in_(LIVING)).exists():
            raise AlreadyMailed(relay_id)
        if not can_be_mailed(message):
            raise NoAddress(relay_id)
        return RelayMail.create(
            id=mail_id, message=message.id, token=new_id(), decided_on=day, decided_by_name=by.name
        )


def settle_unclear(relay_id: str, *, arrived: bool, by: Author, day: date) -> None:
    """An officer says what became of an unclear mail: it arrived, or another one may be sent. Raises :class:`NotUnclear`."""
    with database.atomic("IMMEDIATE"):
        mail: Any = RelayMail.get_or_none(RelayMail.message == relay_id, RelayMail.state == UNCLEAR)
        if mail is None:
            raise NotUnclear(relay_id)
        mail.state = SENT if arrived else REPLACED
        mail.save()
        if arrived:
            relay.close(relay_id, by=by, day=day)


def mails(relay_id: str) -> list[RelayMail]:
    """Return the mails of a message, the living one first."""
    found = list(RelayMail.select().where(RelayMail.message == relay_id).order_by(RelayMail.decided_on))
    return sorted(found, key=lambda mail: mail.state not in LIVING)


def message_of(mail_id: str) -> str:
    """Return which message a mail is of; empty where there is none."""
    found: RelayMail | None = RelayMail.get_or_none(RelayMail.id == mail_id)
    return found.message_id if found else ""


# --- the steps of sending it -------------------------------------------------------------------------------------------


def recover(mail_id: str) -> None:
    """Look at what a sending that broke off has left: not begun is begun anew; what may have gone out is unclear, and stays unsent."""
    with database.atomic("IMMEDIATE"):
        _move(mail_id, SENDING, WAITING)
        _move(mail_id, DATA, UNCLEAR)


def next_due(mail_id: str) -> datetime | None:
    """Return when the mail may be tried, in UTC; None where nothing is to be sent."""
    mail: Any = RelayMail.get_or_none(RelayMail.id == mail_id, RelayMail.state == WAITING)
    return None if mail is None else (mail.next_try or AT_ONCE)


def claim(mail_id: str) -> Mail | None:
    """Take the mail; None where it doesn't wait, or there is nobody (any more) to be mailed to."""
    with database.atomic("IMMEDIATE"):
        mail: Any = RelayMail.get_or_none(RelayMail.id == mail_id, RelayMail.state == WAITING)
        if mail is None:
            return None
        message = relay.find(mail.message_id)
        person = _person(message)
        if person is None:
            mail.state, mail.code = REFUSED, GONE
            mail.save()
            return None
        mail.state, mail.attempts = SENDING, mail.attempts + 1
        mail.save()
        name = f"{person.first_name} {person.last_name}".strip()
        return Mail(mail.id, mail.token, person.email, name, person.language, message.text)


def put_back(mail_id: str) -> None:
    """Nothing has been sent: the mail waits again."""
    _move(mail_id, SENDING, WAITING)


def begin_text(mail_id: str) -> bool:
    """From now on the text may be on its way. False where the decision isn't at this step (any more): then nothing may be sent."""
    return bool(_move(mail_id, SENDING, DATA))


def note(mail_id: str, answer: Answer, *, wait: timedelta, day: date, now: datetime) -> None:
    """Write down what the server said. What it has taken settles the message."""
    with database.atomic("IMMEDIATE"):
        mail: Any = RelayMail.get_by_id(mail_id)
        mail.code = answer.code
        if answer.outcome == ACCEPTED:
            mail.state = SENT
            relay.settle(mail.message_id, mail.decided_by_name, day)
        elif answer.outcome == UNKNOWN:
            mail.state = UNCLEAR
        elif answer.outcome == TURNED_AWAY:
            mail.state = REFUSED
            _hold(relay.find(mail.message_id), answer.code, day)
        elif mail.attempts >= MOST_ATTEMPTS:
            mail.state = UNREACHED
        elif answer.outcome == LATER:
            mail.state = WAITING
            mail.next_try = now + min(wait * 2 ** (mail.attempts - 1), LONGEST_WAIT)
        mail.save()


def note_bounced(tokens: Iterable[str], status: str, *, day: date) -> int:
    """Note that mails came back: their addresses go on hold, their messages wait again. Return how many; unknown tokens say nothing."""
    found = list(
        RelayMail.select().where(
            RelayMail.token.in_(list(tokens)), RelayMail.state.in_([DATA, SENT, UNCLEAR])
        )
    )
    for mail in found:
        RelayMail.update(state=BOUNCED, code=status).where(RelayMail.id == mail.id).execute()
        relay.reopen(mail.message_id)
        _hold(relay.find(mail.message_id), status or "bounce", day)
    return len(found)


def _move(mail_id: str, before: str, after: str) -> int:
    return int(
        RelayMail.update(state=after).where(RelayMail.id == mail_id, RelayMail.state == before).execute()
    )


def _hold(message: Message, reason: str, day: date) -> None:
    person = _person(message)
    if person is not None:
        keys.hold(person, reason, day=day)


def _person(message: Message) -> Person | None:
    if message.person_id is None:
        return None
    person: Any = Person.get_or_none(Person.id == message.person_id)
    if person is None or not person.email:
        return None
    held = AddressHold.select().where(AddressHold.person == person.id, AddressHold.email == person.email)
    return None if held.exists() else person
