"""Tables of this part of the administration vault: batches, the codes they list, and what they would change.

The lists are deleted when a batch is done: afterwards there are figures only, since a small batch kept with its day would point to persons.
"""

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

from compartments.administration.platform.planning import CREATION, DEACTIVATION, REGULAR, URGENT
from compartments.administration.tables import AdministrationModel

WAITING, PLANNED, CONFIRMED, APPLIED, DROPPED = STATES = (
    "waiting",
    "planned",
    "confirmed",
    "applied",
    "dropped",
)
KINDS = (URGENT, REGULAR, CREATION, DEACTIVATION)
"""In the order in which they are dealt with."""


class Batch(AdministrationModel):
    """A list to compare the platform with. ``id`` is clearing's where it came from there. Counts: planned first, done in the end.

    ``taken_back`` counts the codes that were taken off it, or put on it, after it came: somebody was on a list by mistake.
    """

    id = CharField(primary_key=True, max_length=64)
    kind = CharField(constraints=[Check(f"kind in {KINDS!r}")])
    reason = TextField(default="")
    state = CharField(default=WAITING, index=True, constraints=[Check(f"state in {STATES!r}")])
    arrived_on = DateField(index=True)
    size = IntegerField(default=0)
    created = IntegerField(default=0)
    locked = IntegerField(default=0)
    unlocked = IntegerField(default=0)
    unchanged = IntegerField(default=0)
    unknown = IntegerField(default=0)
    left = IntegerField(default=0)
    taken_back = IntegerField(default=0)
    open_before = IntegerField(default=0)
    planned_at = DateTimeField(null=True)
    planned_by_name = CharField(default="")
    confirmed_by_name = CharField(default="")
    applied_on = DateField(null=True)


class BatchCode(AdministrationModel):
    """A code on a batch's list, until it is done."""

    batch = ForeignKeyField(Batch, on_delete="CASCADE")
    code = CharField(max_length=40)

    class Meta:
        primary_key = CompositeKey("batch", "code")
        without_rowid = True


class PlanLine(AdministrationModel):
    """What a batch would do with a code, or why it leaves it, until it is done."""

    batch = ForeignKeyField(Batch, on_delete="CASCADE")
    action = CharField(max_length=12)
    code = CharField(max_length=200)

    class Meta:
        primary_key = CompositeKey("batch", "action", "code")
        without_rowid = True


class Remark(AdministrationModel):
    """How many codes of a batch were left, and why; stays."""

    batch = ForeignKeyField(Batch, backref="remarks", on_delete="CASCADE")
    kind = CharField(max_length=12)
    number = IntegerField()

    class Meta:
        primary_key = CompositeKey("batch", "kind")


MODELS: tuple[type[Model], ...] = (Batch, BatchCode, PlanLine, Remark)
STATEMENTS: tuple[str, ...] = ()
