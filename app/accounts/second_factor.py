"""Codes from an authenticator app as a second factor: TOTP (RFC 6238). A code counts once. Knows no Flask."""

from __future__ import annotations

from app.accounts import factors
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
    """Take ``secret`` in the place of a former one, once ``code`` shows that the officer's device has it. Raises :class:`CodeRefused`."""
    step = matching_step(secret, code, at)
    if step is None:
        raise CodeRefused("not the code of this moment")
    with write_transaction(shared_database):
        if not factors.change(account, keys, factors.of(account, keys).but(secret=secret, used=step)):
            raise CodeRefused("another request has just changed the second factor")
        acts.record(
            acts.Kind.SECOND_FACTOR_SET, compartment=account.compartment, actor=account.id, subject=account.id
        )


def check(account: Account, keys: KeyPairs, code: str, at: float) -> None:
    """Use up a code; raises :class:`CodeRefused`. ``at`` is in seconds since 1970.

    The last step used is inside what is sealed, and the row changes only if it is still the one that was read: of two requests with the
    same code one is refused.
    """
    known = factors.of(account, keys)
    if known.secret is None:
        raise CodeRefused("there is no authenticator app, or none that these keys know of")
    step = matching_step(known.secret, code, at)
    if step is None or step <= known.used:
        raise CodeRefused("not the code of this moment, or used")
    if not factors.change(account, keys, known.but(used=step)):
        raise CodeRefused("used a moment ago")


def new_offer() -> str:
    """A new secret, for :func:`set_up` once the officer's device has shown that it holds it."""
    return new_secret()


def sealed_offer(session: OfficerSession, secret: str) -> str:
    """Seal a new secret to this session, to travel in the form: nobody can put another one in its place."""
    return seal_with(_key(session.keys), secret.encode(), info=_offer(session)).hex()


def offered(session: OfficerSession, sealed: str) -> str:
    """Return the secret that the form brought back; raises :class:`CodeRefused`."""
    try:
        return open_with(_key(session.keys), bytes.fromhex(sealed), info=_offer(session)).decode()
    except (CannotOpen, ValueError) as error:
        raise CodeRefused("not the secret that was shown") from error


def _key(keys: KeyPairs) -> bytes:
    return derive(keys.to_bytes(), info=bind("second-factor", "offer-key"))


def _offer(session: OfficerSession) -> bytes:
    return bind("second-factor", "offer", session.id)
