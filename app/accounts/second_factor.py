"""The second factor: TOTP (RFC 6238). The secret is sealed under the officer's own keys; a code counts once. Knows no Flask."""

from __future__ import annotations

import json

from app.shared import acts
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from keys.errors import CannotOpen
from keys.identity import KeyPairs
from keys.sealing import bind
from keys.symmetric import derive, open_with, seal_with
from keys.totp import matching_step, new_secret


class CodeRefused(Exception):
    """Not the code of this moment, or one that has been used."""


def set_up(account: Account, keys: KeyPairs, secret: str, code: str, at: float) -> None:
    """Take ``secret`` as the second factor, once ``code`` shows that the officer's device has it. Raises :class:`CodeRefused`."""
    step = matching_step(secret, code, at)
    if step is None:
        raise CodeRefused("not the code of this moment")
    with write_transaction(shared_database):
        sealed = _sealed(account, keys, secret, step)
        Account.update(second_factor=sealed).where(Account.id == account.id).execute()
        acts.record(
            acts.Kind.SECOND_FACTOR_SET, compartment=account.compartment, actor=account.id, subject=account.id
        )
    account.second_factor = sealed


def check(account: Account, keys: KeyPairs, code: str, at: float) -> None:
    """Use up a code; raises :class:`CodeRefused`. ``at`` is in seconds since 1970.

    The last step used is inside what is sealed, and the row changes only if it is still the one that was read: of two requests with the
    same code one is refused.
    """
    stored = Account.get_by_id(account.id).second_factor
    if stored is None:
        raise CodeRefused("there is no second factor")
    old = bytes(stored)
    try:
        opened = json.loads(open_with(_key(keys), old, info=_context(account)))
    except CannotOpen as error:
        raise CodeRefused("the second factor can't be opened") from error
    step = matching_step(opened["secret"], code, at)
    if step is None or step <= opened["used"]:
        raise CodeRefused("not the code of this moment, or used")
    new = _sealed(account, keys, opened["secret"], step)
    changed = (
        Account.update(second_factor=new)
        .where(Account.id == account.id, Account.second_factor == old)
        .execute()
    )
    if not changed:
        raise CodeRefused("used a moment ago")


def new_offer() -> str:
    """A new secret, for :func:`set_up` once the officer's device has shown that it holds it."""
    return new_secret()


def sealed_offer(session: OfficerSession, secret: str) -> str:
    """Seal a new secret to this session, to travel in the form: nobody can put another one in its place."""
    return seal_with(
        _key(session.keys), secret.encode(), info=bind("second-factor", "offer", session.id)
    ).hex()


def offered(session: OfficerSession, sealed: str) -> str:
    """Return the secret that the form brought back; raises :class:`CodeRefused`."""
    try:
        info = bind("second-factor", "offer", session.id)
        return open_with(_key(session.keys), bytes.fromhex(sealed), info=info).decode()
    except (CannotOpen, ValueError) as error:
        raise CodeRefused("not the secret that was shown") from error


def _sealed(account: Account, keys: KeyPairs, secret: str, used: int) -> bytes:
    return seal_with(
        _key(keys), json.dumps({"secret": secret, "used": used}).encode(), info=_context(account)
    )


def _key(keys: KeyPairs) -> bytes:
    """From the private keys, not sealed to the public ones: whoever can write to the table can't plant a secret of their own."""
    return derive(keys.to_bytes(), info=bind("second-factor", "key"))


def _context(account: Account) -> bytes:
    return bind("second-factor", account.id)
