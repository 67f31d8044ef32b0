"""Who has access to a compartment, and ending it. Knows no Flask; admission itself is in :mod:`app.shared.admission`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.offices import OFFICER
from app.shared import acts, assignments
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.models import Account, Assignment, Grant
from app.shared.sessions import OfficerSession
from keys.errors import MalformedKey
from keys.identity import PublicKeys


class NoSuchColleague(LookupError):
    """There is no such account in this compartment, or its access has ended."""


class CannotEnd(Exception):
    """This access isn't to be ended this way; ``reason`` is "self" or "last"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Colleague:
    """Somebody who holds the compartment's key. ``admitted_by`` is None for the first officer, who came with a code."""

    account: str
    display_name: str
    username: str
    role: str
    since: date
    ends_on: date | None
    admitted_by: str | None
    fingerprint: str
    second_factor: bool


def colleagues(compartment: str) -> list[Colleague]:
    """Return who has access, by name."""
    rows = (
        Account.select(Account, Assignment)
        .join(Assignment)
        .where(Account.compartment == compartment, Account.state == "active")
        .order_by(Account.display_name, Account.id)
    )
    return [_colleague(account) for account in rows]


def colleague(account_id: str, compartment: str) -> Colleague:
    """Return one of them; raises :class:`NoSuchColleague`."""
    return _colleague(_account(account_id, compartment, "active"))


def others_who_decide(compartment: str, account_id: str) -> int:
    """Return how many officers, juniors not among them, have access besides this one: those who could confirm what this one proposes."""
    others = Account.select().where(
        Account.compartment == compartment,
        Account.state == "active",
        Account.role == OFFICER,
        Account.id != account_id,
    )
    return int(others.count())


def end_access(account_id: str, *, by: OfficerSession, day: date) -> bool:
    """End a colleague's access, or that of somebody who waits, at once; return whether keys have to be renewed now.

    Raises :class:`NoSuchColleague`, and :class:`CannotEnd` for one's own access and for that of the last officer: nobody could open the vault.
    """
    account = _account(account_id, by.compartment, "active", "enrolled")
    if account.id == by.account.id:
        raise CannotEnd("self")
    if not others_who_decide(by.compartment, account.id):
        raise CannotEnd("last")
    held = Grant.select().where(Grant.account == account).exists()
    assignments.end(account.assignment_id, day=day, actor=by.account.id)
    return bool(held)


def reset_second_factor(account_id: str, *, by: OfficerSession) -> None:
    """Take a lost second factor off a colleague's account; raises :class:`NoSuchColleague`, :class:`CannotEnd` for one's own."""
    account = _account(account_id, by.compartment, "active", "enrolled")
    if account.id == by.account.id:
        raise CannotEnd("self")
    with write_transaction(shared_database):
        Account.update(second_factor=None).where(Account.id == account.id).execute()
        acts.record(
            acts.Kind.SECOND_FACTOR_RESET,
            compartment=by.compartment,
            actor=by.account.id,
            subject=account.id,
        )


def _account(account_id: str, compartment: str, *states: str) -> Account:
    account: Account | None = Account.get_or_none(
        Account.id == account_id, Account.compartment == compartment, Account.state.in_(states)
    )
    if account is None:
        raise NoSuchColleague(account_id)
    return account


def _colleague(account: Account) -> Colleague:
    first = Grant.select().where(Grant.account == account).order_by(Grant.epoch).first()
    admitted = acts.of_subject(account.id, acts.Kind.ADMITTED)
    admitter = Account.get_or_none(Account.id == admitted.actor) if admitted and admitted.actor else None
    return Colleague(
        account=account.id,
        display_name=account.display_name,
        username=account.username,
        role=account.role,
        since=admitted.at.date() if admitted else first.granted_on if first else account.enrolled_on,
        ends_on=account.assignment.ends_on,
        admitted_by=admitter.display_name if admitter else None,
        fingerprint=_fingerprint(account),
        second_factor=account.second_factor is not None,
    )


def _fingerprint(account: Account) -> str:
    try:
        return PublicKeys.from_bytes(bytes(account.public_keys)).fingerprint()
    except MalformedKey:
        return ""
