"""Tables of the membership vault: persons, divisions, who changed and who read what. Never invite codes or accounts.

A page of the register must touch few pages of the file, since each is decrypted and authenticated anew in every request. So the list is
read from one covering index, the search from one narrow clustered table, and the total from a counter that triggers keep.
"""

from __future__ import annotations

from peewee import (
    AutoField,
    BooleanField,
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

from app.vault.context import vault_database

database = vault_database("membership")

DIVISION_KINDS = ("federal", "state", "district", "county", "local", "abroad")
"""Bund, Land, Bezirk, Kreis, Ort, and members abroad."""

LANGUAGES = ("de", "en")
"""What mails can be written in. A person without one gets what the office has set for all."""

EXIT_REASONS = ("resigned", "died", "expelled", "struck-off", "moved", "other")


class MembershipModel(Model):
    """Base of the tables that only a membership vault has."""

    class Meta:
        database = database
        legacy_table_names = False


class Division(MembershipModel):
    """A division of the organisation; ``parent`` is the one it belongs to."""

    id = AutoField()
    name = CharField(max_length=120)
    kind = CharField(constraints=[Check(f"kind in {DIVISION_KINDS!r}")])
    parent = ForeignKeyField("self", null=True, backref="children", on_delete="RESTRICT")

    class Meta:
        indexes = ((("parent", "name"), True),)


class Person(MembershipModel):
    """A member, present or former. ``entry_id`` is that of the form, so that a double click adds one person.

    ``dues_cents`` is what the person owes per year, ``reduced_cents`` what instead of it until ``reduced_until``; ``dues_every`` is
    in how many months they pay once. ``name_key`` is the folded name that the register is sorted by.

    The last columns are kept by the rules of dues and by nobody else. ``paid_until`` is the end of a month: before the first payment, of
    the month before the entry. ``credit_cents`` is less than a month's dues. Both stand here, so that who may take part is read from one index.
    """

    id = AutoField()
    entry_id = CharField(max_length=32, unique=True)
    revision = IntegerField(default=1)
    name_key = CharField(max_length=120)
    member_number = IntegerField(unique=True, constraints=[Check("member_number > 0")])
    last_name = CharField(max_length=120)
    first_name = CharField(max_length=120)
    birth_date = DateField(null=True)
    street = CharField(max_length=200, default="")
    postcode = CharField(max_length=12, default="")
    city = CharField(max_length=120, default="")
    country = CharField(max_length=2, default="DE")
    email = CharField(max_length=254, default="")
    phone = CharField(max_length=40, default="")
    language = CharField(max_length=2, default="", constraints=[Check(f"language in {('', *LANGUAGES)!r}")])
    citizenship = CharField(max_length=2, default="")
    division_id: int | None
    # The index of the standing begins with the division, so that this needs none of its own.
    division = ForeignKeyField(Division, null=True, index=False, backref="persons", on_delete="RESTRICT")
    entered_on = DateField()
    left_on = DateField(null=True)
    exit_reason = CharField(null=True, constraints=[Check(f"exit_reason in {EXIT_REASONS!r}")])
    may_vote = BooleanField(default=False)
    voting_by = CharField(max_length=120, default="")
    voting_on = DateField(null=True)
    dues_cents = IntegerField(null=True, constraints=[Check("dues_cents >= 0")])
    dues_every = IntegerField(default=12)
    reduced_cents = IntegerField(null=True)
    reduced_until = DateField(null=True)
    reduction_reason = CharField(max_length=200, default="")
    consent_news_on = DateField(null=True)
    consent_phone_on = DateField(null=True)
    notes = TextField(default="")
    paid_until = DateField()
    first_paid_on = DateField(null=True)
    credit_cents = IntegerField(default=0)
    reminders = IntegerField(default=0)
    reminded_on = DateField(null=True)

    class Meta:
        constraints = [Check("left_on is null or left_on >= entered_on")]
        indexes = ((("entered_on", "id"), False),)


class SearchWord(MembershipModel):
    """One folded word that finds a person; clustered, so that a prefix is one stretch of the file, in the order of names."""

    word = CharField(max_length=80)
    name_key = CharField(max_length=120)
    person = ForeignKeyField(Person, index=False, on_delete="NO ACTION")

    class Meta:
        primary_key = CompositeKey("word", "name_key", "person")
        without_rowid = True


class FieldChange(MembershipModel):
    """One field of a person, before and after, by whom. ``ticket`` is the request that asked for it."""

    id = AutoField()
    person = ForeignKeyField(Person, backref="changes", on_delete="CASCADE")
    revision = IntegerField()
    field = CharField()
    before = TextField(null=True)
    after = TextField(null=True)
    officer = CharField()
    officer_name = CharField()
    at = DateTimeField()
    ticket = CharField(max_length=40, default="")


class ReadEvent(MembershipModel):
    """Somebody has read a person's record."""

    id = AutoField()
    person = ForeignKeyField(Person, backref="readings", on_delete="CASCADE")
    officer = CharField()
    officer_name = CharField()
    at = DateTimeField()


class Setting(MembershipModel):
    """What the office (``owner`` empty) or one officer has set, as JSON; and how many persons there are, which counting would read
    an index from end to end for. One narrow table, so that a page of the register reads all it needs of it at once.
    """

    owner = CharField(max_length=32)
    kind = CharField(max_length=20)
    name = CharField(max_length=80)
    value = TextField()

    class Meta:
        primary_key = CompositeKey("owner", "kind", "name")
        without_rowid = True


class RuleChange(MembershipModel):
    """A rule of the office, before and after (JSON), by whom, and who has confirmed it; empty where one officer may decide."""

    id = AutoField()
    kind = CharField(max_length=20, index=True)
    before = TextField()
    after = TextField()
    officer = CharField()
    officer_name = CharField()
    confirmed_by_name = CharField(default="")
    at = DateTimeField()


class MemberCount(MembershipModel):
    """A signed count of members on 31 December, as it was handed out (``member_counts``)."""

    id = AutoField()
    year = IntegerField(index=True)
    document = TextField()


OFFICE = ""
PERSONS = (OFFICE, "tally", "persons")
IS_PERSONS = "owner = '' and kind = 'tally' and name = 'persons'"

CREATE_LISTING = (
    # Everything that the list shows is in the index itself.
    "create index person_listing on person"
    " (name_key, id, member_number, last_name, first_name, division_id, entered_on, left_on, may_vote, paid_until, dues_cents)"
)
CREATE_STANDING = (
    # Who may take part, how many belong to a division, and who is in arrears: read from here alone.
    "create index person_standing on person"
    " (division_id, paid_until, may_vote, first_paid_on, left_on, entered_on, dues_cents)"
)
START_TALLY = "insert into setting (owner, kind, name, value) values ('', 'tally', 'persons', '0')"
COUNT_ADDED = (
    "create trigger person_is_added after insert on person begin "
    f"update setting set value = value + 1 where {IS_PERSONS}; end"
)
COUNT_REMOVED = (
    "create trigger person_is_removed after delete on person begin "
    f"update setting set value = value - 1 where {IS_PERSONS}; end"
)

MODELS: tuple[type[Model], ...] = (
    Division,
    Person,
    SearchWord,
    FieldChange,
    ReadEvent,
    Setting,
    RuleChange,
    MemberCount,
)
STATEMENTS: tuple[str, ...] = (CREATE_LISTING, CREATE_STANDING, START_TALLY, COUNT_ADDED, COUNT_REMOVED)
