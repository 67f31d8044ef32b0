"""Tables of reconciliation batches, and of messages that reached a member by way of clearing. No invite code, no account."""

from __future__ import annotations

from peewee import (
    CharField,
    Check,
    CompositeKey,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from compartments.membership.tables import MembershipModel, Person

REGULAR, URGENT = "regular", "urgent"
KINDS = (REGULAR, URGENT)
COUNTED = ("created", "locked", "unlocked", "unchanged", "unknown")
OPEN, CLOSED = "open", "closed"
RELAY_STATES = (OPEN, CLOSED)

WAITING, SENDING, DATA, SENT, UNCLEAR = "waiting", "sending", "data", "sent", "unclear"
REFUSED, UNREACHED, BOUNCED, REPLACED = "refused", "unreached", "bounced", "replaced"
MAIL_STATES = (WAITING, SENDING, DATA, SENT, UNCLEAR, REFUSED, UNREACHED, BOUNCED, REPLACED)
"""As of invitation mails. ``replaced``: it was unclear, and an officer has decided to send another one."""


class Batch(MembershipModel):
    """A list of keys that went to clearing. ``id`` is that of the form; the counts are the administration's, once they are back."""

    id = CharField(primary_key=True, max_length=32)
    number = IntegerField(unique=True)
    kind = CharField(constraints=[Check(f"kind in {KINDS!r}")])
    reason = CharField(default="")
    size = IntegerField()
    added = IntegerField()
    removed = IntegerField()
    sent_on = DateField()
    sent_by_name = CharField()
    confirmed_by_name = CharField(default="")
    created = IntegerField(null=True)
    locked = IntegerField(null=True)
    unlocked = IntegerField(null=True)
    unchanged = IntegerField(null=True)
    unknown = IntegerField(null=True)
    applied_on = DateField(null=True)


class ListedKey(MembershipModel):
    """A key of the latest regular list, to see what changes with the next one. Older lists are not kept."""

    key = CharField(primary_key=True, max_length=32)

    class Meta:
        without_rowid = True


class TakenBack(MembershipModel):
    """A member who was on a list of leavers and isn't one. ``id`` is that of the form. Which key it was stands with the key alone."""

    id = CharField(primary_key=True, max_length=32)
    person_id: int
    person = ForeignKeyField(Person, on_delete="CASCADE")
    reason = CharField()
    taken_back_on = DateField(index=True)
    taken_back_by_name = CharField()


class Message(MembershipModel):
    """A message from the administration to the holder of an account, who is a person here. ``id`` is what clearing calls it."""

    id = CharField(primary_key=True, max_length=32)
    key = CharField(max_length=32)
    person_id: int | None
    person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    text = TextField()
    arrived_on = DateField()
    state = CharField(default=OPEN, constraints=[Check(f"state in {RELAY_STATES!r}")], index=True)
    settled_on = DateField(null=True)
    settled_by_name = CharField(default="")


class Reply(MembershipModel):
    """An answer that went back. ``id`` is that of the form, so that a double click sends one."""

    id = CharField(max_length=32)
    message = ForeignKeyField(Message, backref="replies", on_delete="CASCADE")
    text = TextField()
    sent_on = DateField()
    sent_by_name = CharField()

    class Meta:
        primary_key = CompositeKey("id", "message")


class RelayMail(MembershipModel):
    """The decision to mail a message to its member: at most one mail, ever. ``id`` is that of the form, ``token`` names it to a bounce."""

    id = CharField(primary_key=True, max_length=32)
    message_id: str
    message = ForeignKeyField(Message, backref="mails", on_delete="CASCADE")
    token = CharField(max_length=32, unique=True)
    state = CharField(default=WAITING, constraints=[Check(f"state in {MAIL_STATES!r}")])
    attempts = IntegerField(default=0)
    next_try = DateTimeField(null=True)
    code = CharField(default="", max_length=40)
    decided_on = DateField()
    decided_by_name = CharField()


MODELS: tuple[type[Model], ...] = (Batch, ListedKey, TakenBack, Message, Reply, RelayMail)
_LIVING = "state in ('waiting', 'sending', 'data', 'sent', 'unclear')"
STATEMENTS: tuple[str, ...] = (
    # Nobody gets a message twice, whoever decides what at the same time.
    f"create unique index one_living_mail on relay_mail (message_id) where {_LIVING}",
)
