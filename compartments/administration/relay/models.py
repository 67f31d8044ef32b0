"""Tables of this part of the administration vault: messages to the holders of accounts, and their answers. Never who they are."""

from __future__ import annotations

from peewee import AutoField, CharField, DateField, ForeignKeyField, Model, TextField

from compartments.administration.tables import AdministrationModel


class RelayMessage(AdministrationModel):
    """A message to whoever holds a code. ``id`` is that of the form too, so that a double click sends one."""

    id = CharField(primary_key=True, max_length=32)
    code = CharField(max_length=40)
    text = TextField()
    author_name = CharField()
    sent_on = DateField(index=True)


class RelayAnswer(AdministrationModel):
    """What came back."""

    id = AutoField()
    message_id: str
    message = ForeignKeyField(RelayMessage, on_delete="CASCADE")
    text = TextField()
    arrived_on = DateField()
    seen_by_name = CharField(default="")


MODELS: tuple[type[Model], ...] = (RelayMessage, RelayAnswer)
STATEMENTS: tuple[str, ...] = ()
