"""Rules of the relay's end: a message from the administration reaches a member, and their answer goes back. Knows no Flask.

The key tells us the person, and clearing the account; neither tells the other office. The text is sealed for us by the administration
(:mod:`app.envelopes.enclosed`), so that clearing, which passes it on, can't read it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from peewee import JOIN

from app.envelopes import outbox
from app.envelopes.enclosed import RELAY, REPLY, disclose, enclose
from app.envelopes.letter import Letter
from app.office.authors import Author
from compartments.membership.invitations.models import ReferenceKey
from compartments.membership.reconciliation.models import CLOSED, OPEN, Message, Reply
from compartments.membership.tables import Person, database
from keys.codes import grouped

LONGEST_ID, LONGEST_TEXT = 32, 20_000
ADMINISTRATION, CLEARING = "administration", "clearing"


class NoMessage(LookupError):
    """There is no such message."""


def take_in(letter: Letter, day: date) -> None:
    """Take a message in. A key that was never ours, or a text that isn't the administration's, refuses the letter."""
    relay, key = str(letter.body["relay"]), grouped(str(letter.body["key"]))
    if not 0 < len(relay) <= LONGEST_ID:
        raise ValueError("not an identifier")
    text = disclose(letter.body["text"], ADMINISTRATION, purpose=RELAY)
    known: Any = ReferenceKey.get_or_none(ReferenceKey.key == key)
    if known is None:
        raise ValueError("not a key of ours")
    Message.create(
        id=relay,
        key=key,
        person=known.person_id,
        text=text[:LONGEST_TEXT],
        arrived_on=day,
    )


def open_messages() -> list[Message]:
    """Return the messages that nobody has dealt with, oldest first."""
    return list(
        _with_persons().where(Message.state == OPEN).order_by(Message.arrived_on, Message.id).limit(200)
    )


def count_open() -> int:
    """Return how many messages nobody has dealt with. Cheap: every page asks."""
    return int(Message.select().where(Message.state == OPEN).count())


def settled(limit: int = 50) -> list[Message]:
    """Return the messages that were dealt with, newest first."""
    return list(
        _with_persons()
        .where(Message.state != OPEN)
        .order_by(Message.arrived_on.desc(), Message.id)
        .limit(limit)
    )


def find(relay: str) -> Message:
    """Return a message; raises :class:`NoMessage`."""
    found: Message | None = _with_persons().where(Message.id == relay).first()
    if found is None:
        raise NoMessage(relay)
    return found


def replies(relay: str) -> list[Reply]:
    """Return what was answered, oldest first."""
    return list(Reply.select().where(Reply.message == relay).order_by(Reply.sent_on, Reply.id))


def reply(relay: str, text: str, *, reply_id: str, by: Author, day: date) -> None:
    """Send an answer back the way it came, sealed for the administration; the same ``reply_id`` again sends one. Raises :class:`NoMessage`."""
    with database.atomic("IMMEDIATE"):
        message = find(relay)
        if Reply.select().where(Reply.id == reply_id, Reply.message == message.id).exists():
            return
        Reply.create(id=reply_id, message=message.id, text=text, sent_on=day, sent_by_name=by.name)
        sealed = enclose(text, ADMINISTRATION, purpose=REPLY)
        outbox.send("relay-reply", CLEARING, {"relay": message.id, "text": sealed}, day=day)
        settle(message.id, by.name, day)


def close(relay: str, *, by: Author, day: date) -> None:
    """Note that the message was passed on to the member, or needs nothing more; raises :class:`NoMessage`."""
    settle(find(relay).id, by.name, day)


def settle(relay: str, by_name: str, day: date) -> None:
    """Note that a message is dealt with, and by whom."""
    Message.update(state=CLOSED, settled_on=day, settled_by_name=by_name).where(Message.id == relay).execute()


def reopen(relay: str) -> None:
    """A message that seemed to be dealt with waits again: its mail came back."""
    Message.update(state=OPEN, settled_on=None, settled_by_name="").where(Message.id == relay).execute()


def _with_persons() -> Any:
    return Message.select(Message, Person).join(Person, JOIN.LEFT_OUTER)
