"""What members have paid: the one table of this part. What it comes to stands with the person, kept by ``payments``."""

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
)

from compartments.membership.tables import MembershipModel, Person

PAYMENT, WAIVER, CARRIED = "payment", "waiver", "carried"
KINDS = (PAYMENT, WAIVER, CARRIED)


class Payment(MembershipModel):
    """Money that came in, months that were waived, or what was carried over from elsewhere.

    ``months`` is by how many it moved the end of what is paid; ``used_cents`` is what these cost, the rest is credit. ``entry_id`` is that of the
    form, so that a double click books once. Clustered by person: no further index.
    """

    person = ForeignKeyField(Person, index=False, on_delete="CASCADE")
    entry_id = CharField(max_length=32)
    kind = CharField(default=PAYMENT, constraints=[Check(f"kind in {KINDS!r}")])
    cents = IntegerField(default=0)
    months = IntegerField(default=0)
    used_cents = IntegerField(default=0)
    received_on = DateField()
    reference = CharField(max_length=140, default="")
    officer = CharField()
    officer_name = CharField()
    at = DateTimeField()
    taken_back_by = CharField(null=True)
    taken_back_at = DateTimeField(null=True)

    class Meta:
        primary_key = CompositeKey("person", "entry_id")
        without_rowid = True


MODELS: tuple[type[Model], ...] = (Payment,)
STATEMENTS: tuple[str, ...] = ()
