"""Tables for persons who may be in the register twice: keys to look them up by, pairs found or ruled out, and who was merged into whom.

A merge loses nothing: the vanished record lies here whole, with its history, and its member number leads to who it was.
"""

from __future__ import annotations

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from compartments.membership.tables import MembershipModel, Person

OPEN, DISTINCT = "open", "distinct"
PAIR_STATES = (OPEN, DISTINCT)


class BlockKey(MembershipModel):
    """Something that two records of one person are likely to share; clustered, so that who shares it lies side by side.

    ``person`` is no foreign key: nothing here may be scanned when a person goes. A trigger takes the rows along.
    """

    key = CharField(max_length=120)
    person = IntegerField()

    class Meta:
        primary_key = CompositeKey("key", "person")
        without_rowid = True


class BlockedPerson(MembershipModel):
    """Which keys a person has, and of which revision of the person they are. ``keys`` is a JSON list; where ``waiting``, they are worked out
    and do not stand among the block keys yet.
    """

    person = ForeignKeyField(Person, primary_key=True, on_delete="CASCADE")
    revision = IntegerField()
    keys = TextField()
    waiting = BooleanField(default=False)


class Pair(MembershipModel):
    """Two persons who may be one. ``distinct`` pairs were ruled out by an officer and are never offered again.

    ``first`` has the smaller id. ``reasons`` is a JSON list of what agrees and what doesn't. ``seen_by`` is the job that found the pair last.
    """

    id = AutoField()
    first_id: int
    first = ForeignKeyField(Person, on_delete="CASCADE", backref="+")
    second_id: int
    second = ForeignKeyField(Person, on_delete="CASCADE", backref="+")
    state = CharField(default=OPEN, constraints=[Check(f"state in {PAIR_STATES!r}")])
    score = IntegerField()
    reasons = TextField()
    seen_by = CharField(default="", max_length=32)
    found_at = DateTimeField()
    decided_by = CharField(null=True)
    decided_by_name = CharField(null=True)
    decided_at = DateTimeField(null=True)
    remark = CharField(default="", max_length=200)

    class Meta:
        constraints = [Check("first_id < second_id")]
        indexes = ((("first", "second"), True), (("state", "score"), False))


class Search(MembershipModel):
    """How far a full run has come, so that it goes on there: ``after`` is the last key whose block was compared."""

    job = CharField(primary_key=True, max_length=32)
    after = CharField(default="", max_length=120)
    rows = IntegerField(default=0)
    compared = IntegerField(default=0)
    started_at = DateTimeField()
    finished_at = DateTimeField(null=True)


class MergedPerson(MembershipModel):
    """A record that was merged into another: whole, as JSON, and its number, which stays findable and is never given again.

    ``id`` is that of the form, so that a double click merges once. ``survivor`` is null once the survivor is no longer in the register; the
    number stays taken.
    """

    id = CharField(primary_key=True, max_length=32)
    survivor_id: int | None
    survivor = ForeignKeyField(Person, null=True, backref="merged", on_delete="SET NULL")
    member_number = IntegerField(unique=True)
    record = TextField()
    merged_by = CharField()
    merged_by_name = CharField()
    merged_at = DateTimeField()
    ticket = CharField(default="", max_length=40)


class MergedChange(MembershipModel):
    """One field's change in the history of a record that was merged."""

    id = AutoField()
    merged = ForeignKeyField(MergedPerson, backref="changes", on_delete="CASCADE")
    revision = IntegerField()
    field = CharField()
    before = TextField(null=True)
    after = TextField(null=True)
    officer = CharField()
    officer_name = CharField()
    at = DateTimeField()
    ticket = CharField(max_length=40, default="")


MODELS: tuple[type[Model], ...] = (
    BlockKey,
    BlockedPerson,
    Pair,
    Search,
    MergedPerson,
    MergedChange,
)
KEYS_GO = (
    "create trigger block_keys_go before delete on blocked_person begin delete from block_key"
    " where person = old.person_id and key in (select value from json_each(old.keys)); end"
)
_WAS_MERGED = (
    " when exists (select 1 from merged_person where member_number = new.member_number)"
    " begin select raise(abort, 'this member number was merged into another'); end"
)
# A number that has been somebody's is never somebody else's; forms and imports both run into this.
NOT_ADDED_AGAIN = f"create trigger number_was_merged before insert on person{_WAS_MERGED}"
NOT_GIVEN_AGAIN = (
    f"create trigger number_becomes_merged before update of member_number on person{_WAS_MERGED}"
)

STATEMENTS: tuple[str, ...] = (KEYS_GO, NOT_ADDED_AGAIN, NOT_GIVEN_AGAIN)
