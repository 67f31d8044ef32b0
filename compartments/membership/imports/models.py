"""Tables of imports: the file as it came, its rows as they were read, and what could not be undone. All of it lies in the vault.

The file is kept until its rows are read, the rows until nobody can want the import undone any more.
"""

from __future__ import annotations

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    DateTimeField,
    IntegerField,
    Model,
    TextField,
)

from compartments.membership.tables import MembershipModel

NEW, READING, STAGED, COMMITTED, UNDONE, DROPPED, CLOSED = (
    "new",
    "reading",
    "staged",
    "committed",
    "undone",
    "dropped",
    "closed",
)
STATES = (NEW, READING, STAGED, COMMITTED, UNDONE, DROPPED, CLOSED)
ADD, CHANGE, EXIT, SAME, BAD = "add", "change", "exit", "same", "bad"
KINDS = (ADD, CHANGE, EXIT, SAME, BAD)
NOT_IN_THE_LIST = 0
"""The line of a row that stands for somebody who isn't in the list."""


class Import(MembershipModel):
    """A list of members that an officer has uploaded. ``entry`` is that of the form, so that a double click uploads it once.

    ``version`` counts how often its rows were compared with the register: an officer commits what they have seen, or nothing.
    ``full`` says that who isn't in it has left. ``columns`` is a JSON list, ``mapping`` a JSON object from a field to the place of its column.
    """

    id = AutoField()
    entry = CharField(max_length=32, unique=True)
    file_name = CharField(max_length=120)
    size = IntegerField()
    encoding = CharField(max_length=12)
    delimiter = CharField(max_length=1)
    columns = TextField()
    mapping = TextField(default="{}")
    state = CharField(default=NEW, constraints=[Check(f"state in {STATES!r}")], index=True)
    full = BooleanField(default=False)
    version = IntegerField(default=0)
    uploaded_by = CharField()
    uploaded_by_name = CharField()
    uploaded_at = DateTimeField()
    committed_by_name = CharField(default="")
    committed_at = DateTimeField(null=True)
    confirmed_by_name = CharField(default="")
    undone_by_name = CharField(default="")
    undone_at = DateTimeField(null=True)


class ImportFile(MembershipModel):
    """The file of an import as it came. In a table of its own: a row is written anew as a whole whenever one of its columns changes."""

    import_id = IntegerField(primary_key=True)
    content = BlobField()


class StagedRow(MembershipModel):
    """One row of the file. ``given`` are its values and ``changes`` what they change, both JSON; ``problem`` says what is wrong with a bad one.

    ``locks`` is 1 where the change takes the entitlement to vote away. ``revision`` is that of the person whom it was compared with.
    """

    import_id = IntegerField()
    place = IntegerField()
    line = IntegerField()
    kind = CharField(constraints=[Check(f"kind in {KINDS!r}")])
    number = IntegerField(null=True)
    person = IntegerField(null=True)
    revision = IntegerField(null=True)
    locks = IntegerField(default=0)
    given = TextField(default="")
    changes = TextField(default="")
    problem = TextField(default="")

    class Meta:
        primary_key = CompositeKey("import_id", "place")
        without_rowid = True
        indexes = ((("import_id", "kind", "place"), False),)


class KeptField(MembershipModel):
    """What an undo has left as it was, because somebody has changed it since the import. ``field`` is empty for a whole person."""

    import_id = IntegerField()
    place = IntegerField()
    field = CharField(max_length=40)
    number = IntegerField()
    person = IntegerField()

    class Meta:
        primary_key = CompositeKey("import_id", "place", "field")
        without_rowid = True


class SparedExit(MembershipModel):
    """A member who isn't in a full list and stays all the same: an officer knows better. Kept as long as the import's rows."""

    import_id = IntegerField()
    person = IntegerField()
    number = IntegerField()
    reason = CharField()
    by_name = CharField()
    at = DateTimeField()

    class Meta:
        primary_key = CompositeKey("import_id", "person")
        without_rowid = True


MODELS: tuple[type[Model], ...] = (Import, ImportFile, StagedRow, KeptField, SparedExit)
STATEMENTS: tuple[str, ...] = ()
