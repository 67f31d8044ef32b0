"""The counsellors of this office as its vault knows them: whom a case's key may be sealed to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.offices import OFFICER
from app.shared.assignments import root
from app.shared.models import Account, Assignment
from app.vault import trust
from app.vault.trust import ExchangedKeys
from keys.identity import PublicKeys
from keys.sealing import SealingKey


@dataclass(frozen=True)
class Colleague:
    """An active counsellor, with the key that was noted when they were admitted."""

    account: str
    name: str
    public_keys: PublicKeys = field(repr=False)

    @property
    def sealing_key(self) -> SealingKey:
        """What is sealed to them."""
        return self.public_keys.sealing


def ended(accounts: Iterable[str]) -> set[str]:
    """Return those of ``accounts`` that have ended, for good. Who is only missing at present, since their keys look exchanged, isn't among them."""
    wanted = list(accounts)
    known = Account.select(Account.id).where(Account.id.in_(wanted), Account.state != "ended")
    return set(wanted) - {account.id for account in known}


def same_people(accounts: Iterable[str]) -> set[str]:
    """Return all accounts of those who hold, or have held, one of ``accounts``: a new term is a new account of the same person."""
    wanted = list(accounts)
    if not wanted:
        return set()
    rows = Account.select(Account, Assignment).join(Assignment).where(Account.compartment == "counsel")
    people = {row.id: root(row.assignment.person_id) for row in rows}
    known = {people[account] for account in wanted if account in people}
    return set(wanted) | {account for account, person in people.items() if person in known}


def colleagues() -> Mapping[str, Colleague]:
    """Return the active counsellors by account. Somebody whose published keys aren't those known here is left out: they were exchanged."""
    found = {}
    rows = Account.select().where(
        Account.compartment == "counsel", Account.state == "active", Account.role == OFFICER
    )
    for account in rows.order_by(Account.display_name, Account.id):
        keys = bytes(account.public_keys)
        try:
            trust.check(account.id, keys)
        except ExchangedKeys:
            continue
        found[account.id] = Colleague(account.id, account.display_name, PublicKeys.from_bytes(keys))
    return found
