"""Tables of the batches: lists of reference keys from membership, and what became of them. The keys go with the batch's answer."""

from __future__ import annotations

from peewee import CharField, Check, DateField, IntegerField, Model, TextField

from compartments.clearing.tables import ClearingModel

REGULAR, URGENT = "regular", "urgent"
KINDS = (REGULAR, URGENT)
WAITING, SENT, DONE, ASIDE = "waiting", "sent", "done", "aside"
STATES = (WAITING, SENT, DONE, ASIDE)


class Batch(ClearingModel):
    """A list of keys: ``regular`` names all eligible ones, ``urgent`` those to lock. ``references`` is JSON, emptied when it is passed on.

    The counts are the administration's, once it has applied the batch.
    """

    id = CharField(primary_key=True, max_length=32)
    kind = CharField(constraints=[Check(f"kind in {KINDS!r}")])
    state = CharField(default=WAITING, constraints=[Check(f"state in {STATES!r}")], index=True)
    reason = CharField(default="")
    references = TextField(default="[]")
    listed = IntegerField()
    arrived_on = DateField(index=True)
    passed_on = DateField(null=True)
    passed_by_name = CharField(default="")
    stated_reason = CharField(default="")
    codes = IntegerField(null=True)
    deactivated = IntegerField(null=True)
    not_issued = IntegerField(null=True)
    created = IntegerField(null=True)
    locked = IntegerField(null=True)
    unlocked = IntegerField(null=True)
    unchanged = IntegerField(null=True)
    unknown = IntegerField(null=True)
    applied_on = DateField(null=True)


MODELS: tuple[type[Model], ...] = (Batch,)
STATEMENTS: tuple[str, ...] = ()
