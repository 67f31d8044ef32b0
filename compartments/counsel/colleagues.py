"""The counsellors of this office as its vault knows them: whom a case's key may be sealed to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.offices import OFFICER
from app.shared.models import Account
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
