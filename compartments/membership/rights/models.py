"""What persons have asked for: access, correction, erasure, each with its month. After an erasure only the trace stays."""

from __future__ import annotations

from peewee import CharField, Check, DateField, ForeignKeyField, Model

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


MODELS: tuple[type[Model], ...] = (RightsRequest,)
STATEMENTS: tuple[str, ...] = ()
