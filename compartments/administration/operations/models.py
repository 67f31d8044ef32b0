"""Tables of this part of the administration vault: changes, incidents, maintenance, runbooks, credentials, and who has looked at one."""

from __future__ import annotations

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from compartments.administration.tables import AdministrationModel


class Record(AdministrationModel):
    """What every entry has. ``entry_id`` is that of the form, so that a double click makes one; a save needs the revision it was read at."""

    id = AutoField()
    entry_id = CharField(max_length=32, unique=True)
    revision = IntegerField(default=1)
    title = CharField(max_length=200)
    text = TextField(default="")
    changed_by = CharField()
    changed_by_name = CharField()
    changed_at = DateTimeField()


class Change(Record):
    """A change or update. ``published_on``: when the update was there to be had."""

    system = CharField(max_length=120)
    security = BooleanField(default=False)
    published_on = DateField(null=True)
    deployed_on = DateField(null=True)


class Incident(Record):
    """Something that went wrong. With personal data in it, the supervisory authority hears within 72 hours (GDPR Art. 33)."""

    noticed_at = DateTimeField()
    personal_data = BooleanField(default=False)
    reported_at = DateTimeField(null=True)
    closed_on = DateField(null=True)


class Maintenance(Record):
    """A window in which the platform may be away.

    ``notice_de`` and ``notice_en`` are the words for everybody. ``notice`` is the id of its public announcement, None where there is none;
    ``announced_revision`` is the revision that it shows.
    """

    starts_at = DateTimeField()
    ends_at = DateTimeField()
    notice_de = TextField(default="")
    notice_en = TextField(default="")
    notice = CharField(max_length=32, null=True)
    announced_revision = IntegerField(default=0)


class Runbook(Record):
    """How something is done, in Markdown."""


class Credential(Record):
    """A password of a system. The secret is shown only on its own page, after the passphrase was given again."""

    system = CharField(max_length=200)
    username = CharField(max_length=200, default="")
    secret = TextField(default="")


class CredentialRead(AdministrationModel):
    """Who has seen a secret, and when."""

    id = AutoField()
    credential = ForeignKeyField(Credential, on_delete="CASCADE")
    officer = CharField()
    officer_name = CharField()
    at = DateTimeField()


MODELS: tuple[type[Model], ...] = (Change, Incident, Maintenance, Runbook, Credential, CredentialRead)
STATEMENTS: tuple[str, ...] = ()
