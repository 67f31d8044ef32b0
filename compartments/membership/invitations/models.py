"""Tables of reference keys, invitation runs, and what came back undelivered. Of one key, only days: a time would line up with other offices'.

A key is stored by itself, without a number, so that rows lie in the order of the keys, which is none.
"""

from __future__ import annotations

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from compartments.membership.tables import MembershipModel, Person

FREE, ASSIGNED, DEACTIVATED = "free", "assigned", "deactivated"
KEY_STATES = (FREE, ASSIGNED, DEACTIVATED)
DEACTIVATION_REASONS = ("lost", "exit", "undeliverable", "unclear", "other")

WAITING, SENDING, DATA, SENT = "waiting", "sending", "data", "sent"
UNCLEAR, REFUSED, UNREACHED, SKIPPED, BOUNCED = "unclear", "refused", "unreached", "skipped", "bounced"
REPLACED = "replaced"
MAIL_STATES = (
    WAITING,
    SENDING,
    DATA,
    SENT,
    UNCLEAR,
    REFUSED,
    UNREACHED,
    SKIPPED,
    BOUNCED,
    REPLACED,
)
"""``sending``: the address is being offered to the server. ``data``: the text may be on its way. ``unclear``: it was, and no answer came."""


class KeyRequest(MembershipModel):
    """What was asked of the clearing office."""

    id = CharField(primary_key=True, max_length=32)
    count = IntegerField(constraints=[Check("count > 0")])
    asked_on = DateField()
    asked_by_name = CharField()
    arrived = IntegerField(default=0)
    arrived_on = DateField(null=True)


class ReferenceKey(MembershipModel):
    """A reference key. ``exposed``: it has left this office, so it never goes to anybody else.

    ``owner_left``: its person has an exit (perhaps a coming one) or was erased; triggers keep it, so that every page can ask for it.
    """

    key = CharField(primary_key=True, max_length=32)
    key_set = CharField(max_length=64)
    state = CharField(default=FREE, constraints=[Check(f"state in {KEY_STATES!r}")], index=True)
    person_id: int | None
    person = ForeignKeyField(Person, null=True, backref="reference_keys", on_delete="SET NULL")
    exposed = BooleanField(default=False)
    owner_left = BooleanField(default=False, index=True)
    assigned_on = DateField(null=True)
    deactivated_on = DateField(null=True)
    reason = CharField(null=True, constraints=[Check(f"reason in {DEACTIVATION_REASONS!r}")])

    class Meta:
        without_rowid = True


class InvitationRun(MembershipModel):
    """One run: a contingent of members, each with a key of their own. ``id`` is that of the form that prepared it."""

    id = CharField(primary_key=True, max_length=32)
    number = IntegerField(unique=True)
    contingent = IntegerField()
    per_minute = IntegerField(constraints=[Check("per_minute > 0")])
    prepared_on = DateField()
    prepared_by_name = CharField()


class Invitation(MembershipModel):
    """The decision to invite one member with one key: at most one mail, ever. ``token`` names the mail to whoever returns it, and nothing else."""

    id = AutoField()
    run = ForeignKeyField(InvitationRun, backref="invitations", on_delete="RESTRICT")
    person_id: int | None
    person = ForeignKeyField(Person, null=True, backref="invitations", on_delete="SET NULL")
    key_id: str | None
    key = ForeignKeyField(ReferenceKey, null=True, on_delete="SET NULL")
    token = CharField(max_length=32, unique=True)
    state = CharField(default=WAITING, constraints=[Check(f"state in {MAIL_STATES!r}")], index=True)
    attempts = IntegerField(default=0)
    next_try = DateTimeField(null=True)
    code = CharField(default="", max_length=40)
    settled_on = DateField(null=True)
    settled_by_name = CharField(default="")

    class Meta:
        indexes = ((("run", "state"), False),)


class AddressHold(MembershipModel):
    """Nothing is mailed to this person while this is their address. Another address lifts it by itself."""

    person = ForeignKeyField(Person, primary_key=True, on_delete="CASCADE")
    email = CharField(max_length=254)
    reason = CharField(max_length=40)
    since = DateField()


class MailText(MembershipModel):
    """The wording of a mail that the office has written itself; without a row the program's own holds."""

    language = CharField(primary_key=True, max_length=2)
    subject = CharField(max_length=200)
    text = TextField()


MODELS: tuple[type[Model], ...] = (
    KeyRequest,
    ReferenceKey,
    InvitationRun,
    Invitation,
    AddressHold,
    MailText,
)
ENDED_BY_EXIT = "reason = 'exit' and not owner_left and exposed"
"""A deactivated key that a list of leavers has ended, of somebody who has no exit any more and was mailed it: whoever wasn't, is invited with
the next run. In words that the index below understands.
"""
_OWNER_LEFT = "update reference_key set owner_left = (new.left_on is not null) where person_id = new.id"
_OWNER_GOES = "update reference_key set owner_left = 1 where person_id = old.id"
_NEW_OWNER = (
    "update reference_key set owner_left = (select left_on is not null from person where id = new.person_id)"
    " where key = new.key"
)
STATEMENTS: tuple[str, ...] = (
    f"create trigger key_owner_leaves after update of left_on on person begin {_OWNER_LEFT}; end",
    f"create trigger key_owner_goes before delete on person begin {_OWNER_GOES}; end",
    f"create trigger key_gets_owner after update of person_id on reference_key when new.person_id is not null begin {_NEW_OWNER}; end",
    # Few have left and come back; every page asks for them.
    f"create index key_ended_by_mistake on reference_key (person_id) where {ENDED_BY_EXIT}",
    # Nobody has two keys that are good, whoever runs what at the same time.
    "create unique index one_living_key on reference_key (person_id) where person_id is not null and state = 'assigned'",
    # A key is in one decision at a time.
    "create unique index one_open_decision on invitation (key_id) where state in ('waiting', 'sending', 'data')",
)
