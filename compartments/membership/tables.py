"""Tables of the membership vault: persons, divisions, who changed and who read what. Never invite codes or accounts.

A page of the register must touch few pages of the file, since each is decrypted and authenticated anew in every request. So the list is
read from one covering index, the search from one narrow clustered table, and the total from a counter that triggers keep.
"""

from __future__ import annotations

from peewee import (
    AutoField,
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

    ``dues_cents`` is what the person pays per year. ``name_key`` is the folded name that the register is sorted by.
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
    citizenship = CharField(max_length=2, default="")
    division_id: int | None
    division = ForeignKeyField(Division, null=True, backref="persons", on_delete="RESTRICT")
    entered_on = DateField()
    left_on = DateField(null=True)
    exit_reason = CharField(null=True, constraints=[Check(f"exit_reason in {EXIT_REASONS!r}")])
    dues_cents = IntegerField(null=True, constraints=[Check("dues_cents >= 0")])
    notes = TextField(default="")

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


class Tally(MembershipModel):
    """How many persons there are; counting them would read an index from end to end."""

    name = CharField(primary_key=True)
    number = IntegerField()


PERSONS = "persons"

CREATE_LISTING = (
    # Everything that the list shows is in the index itself.
    "create index person_listing on person"
    " (name_key, id, member_number, last_name, first_name, division_id, entered_on, left_on)"
)
START_TALLY = f"insert into tally (name, number) values ('{PERSONS}', 0)"
COUNT_ADDED = (
    "create trigger person_is_added after insert on person begin "
    f"update tally set number = number + 1 where name = '{PERSONS}'; end"
)
COUNT_REMOVED = (
    "create trigger person_is_removed after delete on person begin "
    f"update tally set number = number - 1 where name = '{PERSONS}'; end"
)

MODELS: tuple[type[Model], ...] = (
    Division,
    Person,
    SearchWord,
    FieldChange,
    ReadEvent,
    Tally,
)
STATEMENTS: tuple[str, ...] = (CREATE_LISTING, START_TALLY, COUNT_ADDED, COUNT_REMOVED)
