"""Tables of cases. What a row says in clear is all that a counsellor who was left out, or the board with everything in hand, learns:
that there is a case, since when, when it last moved, whether it is open, whether a letter came for it since it was closed, when it will be erased,
and how much was written.
"""

from __future__ import annotations

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
)

from compartments.counsel.tables import CounselModel

OPEN, CLOSED = "open", "closed"


class Case(CounselModel):
    """A case. ``epoch`` numbers its key; ``renew`` says that a reader has left and that the next one has to change the key.

    ``woken``: a letter was opened since it was closed. It isn't taken back when somebody has read it: that stands inside only.
    """

    id = CharField(primary_key=True, max_length=32)
    epoch = IntegerField(default=1)
    renew = BooleanField(default=False)
    state = CharField(default=OPEN, index=True, constraints=[Check(f"state in ('{OPEN}', '{CLOSED}')")])
    opened_on = DateField()
    changed_on = DateField(index=True)
    closed_on = DateField(null=True)
    woken = BooleanField(default=False, index=True)
    erase_on = DateField(null=True, index=True)

    @property
    def number(self) -> int:
        """By what a case is called while it has no name: three digits that follow from its id, and say nothing."""
        return int(str(self.id)[:8], 16) % 900 + 100


class CaseSlot(CounselModel):
    """The case's key for one reader, or for nobody. Nothing here tells whose a slot is, or how many open for somebody."""

    id = AutoField()
    case = ForeignKeyField(Case, backref="slots", on_delete="CASCADE")
    case_id: str
    sealed = BlobField()


class CaseEntry(CounselModel):
    """Something in a case, sealed under its key: kind, author, time and content are inside."""

    id = CharField(primary_key=True, max_length=32)
    case = ForeignKeyField(Case, backref="entries", on_delete="CASCADE")
    case_id: str
    version = IntegerField(default=1)
    sealed = BlobField()


class CaseEntryPiece(CounselModel):
    """A piece of an entry's large files (:mod:`app.pieces`): whoever looks at the case reads their names, and not them."""

    owner = ForeignKeyField(CaseEntry, on_delete="CASCADE")
    number = IntegerField()
    ciphertext = BlobField()

    class Meta:
        primary_key = CompositeKey("owner", "number")


class CaseLetter(CounselModel):
    """What has come in for a case and waits for the first of its readers. ``id`` is the envelope's. ``refused`` says why it couldn't be
    opened, where one of them has tried: it is kept as it came.
    """

    id = CharField(primary_key=True, max_length=32)
    case = ForeignKeyField(Case, backref="letters", on_delete="CASCADE")
    case_id: str
    opens = BooleanField(default=False)
    received_on = DateField()
    refused = CharField(default="")
    sealed = BlobField()


class CaseLetterPiece(CounselModel):
    """A piece of the large files that came beside such a letter (:mod:`app.pieces`)."""

    owner = ForeignKeyField(CaseLetter, on_delete="CASCADE")
    number = IntegerField()
    ciphertext = BlobField()

    class Meta:
        primary_key = CompositeKey("owner", "number")


class Keyring(CounselModel):
    """Which cases an officer reads, with their keys, under a key that follows from the officer's own."""

    account = CharField(primary_key=True, max_length=32)
    sealed = BlobField()


class ReadsAlone(CounselModel):
    """How many cases nobody but this officer reads, as of their last visit: what a colleague who ends their access has to know."""

    account = CharField(primary_key=True, max_length=32)
    cases = IntegerField()
    counted_on = DateField()


MODELS = (
    Case,
    CaseSlot,
    CaseEntry,
    CaseEntryPiece,
    CaseLetter,
    CaseLetterPiece,
    Keyring,
    ReadsAlone,
)
