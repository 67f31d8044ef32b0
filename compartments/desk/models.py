"""Tables of the desk vault: requests from the public and their answers. Nothing about a sender but what they wrote."""

from __future__ import annotations

from peewee import BlobField, CharField, Check, DateField, DateTimeField, ForeignKeyField, Model, TextField

from app.vault.context import vault_database
from app.vault.schema import Schema

database = vault_database("desk")

OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
STATES = (OPEN, ANSWERED, CLOSED)


class DeskModel(Model):
    """Base of the tables that only a desk vault has."""

    class Meta:
        database = database
        legacy_table_names = False


class ContactRequest(DeskModel):
    """What somebody wrote. ``id`` is the envelope's; ``mailbox`` and ``sealing_key`` say where answers go."""

    id = CharField(primary_key=True, max_length=32)
    mailbox = CharField(max_length=32, index=True)
    sealing_key = BlobField()
    signing_key = BlobField()
    language = CharField(max_length=2)
    sent_on = DateField(index=True)
    name = CharField(default="")
    email = CharField(default="")
    subject = CharField()
    text = TextField()
    state = CharField(default=OPEN, index=True, constraints=[Check(f"state in {STATES!r}")])


class Answer(DeskModel):
    """An answer to a request. ``entry_id`` is that of the form, so that a double click answers once."""

    entry_id = CharField(max_length=32, primary_key=True)
    request = ForeignKeyField(ContactRequest, backref="answers", on_delete="CASCADE")
    author = CharField()
    author_name = CharField()
    text = TextField()
    written_at = DateTimeField()


class FollowUp(DeskModel):
    """What the sender wrote later, from their mailbox. ``id`` is the envelope's."""

    id = CharField(primary_key=True, max_length=32)
    request = ForeignKeyField(ContactRequest, backref="follow_ups", on_delete="CASCADE")
    text = TextField()
    sent_on = DateField()
    at = DateTimeField()


class NewMember(DeskModel):
    """Somebody whom the membership office hands over to be welcomed. ``id`` is the envelope's. No number: the desk needs none."""

    id = CharField(primary_key=True, max_length=32)
    name = CharField()
    email = CharField()
    language = CharField(max_length=2)
    member_since = DateField()
    division = CharField(default="")
    note = TextField(default="")
    welcomed_at = DateTimeField(null=True, index=True)
    welcomed_by_name = CharField(default="")


SCHEMA = Schema("desk", models=(ContactRequest, Answer, FollowUp, NewMember))
