"""Tables of the pairs of reference key and invite code, in their sets. The one place where both stand side by side.

No time stands with a claim, and rows of a set were made in random order: nothing here lines up with another office's lists.
"""

from __future__ import annotations

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from compartments.clearing.tables import ClearingModel

OPEN, CLAIMED, DEACTIVATED = "open", "claimed", "deactivated"
STATES = (OPEN, CLAIMED, DEACTIVATED)
CODE_SIGNS = 23
"""Twenty signs in four groups: both codes are kept and passed on exactly as people see them."""


class KeyRequest(ClearingModel):
    """The membership office asks for keys. ``issued`` is how many it has been sent for this request."""

    id = CharField(primary_key=True, max_length=32)
    count = IntegerField(constraints=[Check("count > 0")])
    issued = IntegerField(default=0)
    arrived_on = DateField()


class KeySet(ClearingModel):
    """A named set of pairs. ``id`` is that of the form, so that a double click makes one set.

    ``whole`` is off as long as a job makes it: nobody has a key of it yet, so it counts nowhere.
    """

    id = CharField(primary_key=True, max_length=32)
    name = CharField(unique=True, max_length=80)
    size = IntegerField()
    request = ForeignKeyField(KeyRequest, null=True, backref="sets")
    request_id: str | None
    made_on = DateField()
    made_by = CharField()
    made_by_name = CharField()
    reason = CharField(default="")
    whole = BooleanField(default=True)


class Pair(ClearingModel):
    """A reference key and its invite code. ``slot`` is the id of the claim slot, derived from the reference key.

    ``was_claimed`` stays when a pair is deactivated. ``told`` says that the administration knows of the deactivation, ``listed`` that the
    code was in the last whitelist, ``locked`` that it was on an urgent list. ``ended`` is the number of membership's last letter that
    deactivated it.
    """

    id = AutoField()
    key_set = ForeignKeyField(KeySet, backref="pairs", index=False)
    key_set_id: str
    reference = CharField(unique=True, max_length=CODE_SIGNS)
    invite = CharField(unique=True, max_length=CODE_SIGNS)
    slot = CharField(unique=True, max_length=32)
    state = CharField(default=OPEN, constraints=[Check(f"state in {STATES!r}")])
    was_claimed = BooleanField(default=False)
    told = BooleanField(default=False)
    listed = BooleanField(default=False)
    locked = BooleanField(default=False)
    ended = IntegerField(default=0)

    class Meta:
        indexes = ((("key_set", "state", "was_claimed"), False),)


class Deactivation(ClearingModel):
    """A list of keys that the membership office has taken back. ``id`` is the envelope's; ``named`` is how many it names, ``unknown`` of them were never issued."""

    id = CharField(primary_key=True, max_length=32)
    reason = CharField()
    named = IntegerField()
    deactivated = IntegerField()
    unknown = IntegerField()
    arrived_on = DateField()


class Restoration(ClearingModel):
    """Keys that membership had taken back by mistake. ``id`` is the envelope's; ``keys``, JSON, are emptied when it is carried out.

    ``listed`` says that they belong on the regular lists that are under way; ``told`` that the administration had to be told. ``number`` is
    that of membership's letter: what a later one deactivates stays so.
    """

    id = CharField(primary_key=True, max_length=32)
    number = IntegerField()
    keys = TextField()
    named = IntegerField()
    listed = BooleanField()
    reason = CharField()
    arrived_on = DateField(index=True)
    restored = IntegerField(null=True)
    told = BooleanField(default=False)
    done_on = DateField(null=True)
    done_by_name = CharField(default="")


MODELS: tuple[type[Model], ...] = (KeyRequest, KeySet, Pair, Deactivation, Restoration)
STATEMENTS: tuple[str, ...] = (
    # Few pairs wait for either; whole sets are looked through otherwise.
    f"create index pair_untold on pair (id) where state = '{DEACTIVATED}' and told = 0",
    "create index pair_listed on pair (id) where listed = 1",
)
