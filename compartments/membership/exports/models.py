"""Exports of the register: what was asked for, by whom, and each download. Never what was in the file.

The file is made at the download, in memory, from the register as it is then. A copy kept here would be a second register: an erasure
would have to look for people in it, and it would say of somebody what has long been corrected.
"""

from __future__ import annotations

from peewee import (
    AutoField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from compartments.membership.tables import MembershipModel

ASKED, CONFIRMED, DELETED = "asked", "confirmed", "deleted"
STATES = (ASKED, CONFIRMED, DELETED)


class Export(MembershipModel):
    """A list that an officer has asked for. ``id`` is that of the form; ``columns`` (a list) and ``asked`` (a filter) are JSON.

    ``rows`` is how many persons the second officer agreed to. ``recalled_on``: since then somebody was erased who stands in a file.
    """

    id = CharField(primary_key=True, max_length=32)
    number = IntegerField(unique=True)
    purpose = TextField()
    recipient = CharField(max_length=200)
    columns = TextField()
    asked = TextField()
    rows = IntegerField()
    asked_by = CharField(index=True)
    asked_by_name = CharField()
    asked_on = DateField()
    expires_on = DateField()
    state = CharField(default=ASKED, constraints=[Check(f"state in {STATES!r}")])
    confirmed_by_name = CharField(default="")
    confirmed_on = DateField(null=True)
    deleted_on = DateField(null=True)
    recalled_on = DateField(null=True)


class Download(MembershipModel):
    """One file that was made. ``mark`` decides on the order of its lines; ``invented`` (JSON) is the person who is in this file alone."""

    id = AutoField()
    export = ForeignKeyField(Export, backref="downloads", on_delete="CASCADE")
    number = IntegerField()
    mark = CharField(max_length=32, unique=True)
    invented = TextField(default="")
    rows = IntegerField()
    at = DateTimeField()

    class Meta:
        indexes = ((("export", "number"), True),)


MODELS: tuple[type[Model], ...] = (Export, Download)
STATEMENTS: tuple[str, ...] = ()
