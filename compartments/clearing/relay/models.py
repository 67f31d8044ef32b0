"""Tables of the relay: which message went under which identifier. Never a text: it is sealed past this office and kept nowhere here."""

from __future__ import annotations

from peewee import CharField, Check, DateField, ForeignKeyField, IntegerField, Model

from compartments.clearing.keysets.models import Pair
from compartments.clearing.tables import ClearingModel

PASSED, ANSWERED, UNDELIVERABLE = "passed", "answered", "undeliverable"
STATES = (PASSED, ANSWERED, UNDELIVERABLE)


class Relayed(ClearingModel):
    """A message to the holder of an account. ``id`` is the administration's identifier, ``onward`` the one membership gets.

    ``pair`` is None where the code is deactivated, or was never issued.
    """

    id = CharField(primary_key=True, max_length=32)
    onward = CharField(unique=True, max_length=32)
    pair = ForeignKeyField(Pair, null=True, backref="relayed")
    state = CharField(constraints=[Check(f"state in {STATES!r}")])
    replies = IntegerField(default=0)
    arrived_on = DateField(index=True)


MODELS: tuple[type[Model], ...] = (Relayed,)
STATEMENTS: tuple[str, ...] = ()
