"""Messages to the holders of accounts go to clearing with the code, and from there on without it; answers come back. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.clock import utc_now
from app.envelopes import outbox
from app.envelopes.enclosed import RELAY, REPLY, disclose, enclose
from app.envelopes.letter import Letter
from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.office.authors import Author
from app.vault.jobs import Work
from compartments.administration.codes.models import Code
from compartments.administration.relay.models import RelayAnswer, RelayMessage
from compartments.administration.tables import database
from keys.codes import grouped

LONGEST = 50_000


class UnknownCode(LookupError):
    """No such code is known here, or it is no longer valid."""


class NoMessage(LookupError):
    """There is no such message."""


def write(code: str, text: str, *, entry_id: str, by: Author, day: date) -> RelayMessage:
    """Send a message to whoever holds a code; the same ``entry_id`` again sends nothing.

    Raises :class:`UnknownCode`, and :class:`~keys.errors.MalformedCode` for what is no code.
    """
    code = grouped(code)
    with database.atomic("IMMEDIATE"):
        known: RelayMessage | None = RelayMessage.get_or_none(RelayMessage.id == entry_id)
        if known is not None:
            return known
        if not Code.select().where(Code.code == code, ~Code.deactivated).exists():
            raise UnknownCode
        message: RelayMessage = RelayMessage.create(
            id=entry_id, code=code, text=text, author_name=by.name, sent_on=day
        )
        # Sealed past clearing: it exchanges identifiers and reads nothing.
        sealed = enclose(text, "membership", purpose=RELAY)
        outbox.send("relay", "clearing", {"relay": entry_id, "code": code, "text": sealed}, day=day)
        return message


def take_in_answer(letter: Letter) -> None:
    """Note an answer; raises ``ValueError`` or ``TypeError`` for anything else."""
    text = disclose(letter.body["text"], "membership", purpose=REPLY)
    if len(text) > LONGEST:
        raise ValueError("an answer is not endless")
    message = find(str(letter.body["relay"]))
    RelayAnswer.create(message=message, text=text, arrived_on=utc_now().date())


def find(message_id: str) -> RelayMessage:
    """Return a message; raises :class:`NoMessage`."""
    found: RelayMessage | None = RelayMessage.get_or_none(RelayMessage.id == message_id)
    if found is None:
        raise NoMessage(message_id)
    return found


def messages(limit: int = 100) -> list[RelayMessage]:
    """Return the messages, newest first."""
    return list(RelayMessage.select().order_by(RelayMessage.sent_on.desc(), RelayMessage.id).limit(limit))


def answers(message: RelayMessage) -> list[RelayAnswer]:
    """Return the answers to a message, oldest first."""
    return list(RelayAnswer.select().where(RelayAnswer.message == message).order_by(RelayAnswer.id))


def unseen() -> list[RelayAnswer]:
    """Return the answers that nobody has dealt with."""
    return list(RelayAnswer.select().where(RelayAnswer.seen_by_name == "").order_by(RelayAnswer.id))


def mark_seen(message_id: str, *, by: Author) -> None:
    """Note that somebody has dealt with the answers to a message; raises :class:`NoMessage`."""
    message = find(message_id)
    RelayAnswer.update(seen_by_name=by.name).where(
        RelayAnswer.message == message, RelayAnswer.seen_by_name == ""
    ).execute()


INCOMING: Mapping[str, Handler] = {"relay-answer": take_in_answer}
ACTIONS: Mapping[str, Action] = {}
JOBS: Mapping[str, Work] = {}
