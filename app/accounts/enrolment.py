"""Enrolment: a one-time code becomes an account, and only through a signed commitment. Knows no Flask.

Everything is one transaction: the signature, the account, the end of the code and, for a compartment's first officer, the grant. A crash leaves
either all of it or an unused code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from app import faultpoints
from app.accounts.names import checked_username
from app.config import Settings
from app.shared import acts, commitments
from app.shared.commitments import Shown
from app.shared.database import shared_database
from app.shared.dialect import serialise_writers, write_transaction
from app.shared.models import Account, Assignment, Enrolment, Grant, Vault
from keys.enrolment import code_id, open_under_code
from keys.errors import CannotOpen, MalformedCode
from keys.grants import seal_grant
from keys.identity import KeyPairs, PublicKeys
from keys.passphrase import account_context, assess, wrap
from keys.randomness import new_id
from keys.sealing import bind


class EnrolmentRefused(Exception):
    """No account can be made with this."""


class UnknownCode(EnrolmentRefused):
    """There is no such code, or what was typed is none."""


class UsedCode(EnrolmentRefused):
    """An account has been made with this code already."""


class ExpiredCode(EnrolmentRefused):
    """The code was valid once, or its appointment has ended."""


class CommitmentChanged(EnrolmentRefused):
    """Another text has come into force since this one was shown: it must be read and signed anew."""


class UsernameTaken(EnrolmentRefused):
    """Somebody else has this user name."""


class WeakPassphraseChosen(EnrolmentRefused):
    """The passphrase is too short, too long or too easy to guess; ``problem`` says which."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Invitation:
    """What a code is good for."""

    id: str
    assignment: str
    compartment: str
    role: str
    first: bool
    expires_on: date


@dataclass(frozen=True)
class Enrolled:
    """The account that was made. ``admitted`` is true for a compartment's first officer."""

    account: Account
    admitted: bool
    keys: KeyPairs = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """To be read out loud to the colleague who admits."""
        return self.keys.public.fingerprint()


@dataclass(frozen=True)
class Choices:
    """What somebody typed while enrolling. ``signed_name`` stands under the commitment, ``version`` is the text that was shown."""

    version: int
    language: str
    signed_name: str
    username: str
    display_name: str
    passphrase: str = field(repr=False)


def find(code: str, day: date) -> Invitation:
    """Return what ``code`` is good for; raises :class:`UnknownCode`, :class:`UsedCode` or :class:`ExpiredCode`."""
    try:
        code_hash = code_id(code)
    except MalformedCode as error:
        raise UnknownCode("no code") from error
    row = Enrolment.select(Enrolment, Assignment).join(Assignment).where(Enrolment.id == code_hash).first()
    if row is None:
        raise UnknownCode("no such code")
    if row.used_on is not None:
        raise UsedCode("an account has been made with this code")
    assignment = row.assignment
    if (
        row.expires_on < day
        or assignment.state == "ended"
        or (assignment.ends_on and assignment.ends_on < day)
    ):
        raise ExpiredCode("the code or its appointment is over")
    return Invitation(
        row.id,
        assignment.id,
        assignment.compartment,
        assignment.role,
        row.first_grant is not None,
        row.expires_on,
    )


def check_passphrase(passphrase: str, *words: str) -> None:
    """Judge a new passphrase; ``words`` are what others know its owner by. Raises :class:`WeakPassphraseChosen`."""
    assessment = assess(passphrase, words)
    if not assessment.acceptable:
        raise WeakPassphraseChosen(assessment.problem or "guessable")


def is_free(username: str) -> bool:
    """Whether no living account has this user name (in its normal form)."""
    return not Account.select().where(Account.username == username, Account.state != "ended").exists()


def enrol(code: str, choices: Choices, settings: Settings, day: date) -> Enrolled:
    """Make the account that ``code`` is for. Raises an :class:`EnrolmentRefused` or :class:`~app.accounts.names.BadUsername`."""
    username = checked_username(choices.username)
    invitation = find(code, day)
    check_passphrase(
        choices.passphrase,
        username,
        choices.display_name,
        choices.signed_name,
        settings.organisation,
        invitation.compartment,
    )
    keys, account_id = KeyPairs.generate(), new_id()
    # Argon2 takes its time; the write lock is not held for it.
    wrapped = wrap(
        keys.to_bytes(), choices.passphrase, context=account_context(account_id), policy=settings.argon2
    )
    with write_transaction(shared_database):
        serialise_writers(shared_database, f"enrolment {invitation.id}")
        invitation = find(code, day)
        shown = commitments.in_force(choices.language, day)
        if shown.version != choices.version:
            raise CommitmentChanged("another version is in force")
        if not is_free(username):
            raise UsernameTaken(username)
        account = _create(
            account_id, invitation, shown, choices, keys=keys, username=username, wrapped=wrapped, day=day
        )
        faultpoints.reached("enrolment.after-account")
        if invitation.first:
            _admit_first(account, invitation, code, keys.public, day)
        Enrolment.update(used_on=day, first_grant=None).where(Enrolment.id == invitation.id).execute()
        faultpoints.reached("enrolment.before-commit")
    faultpoints.reached("enrolment.after-commit")
    return Enrolled(account, invitation.first, keys)


def _create(
    account_id: str,
    invitation: Invitation,
    shown: Shown,
    choices: Choices,
    *,
    keys: KeyPairs,
    username: str,
    wrapped: bytes,
    day: date,
) -> Account:
    commitment = commitments.sign(
        shown, assignment=invitation.assignment, name=choices.signed_name, keys=keys, day=day
    )
    faultpoints.reached("enrolment.after-commitment")
    account = Account.create(
        id=account_id,
        assignment=invitation.assignment,
        commitment=commitment,
        compartment=invitation.compartment,
        role=invitation.role,
        username=username,
        display_name=choices.display_name,
        language=choices.language,
        public_keys=keys.public.to_bytes(),
        wrapped_keys=wrapped,
        enrolled_on=day,
    )
    acts.record(acts.Kind.ENROLLED, compartment=invitation.compartment, actor=account_id, subject=account_id)
    return account


def _admit_first(account: Account, invitation: Invitation, code: str, public: PublicKeys, day: date) -> None:
    """The first officer has nobody to be admitted by: the code itself carries the vault's key."""
    vault = Vault.get(Vault.kind == invitation.compartment)
    sealed = Enrolment.get_by_id(invitation.id).first_grant
    try:
        vault_key = open_under_code(
            bytes(sealed or b""), code, info=bind("first-grant", vault.name, vault.epoch)
        )
    except CannotOpen as error:
        raise ExpiredCode("the vault's key has been renewed since this code was made") from error
    Grant.create(
        account=account,
        vault=vault,
        epoch=vault.epoch,
        sealed_key=seal_grant(
            vault_key, vault=vault.name, epoch=vault.epoch, account=account.id, to=public.sealing
        ),
        granted_by=None,
        granted_on=day,
    )
    account.renews_keys = _is_recovered(invitation.compartment)
    Account.update(state="active", renews_keys=account.renews_keys).where(Account.id == account.id).execute()
    Assignment.update(state="active").where(Assignment.id == invitation.assignment).execute()
    account.state = "active"
    acts.record(acts.Kind.ADMITTED, compartment=invitation.compartment, actor=None, subject=account.id)


def _is_recovered(compartment: str) -> bool:
    """Whether the vault's key has been opened with the paper shares, and hasn't been renewed since."""
    used = acts.last(compartment, acts.Kind.RECOVERED)
    renewed = acts.last(compartment, acts.Kind.KEYS_ROTATED)
    return used is not None and (renewed is None or renewed.number < used.number)
