"""Admission: an officer who holds a vault's key seals it to a colleague of the same compartment. Nobody else can.

Before that the colleague's signature under the commitment is verified with the very keys that are sealed to. Two officers admitting at once
make one grant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from app import faultpoints
from app.offices import OFFICER
from app.shared import acts, commitments
from app.shared.commitments import CommitmentNotSigned
from app.shared.database import shared_database
from app.shared.dialect import serialise_writers, write_transaction
from app.shared.models import Account, Assignment, Commitment, Grant, Vault, VaultEpoch
from app.shared.sessions import OfficerSession
from app.vault.context import current_vault
from app.vault.trust import trust
from keys.errors import MalformedKey
from keys.grants import open_grant, seal_grant
from keys.identity import PublicKeys


class AdmissionRefused(Exception):
    """This account can't be admitted, or not by this officer."""


class AlreadyAdmitted(AdmissionRefused):
    """A colleague was faster; there is nothing left to do."""


class NotWaiting(AdmissionRefused):
    """The account isn't waiting in this compartment: it has ended, or is another one's."""


class NotYetInOffice(AdmissionRefused):
    """The term begins later; ``starts_on`` says when."""

    def __init__(self, starts_on: date) -> None:
        super().__init__(starts_on.isoformat())
        self.starts_on = starts_on


@dataclass(frozen=True)
class Candidate:
    """Somebody who has enrolled and waits. ``signed`` tells whether the commitment verifies; ``fingerprint`` is to be compared by voice."""

    account: str
    display_name: str
    username: str
    role: str
    enrolled_on: date
    starts_on: date
    fingerprint: str
    signed_name: str
    signed_on: date
    version: int
    signed: bool


def candidates(compartment: str) -> list[Candidate]:
    """Return who waits for admission to ``compartment``, oldest first."""
    return [
        _candidate(account) for account in _waiting(compartment).order_by(Account.enrolled_on, Account.id)
    ]


def waiting(compartment: str) -> int:
    """Return how many wait for admission to ``compartment``."""
    return int(
        Account.select().where(Account.compartment == compartment, Account.state == "enrolled").count()
    )


def candidate(account_id: str, compartment: str) -> Candidate:
    """Return one of them; raises :class:`AlreadyAdmitted` or :class:`NotWaiting`."""
    return _candidate(_still_waiting(account_id, compartment))


def admit(account_id: str, *, by: OfficerSession, day: date) -> None:
    """Give the account the keys of the compartment's vaults that ``by`` holds; raises an :class:`AdmissionRefused`.

    Call it with the vault open: the keys that are sealed to are noted inside, for later renewals. Raises
    :class:`~app.shared.commitments.CommitmentNotSigned` where the commitment doesn't verify with the account's keys.
    """
    if current_vault().kind != by.compartment:
        raise AdmissionRefused("another compartment's vault is open")
    trust(by.account.id, by.keys.public.to_bytes())
    with write_transaction(shared_database):
        serialise_writers(shared_database, f"access {by.compartment}")
        _may_admit(by)
        account = _still_waiting(account_id, by.compartment)
        if account.assignment.starts_on > day:
            raise NotYetInOffice(account.assignment.starts_on)
        if account.assignment.ends_on is not None and account.assignment.ends_on < day:
            raise NotWaiting("the term is over")
        public = _verified_keys(account)
        trust(account.id, public.to_bytes())
        _grant(account, public, by, day)
        faultpoints.reached("admission.after-grant")
        Account.update(state="active").where(Account.id == account.id).execute()
        Assignment.update(state="active").where(Assignment.id == account.assignment_id).execute()
        acts.record(acts.Kind.ADMITTED, compartment=by.compartment, actor=by.account.id, subject=account.id)
        faultpoints.reached("admission.before-commit")
    faultpoints.reached("admission.after-commit")


def _waiting(compartment: str) -> Any:
    return (
        Account.select(Account, Assignment, Commitment)
        .join(Assignment)
        .switch(Account)
        .join(Commitment)
        .where(Account.compartment == compartment, Account.state == "enrolled")
    )


def _still_waiting(account_id: str, compartment: str) -> Account:
    account: Account | None = _waiting(compartment).where(Account.id == account_id).first()
    if account is not None and account.assignment.state == "appointed":
        return account
    if (
        Account.select()
        .where(Account.id == account_id, Account.compartment == compartment, Account.state == "active")
        .exists()
    ):
        raise AlreadyAdmitted(account_id)
    raise NotWaiting(account_id)


def _may_admit(by: OfficerSession) -> None:
    now = Account.get_by_id(by.account.id)
    if now.state != "active" or now.role != OFFICER:
        raise AdmissionRefused("only an officer who has been admitted admits")


def _verified_keys(account: Account) -> PublicKeys:
    """The public keys to seal to; raises :class:`CommitmentNotSigned`."""
    try:
        public = PublicKeys.from_bytes(bytes(account.public_keys))
    except MalformedKey as error:
        raise CommitmentNotSigned("the account's keys are none") from error
    commitment = account.commitment
    commitments.verify(commitment, public)
    if commitment.assignment_id != account.assignment_id:
        raise CommitmentNotSigned("the commitment is another assignment's")
    if commitments.in_force(commitment.language, commitment.signed_on).version != commitment.version_id:
        raise CommitmentNotSigned("the text wasn't in force on the day of the signature")
    return public


def _grant(account: Account, public: PublicKeys, by: OfficerSession, day: date) -> None:
    """The active key of each vault, and the pending one while a rotation is under way."""
    held = (
        Grant.select(Grant)
        .join(Vault)
        .switch(Grant)
        .join(VaultEpoch, on=(VaultEpoch.vault == Grant.vault) & (VaultEpoch.epoch == Grant.epoch))
        .where(
            Grant.account == by.account.id,
            Vault.kind == by.compartment,
            VaultEpoch.state.in_(("active", "pending")),
        )
    )
    grants = list(held)
    if not grants:
        raise AdmissionRefused("who holds no key can't pass one on")
    for grant in grants:
        vault, epoch = grant.vault_id, grant.epoch
        key = open_grant(
            bytes(grant.sealed_key), vault=vault, epoch=epoch, account=by.account.id, keys=by.keys.sealing
        )
        Grant.create(
            account=account,
            vault=vault,
            epoch=epoch,
            sealed_key=seal_grant(key, vault=vault, epoch=epoch, account=account.id, to=public.sealing),
            granted_by=by.account.id,
            granted_on=day,
        )


def _candidate(account: Account) -> Candidate:
    commitment = account.commitment
    try:
        fingerprint, signed = _verified_keys(account).fingerprint(), True
    except CommitmentNotSigned:
        fingerprint, signed = "", False
    return Candidate(
        account=account.id,
        display_name=account.display_name,
        username=account.username,
        role=account.role,
        enrolled_on=account.enrolled_on,
        starts_on=account.assignment.starts_on,
        fingerprint=fingerprint,
        signed_name=commitment.signed_name,
        signed_on=commitment.signed_on,
        version=commitment.version_id,
        signed=signed,
    )
