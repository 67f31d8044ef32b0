"""What persons have asked for, each with its month; what was erased, without content; and what a law makes us keep of the erased, until when."""

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

from compartments.membership.tables import MembershipModel, Person

ACCESS, CORRECTION, ERASURE = "access", "correction", "erasure"
KINDS = (ACCESS, CORRECTION, ERASURE)


class RightsRequest(MembershipModel):
    """A request under Art. 15, 16 or 17 GDPR. ``id`` is that of the form, so that a double click writes one; ``due_on`` is a month later (Art. 12(3))."""

    id = CharField(primary_key=True, max_length=32)
    person_id: int | None
    person = ForeignKeyField(Person, null=True, backref="rights_requests", on_delete="SET NULL")
    kind = CharField(constraints=[Check(f"kind in {KINDS!r}")])
    received_on = DateField()
    due_on = DateField(index=True)
    ticket = CharField(max_length=40, default="")
    noted_by_name = CharField()
    answered_on = DateField(null=True)
    answered_by_name = CharField(default="")


class Erasure(MembershipModel):
    """The receipt of an erasure: that it was done, and how many rows of which table went. Nothing tells whose they were.

    ``erased`` and ``untied`` are JSON, table -> rows; ``told`` a JSON list of the exports whose askers were told; ``key_was_good`` says that
    clearing was told. ``id`` is the proposal's.
    """

    id = CharField(primary_key=True, max_length=32)
    number = IntegerField(unique=True)
    erased_on = DateField()
    proposed_by_name = CharField()
    confirmed_by_name = CharField()
    ticket = CharField(max_length=40, default="")
    erased = TextField()
    untied = TextField()
    blackened = IntegerField(default=0)
    told = TextField(default="[]")
    key_was_good = IntegerField(default=0)


class Retained(MembershipModel):
    """What is kept of somebody erased, because a law says so: vouchers of one year. No list, search or export reads this table.

    ``content`` is JSON. It goes in the first days after ``until``.
    """

    id = CharField(primary_key=True, max_length=32)
    erasure = ForeignKeyField(Erasure, backref="retained", on_delete="RESTRICT")
    year = IntegerField()
    rows = IntegerField()
    law = CharField()
    until = DateField(index=True)
    content = TextField()


class RetainedReading(MembershipModel):
    """Somebody has looked at what is kept."""

    id = AutoField()
    retained = ForeignKeyField(Retained, backref="readings", on_delete="CASCADE")
    officer = CharField()
    officer_name = CharField()
    at = DateTimeField()


MODELS: tuple[type[Model], ...] = (RightsRequest, Erasure, Retained, RetainedReading)
STATEMENTS: tuple[str, ...] = ()
