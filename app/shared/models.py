"""Tables of the shared layer. Public facts, office facts and ciphertext: no content, no applicant, no member, no IP address.

Every column is classed (see :mod:`app.shared.fields`). Identifiers are random 128-bit values in hex, so that none tells an
order. Days are coarse on purpose: where a time is not needed, there is none.
"""

from __future__ import annotations

from peewee import (
    SQL,
    BlobField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
)

from app.shared.base import SharedModel
from app.shared.claim_models import CLAIM_MODELS
from app.shared.counsel_models import COUNSEL_MODELS
from app.shared.draft_models import DRAFT_MODELS
from app.shared.fields import JSONText, officers, public, sealed
from app.shared.page_models import PAGE_MODELS


class Posting(SharedModel):
    """A vacancy. ``texts`` is ``{"de": {"title", "summary", ...}, "en": {...}}``; ``max_seats`` None is open-ended."""

    slug = public(CharField(primary_key=True, max_length=80))
    state = public(
        CharField(default="draft", constraints=[Check("state in ('draft', 'published', 'closed')")])
    )
    compartment = public(CharField(null=True))
    role = public(CharField(default="officer"))
    employed = public(BooleanField(default=False))
    min_seats = public(IntegerField(default=1, constraints=[Check("min_seats >= 0")]))
    max_seats = public(IntegerField(null=True))
    seats_wording = public(CharField(default="plus"))
    filled_before = public(IntegerField(default=0))
    deadline = public(DateField(null=True))
    first_deadline = public(DateField(null=True))
    term_months = public(IntegerField(null=True))
    reports_to = public(CharField(default=""))
    texts = public(JSONText())
    requirements = public(JSONText(default=list))
    questions = public(JSONText(default=list))
    stages = officers(JSONText(default=list))
    published_on = public(DateField(null=True))
    revision = officers(IntegerField(default=1))

    class Meta:
        constraints = [Check("max_seats is null or max_seats >= min_seats")]


class Person(SharedModel):
    """A human being as the separation rules see one: a random identifier. The name stands in the board's vault."""

    id = officers(CharField(primary_key=True, max_length=32))
    merged_into = officers(ForeignKeyField("self", null=True))
    merged_into_id: str | None


class Assignment(SharedModel):
    """Who holds which office, from when to when. Its compartment never changes (trigger)."""

    id = officers(CharField(primary_key=True, max_length=32))
    person = officers(ForeignKeyField(Person, backref="assignments"))
    person_id: str
    posting = officers(ForeignKeyField(Posting, null=True, backref="assignments"))
    posting_id: str | None
    compartment = officers(CharField(null=True))
    role = officers(CharField(default="officer"))
    state = officers(
        CharField(default="appointed", constraints=[Check("state in ('appointed', 'active', 'ended')")])
    )
    appointed_on = officers(DateField())
    starts_on = officers(DateField())
    ends_on = officers(DateField(null=True))
    ended_on = officers(DateField(null=True))


class CommitmentText(SharedModel):
    """A version of the confidentiality commitment. Texts are never edited, only followed by another version."""

    version = public(IntegerField(primary_key=True))
    texts = public(JSONText())
    in_force_from = public(DateField())


class Enrolment(SharedModel):
    """A one-time right to make an account for one assignment; ``id`` is the hash of a code that is stored nowhere.

    ``first_grant`` is set for a compartment's first officer only: the vault key, sealed under the code. A used code keeps its row
    without it, so that a second click is told what has happened.
    """

    id = sealed(CharField(primary_key=True, max_length=64))
    assignment = officers(ForeignKeyField(Assignment, unique=True, backref="enrolments"))
    assignment_id: str
    first_grant = sealed(BlobField(null=True))
    expires_on = officers(DateField())
    used_on = officers(DateField(null=True))


class Commitment(SharedModel):
    """A signature under a commitment: made with the key of the account that it lets come into being."""

    id = officers(CharField(primary_key=True, max_length=32))
    assignment = officers(ForeignKeyField(Assignment, unique=True))
    assignment_id: str
    version = officers(ForeignKeyField(CommitmentText))
    version_id: int
    language = officers(CharField(max_length=2))
    text_sha256 = officers(CharField(max_length=64))
    signed_name = officers(CharField())
    signed_on = officers(DateField())
    signature = officers(BlobField())


class Account(SharedModel):
    """An officer's account: one assignment, one compartment, for ever. Holds wrapped keys and a sealed second factor, never a hash of a
    passphrase. ``renews_keys``: the recovery shares let it in, so its first opening renews the vault's keys.
    """

    id = officers(CharField(primary_key=True, max_length=32))
    assignment = officers(ForeignKeyField(Assignment, unique=True, backref="accounts"))
    assignment_id: str
    commitment = officers(ForeignKeyField(Commitment, unique=True))
    commitment_id: str
    compartment = officers(CharField())
    role = officers(CharField())
    username = officers(CharField(max_length=64))
    display_name = officers(CharField())
    language = officers(CharField(max_length=2, default="de"))
    state = officers(
        CharField(default="enrolled", constraints=[Check("state in ('enrolled', 'active', 'ended')")])
    )
    public_keys = officers(BlobField())
    wrapped_keys = sealed(BlobField())
    second_factor = sealed(BlobField(null=True))
    enrolled_on = officers(DateField())
    failed_attempts = officers(IntegerField(default=0))
    locked_until = officers(DateTimeField(null=True))
    renews_keys = officers(BooleanField(default=False))


class Vault(SharedModel):
    """A vault and the epoch of its key that is in force."""

    name = officers(CharField(primary_key=True))
    kind = officers(CharField())
    epoch = officers(IntegerField())
    recovery_key = sealed(BlobField())


class VaultEpoch(SharedModel):
    """One key of a vault: pending while a rotation is under way, then active, then retired; sealed for recovery."""

    vault = officers(ForeignKeyField(Vault))
    vault_id: str
    epoch = officers(IntegerField())
    state = officers(CharField(constraints=[Check("state in ('pending', 'active', 'retired')")]))
    recovery = sealed(BlobField())

    class Meta:
        primary_key = CompositeKey("vault", "epoch")


class CompartmentKey(SharedModel):
    """The public keys of a compartment; each is signed by the one before, the first is pinned in the instance."""

    vault = public(ForeignKeyField(Vault))
    vault_id: str
    epoch = public(IntegerField())
    public_keys = public(BlobField())
    signature = public(BlobField(null=True))

    class Meta:
        primary_key = CompositeKey("vault", "epoch")


class Grant(SharedModel):
    """A vault key of one epoch, sealed to one officer's public key. Its vault must be of the account's compartment (trigger)."""

    account = officers(ForeignKeyField(Account, backref="grants"))
    account_id: str
    vault = officers(ForeignKeyField(Vault))
    vault_id: str
    epoch = officers(IntegerField())
    sealed_key = sealed(BlobField())
    granted_by = officers(ForeignKeyField(Account, null=True, backref="granted"))
    granted_by_id: str | None
    granted_on = officers(DateField())

    class Meta:
        primary_key = CompositeKey("account", "vault", "epoch")


class Session(SharedModel):
    """A log-in. ``id`` is the hash of the cookie's token; ``blob`` the officer's private keys, sealed under it; ``nonce`` for a passkey, once."""

    id = sealed(CharField(primary_key=True, max_length=64))
    account = officers(ForeignKeyField(Account, backref="sessions", on_delete="CASCADE"))
    account_id: str
    stage = officers(CharField(constraints=[Check("stage in ('second-factor', 'full')")]))
    blob = sealed(BlobField())
    created_at = officers(DateTimeField())
    seen_at = officers(DateTimeField())
    stepped_up_at = officers(DateTimeField(null=True))
    nonce = sealed(BlobField(null=True))


class Envelope(SharedModel):
    """A sealed envelope on its way. Who sent it and what kind it is stands inside."""

    id = sealed(CharField(primary_key=True, max_length=32))
    recipient = officers(CharField(index=True))
    # Before the ciphertext: SQLite comes to what stands behind it only through all of its pages.
    day = officers(DateField())
    ciphertext = sealed(BlobField())


class EnvelopePiece(SharedModel):
    """A piece of the files that are too large to lie in the envelope itself (:mod:`app.pieces`)."""

    owner = sealed(ForeignKeyField(Envelope, on_delete="CASCADE"))
    number = officers(IntegerField())
    ciphertext = sealed(BlobField())

    class Meta:
        primary_key = CompositeKey("owner", "number")


class Mailbox(SharedModel):
    """Where answers to somebody without an account are put. The server keeps neither the code nor the key."""

    id = sealed(CharField(primary_key=True, max_length=32))
    sealing_key = sealed(BlobField())
    expires_on = officers(DateField())


class MailboxMessage(SharedModel):
    """One answer, sealed to the mailbox's public key, or the owner's copy of what they sent, sealed under a key from the code; padded."""

    id = sealed(CharField(primary_key=True, max_length=32))
    mailbox = sealed(ForeignKeyField(Mailbox, backref="messages", on_delete="CASCADE"))
    mailbox_id: str
    ciphertext = sealed(BlobField())
    day = officers(DateField())


class Act(SharedModel):
    """The append-only log of acts: what was done to access and keys, by whom, without content. Hash-chained."""

    number = officers(IntegerField(primary_key=True))
    at = officers(DateTimeField())
    compartment = officers(CharField(null=True, index=True))
    actor = officers(CharField(null=True, max_length=32))
    act = officers(CharField())
    subject = officers(CharField(null=True))
    link = sealed(BlobField())


ONE_LIVE_NAME = Account.index(Account.username, unique=True, where=SQL("state <> 'ended'"))
Account.add_index(ONE_LIVE_NAME)

MODELS: tuple[type[SharedModel], ...] = (
    Posting,
    Person,
    Assignment,
    CommitmentText,
    Enrolment,
    Commitment,
    Account,
    Vault,
    VaultEpoch,
    CompartmentKey,
    Grant,
    Session,
    Envelope,
    EnvelopePiece,
    Mailbox,
    MailboxMessage,
    *CLAIM_MODELS,
    *COUNSEL_MODELS,
    *DRAFT_MODELS,
    *PAGE_MODELS,
    Act,
)
