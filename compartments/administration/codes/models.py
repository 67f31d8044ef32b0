"""Tables of this part of the administration vault: invite codes as they came from clearing, and what the platform says of them.

No row tells when or in which order a code came or was used: the table is clustered by the random codes, and times stand in key sets and
read-backs only.
"""

from __future__ import annotations

from peewee import BooleanField, CharField, Check, DateField, DateTimeField, IntegerField, Model

from compartments.administration.tables import AdministrationModel

KNOWN, ON_PLATFORM, USED, LOCKED, BY_OPERATOR, DELETED, VANISHED = STATES = (
    "known", "platform", "used", "locked", "operator", "deleted", "vanished",
)  # fmt: skip
"""Where a code is: here only; open on the platform; used; locked by us; locked by the platform's operators; its account deleted; gone
from the platform though it was there."""


class KeySet(AdministrationModel):
    """A set of codes that clearing made together."""

    name = CharField(primary_key=True, max_length=80)
    arrived_on = DateField()
    size = IntegerField()


class Code(AdministrationModel):
    """One invite code, grouped as people read it. ``created``: was seen on the platform. ``listed``: stood on a list of valid ones."""

    code = CharField(primary_key=True, max_length=40)
    key_set = CharField(max_length=80, default="")
    state = CharField(default=KNOWN, constraints=[Check(f"state in {STATES!r}")])
    created = BooleanField(default=False)
    used = BooleanField(default=False)
    listed = BooleanField(default=False)
    deactivated = BooleanField(default=False)
    expires_on = DateField(null=True)

    class Meta:
        without_rowid = True
        indexes = ((("state", "used", "deactivated"), False),)


class Stranger(AdministrationModel):
    """An invite code that stands on the platform and didn't come from clearing: sent again, or made by the platform's operators."""

    code = CharField(primary_key=True, max_length=200)

    class Meta:
        without_rowid = True


class ReadBack(AdministrationModel):
    """The last time that the platform was looked at."""

    id = IntegerField(primary_key=True, constraints=[Check("id = 1")])
    at = DateTimeField()
    version = CharField()


MODELS: tuple[type[Model], ...] = (KeySet, Code, Stranger, ReadBack)
STATEMENTS: tuple[str, ...] = ()
