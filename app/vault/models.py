"""Tables that every vault has: its keys, what it has pinned, what came and goes, and the colleagues' notes.

All of it lies inside the encrypted file. The compartment's own private keys are here and nowhere else.
"""

from __future__ import annotations

from peewee import (
    AutoField,
    BlobField,
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

from app.vault.context import any_vault


class VaultModel(Model):
    """Base of the tables that every vault has."""

    class Meta:
        database = any_vault
        legacy_table_names = False


class OwnKeys(VaultModel):
    """The compartment's private keys, newest epoch last; old ones still open what was sealed before a renewal."""

    epoch = IntegerField(primary_key=True)
    private_keys = BlobField()


class Pin(VaultModel):
    """The public keys of another compartment that this one relies on."""

    vault = CharField(primary_key=True)
    epoch = IntegerField()
    public_keys = BlobField()


class TrustedKey(VaultModel):
    """The public keys that this vault's key may be sealed to: those of colleagues admitted from inside, and the recovery key on paper.

    The shared layer has them too, but whoever can write there could exchange them before a renewal; here only officers write.
    ``holder`` is an account's id, or "recovery".
    """

    holder = CharField(primary_key=True, max_length=32)
    public_keys = BlobField()


class ImportedEnvelope(VaultModel):
    """An envelope that has been taken in. The row and what the envelope brought are written in one transaction."""

    id = CharField(primary_key=True, max_length=32)


class RefusedEnvelope(VaultModel):
    """An envelope that couldn't be opened or wasn't what it claimed; kept sealed, for the officers to see and decide.

    A broken one loses nothing before an officer says so: what lay beside it is kept, too.
    """

    id = CharField(primary_key=True, max_length=32)
    reason = CharField()
    ciphertext = BlobField()
    refused_at = DateTimeField()


class RefusedPiece(VaultModel):
    """A piece of what lay beside such an envelope (:mod:`app.pieces`)."""

    owner = ForeignKeyField(RefusedEnvelope, on_delete="CASCADE")
    number = IntegerField()
    ciphertext = BlobField()

    class Meta:
        primary_key = CompositeKey("owner", "number")


class Sequence(VaultModel):
    """The last number sent to, or received from, another compartment. A gap is an alarm."""

    vault = CharField()
    direction = CharField()
    number = IntegerField()

    class Meta:
        primary_key = CompositeKey("vault", "direction")


RECOVERED = "recovered"
"""The kind of alarm that notes, inside the vault, a use of its recovery shares. ``detail`` is the new first officer's assignment."""


class Alarm(VaultModel):
    """Something that officers must look at: a missing envelope, a refused one, a recovery."""

    id = AutoField()
    kind = CharField()
    detail = CharField()
    raised_at = DateTimeField()
    seen_by = CharField(null=True)


class Outgoing(VaultModel):
    """Something decided here that the shared layer must be told. Written with the decision, delivered after it, once."""

    id = CharField(primary_key=True, max_length=32)
    number = IntegerField(index=True)
    action = CharField()
    payload = BlobField()


class Notice(VaultModel):
    """A notice from another compartment; it stays in the inbox until an officer has dealt with it."""

    id = CharField(primary_key=True, max_length=32)
    sender = CharField()
    subject = CharField()
    text = TextField()
    author_name = CharField()
    sent_on = DateField()
    done_by = CharField(null=True)
    done_by_name = CharField(null=True)
    done_at = DateTimeField(null=True)


class Note(VaultModel):
    """A note to the colleagues of this compartment. ``entry_id`` is that of the form, so that a double click writes one note."""

    id = AutoField()
    entry_id = CharField(max_length=32, unique=True)
    author = CharField()
    author_name = CharField()
    text = TextField()
    written_at = DateTimeField(index=True)


class Proposal(VaultModel):
    """Something that an officer proposes and another one has to confirm before it is done. ``subject`` is JSON.

    ``open_about`` says what it is about while it is open, so that there is one open proposal per kind and matter; None afterwards.
    """

    id = CharField(primary_key=True, max_length=32)
    kind = CharField(index=True)
    open_about = CharField(null=True, unique=True)
    subject = TextField()
    summary = TextField()
    proposed_by = CharField()
    proposed_by_name = CharField()
    proposed_at = DateTimeField(index=True)
    state = CharField(
        default="open", constraints=[Check("state in ('open', 'confirmed', 'refused', 'stale')")], index=True
    )
    decided_by = CharField(null=True)
    decided_by_name = CharField(null=True)
    decided_at = DateTimeField(null=True)
    reason = TextField(default="")


class Job(VaultModel):
    """Long work that an officer has started. What is left of it stands in the compartment's own tables, not here.

    ``unfinished`` is kind and subject while the job is unfinished, so that nobody starts it a second time; None afterwards. Whether
    somebody is at it just now is not written here: a lock says so, which goes with the process (app.vault.locks).
    """

    id = CharField(primary_key=True, max_length=32)
    kind = CharField()
    subject = CharField()
    unfinished = CharField(null=True, unique=True)
    parameters = TextField()
    state = CharField(
        default="running", constraints=[Check("state in ('running', 'paused', 'done', 'failed')")], index=True
    )
    done = IntegerField(default=0)
    total = IntegerField(null=True)
    note = TextField(default="")
    started_by = CharField()
    started_by_name = CharField()
    started_at = DateTimeField(index=True)
    kept_by = CharField()
    kept_by_name = CharField()
    moved_at = DateTimeField()
    ended_at = DateTimeField(null=True)


class Release(VaultModel):
    """Figures of one type and period ("2026-11", "2026") as they went to the board. There is one release of each, and it never changes."""

    type = CharField()
    period = CharField(max_length=7)
    figures = TextField()
    released_by = TextField()
    released_on = DateField()

    class Meta:
        primary_key = CompositeKey("type", "period")


COMMON_MODELS: tuple[type[VaultModel], ...] = (
    OwnKeys,
    Pin,
    TrustedKey,
    ImportedEnvelope,
    RefusedEnvelope,
    RefusedPiece,
    Sequence,
    Alarm,
    Outgoing,
    Notice,
    Note,
    Proposal,
    Job,
    Release,
)

COMMON_STATEMENTS: tuple[str, ...] = tuple(
    f"""create trigger release_stays_{act} before {act} on "release"
    begin select raise(abort, 'what was released stays as it was'); end"""
    for act in ("update", "delete")
)
