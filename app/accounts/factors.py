"""What an account's second factor is: the secret of an authenticator app, passkeys, or both, in one record. Knows no Flask.

The record is sealed under a key from the officer's private keys, not to the public ones: whoever can write to the table can take it away, and
can neither read it nor plant a secret or a passkey of their own. It changes only if it is still the one that was read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

from app.shared.models import Account
from keys.errors import CannotOpen
from keys.identity import KeyPairs
from keys.passkeys import Credential
from keys.sealing import bind
from keys.symmetric import derive, open_with, seal_with


@dataclass(frozen=True)
class Passkey:
    """One passkey as its owner sees it. ``host`` is where it was made, and the only place where it works."""

    id: str
    name: str
    host: str
    made_on: date
    used_on: date | None
    credential: Credential = field(repr=False)

    def written(self) -> dict[str, Any]:
        """For the record."""
        credential = self.credential
        return {
            "id": self.id,
            "name": self.name,
            "host": self.host,
            "made_on": self.made_on.isoformat(),
            "used_on": self.used_on.isoformat() if self.used_on else None,
            "credential": credential.id.hex(),
            "key": credential.public_key.hex(),
            "counter": credential.counter,
        }

    @classmethod
    def read(cls, found: dict[str, Any]) -> Self:
        """From the record."""
        return cls(
            found["id"],
            found["name"],
            found["host"],
            date.fromisoformat(found["made_on"]),
            date.fromisoformat(found["used_on"]) if found["used_on"] else None,
            Credential(bytes.fromhex(found["credential"]), bytes.fromhex(found["key"]), found["counter"]),
        )


@dataclass(frozen=True)
class Factors:
    """All of them. ``used`` is the last step of the secret's codes that was used; ``sealed`` the record as it was read, None for none."""

    secret: str | None = field(default=None, repr=False)
    used: int = 0
    passkeys: tuple[Passkey, ...] = ()
    sealed: bytes | None = field(default=None, repr=False)

    def but(self, **changes: Any) -> Factors:
        """Return a copy with something changed."""
        return replace(self, **changes)


def of(account: Account, keys: KeyPairs) -> Factors:
    """Return the account's factors of this moment. What these keys don't open was put there by somebody else, and is none."""
    stored = Account.get_by_id(account.id).second_factor
    if stored is None:
        return Factors()
    sealed = bytes(stored)
    try:
        record = json.loads(open_with(_key(keys), sealed, info=_context(account)))
    except CannotOpen:
        return Factors(sealed=sealed)
    passkeys = tuple(Passkey.read(found) for found in record.get("passkeys", ()))
    return Factors(record["secret"], record["used"], passkeys, sealed)


def change(account: Account, keys: KeyPairs, new: Factors) -> bool:
    """Put ``new`` in the place of what it was made from; return False where that isn't there any more, having changed nothing."""
    sealed = None
    if new.secret is not None or new.passkeys:
        passkeys = [one.written() for one in new.passkeys]
        record = {"secret": new.secret, "used": new.used, "passkeys": passkeys}
        sealed = seal_with(_key(keys), json.dumps(record).encode(), info=_context(account))
    known = Account.second_factor == new.sealed if new.sealed else Account.second_factor.is_null()
    if not Account.update(second_factor=sealed).where(Account.id == account.id, known).execute():
        return False
    account.second_factor = sealed
    return True


def _key(keys: KeyPairs) -> bytes:
    return derive(keys.to_bytes(), info=bind("second-factor", "key"))


def _context(account: Account) -> bytes:
    return bind("second-factor", account.id)
