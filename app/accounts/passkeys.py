"""Passkeys as a second factor (WebAuthn): making, using and removing them. Knows no Flask.

A challenge is made from the officer's keys and a nonce of this session that is used once, so that an answer is worth nothing in another
session, for another account, or a second time. The account's private keys stay wrapped under the passphrase alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.accounts import factors
from app.accounts.factors import Factors, Passkey
from app.offices import OFFICES
from app.shared import acts, sessions
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from keys import passkeys
from keys.errors import RefusedPasskey
from keys.passkeys import Site
from keys.randomness import new_id
from keys.sealing import bind
from keys.symmetric import derive

AT_MOST = 10
LONGEST_NAME = 60
NEW, USE = "new", "use"


class PasskeyRefused(Exception):
    """The device's answer doesn't hold, there is no such passkey, or another request was faster."""


class TooManyPasskeys(Exception):
    """The account has as many as it may have."""


class LastFactor(Exception):
    """The office demands a second factor, and this is the last one."""


def ask_for_new(session: OfficerSession, site: Site, issuer: str) -> str:
    """Return the question to the browser about a new passkey, as JSON. It can be answered once."""
    return passkeys.ask_for_new(
        site,
        _challenge(session, NEW, sessions.new_nonce(session)),
        issuer=issuer,
        username=session.account.username,
        handle=_handle(session),
        known=_made_at(site, session),
    )


def add(session: OfficerSession, site: Site, answer: str, name: str, day: date) -> None:
    """Take a new passkey; raises :class:`PasskeyRefused` or :class:`TooManyPasskeys`."""
    try:
        credential = passkeys.check_new(answer, site, _asked(session, NEW))
    except RefusedPasskey as error:
        raise PasskeyRefused from error
    with write_transaction(shared_database):
        known = _of(session)
        if len(known.passkeys) >= AT_MOST:
            raise TooManyPasskeys
        if credential.id in {one.credential.id for one in known.passkeys}:
            raise PasskeyRefused("there already")
        new = Passkey(new_id(), name, site.host, day, None, credential)
        _change(session, known.but(passkeys=(*known.passkeys, new)))
        _record(acts.Kind.SECOND_FACTOR_SET, session.account)


def ask_for_use(session: OfficerSession, site: Site) -> str | None:
    """Return the question to the browser at log-in, as JSON; None where no passkey was made here."""
    known = _made_at(site, session)
    if not known:
        return None
    return passkeys.ask_for_one_of(site, _challenge(session, USE, sessions.new_nonce(session)), known)


def use(session: OfficerSession, site: Site, answer: str, day: date) -> None:
    """Check an answer at log-in; raises :class:`PasskeyRefused`. Of two requests with the same answer one is refused."""
    known = _of(session)
    try:
        challenge, wanted = _asked(session, USE), passkeys.named_in(answer)
        (old,) = [one for one in known.passkeys if one.credential.id == wanted]
        used = passkeys.check_use(answer, site, challenge, old.credential, handle=_handle(session))
    except (RefusedPasskey, ValueError) as error:
        raise PasskeyRefused from error
    new = replace(old, credential=used, used_on=day)
    _change(session, known.but(passkeys=tuple(new if one is old else one for one in known.passkeys)))


def remove(session: OfficerSession, passkey_id: str) -> None:
    """Remove one; raises :class:`PasskeyRefused` where there is none such, and :class:`LastFactor`."""
    with write_transaction(shared_database):
        known = _of(session)
        left = tuple(one for one in known.passkeys if one.id != passkey_id)
        if len(left) == len(known.passkeys):
            raise PasskeyRefused("no such passkey")
        if OFFICES[session.compartment].second_factor and not left and known.secret is None:
            raise LastFactor
        _change(session, known.but(passkeys=left))
        _record(acts.Kind.SECOND_FACTOR_REMOVED, session.account)


def _of(session: OfficerSession) -> Factors:
    return factors.of(session.account, session.keys)


def _change(session: OfficerSession, new: Factors) -> None:
    if not factors.change(session.account, session.keys, new):
        raise PasskeyRefused("another request was faster")


def _made_at(site: Site, session: OfficerSession) -> list[bytes]:
    return [one.credential.id for one in _of(session).passkeys if one.host == site.host]


def _asked(session: OfficerSession, purpose: str) -> bytes:
    """The challenge that this session was given. It is used up by asking."""
    nonce = sessions.use_nonce(session)
    if nonce is None:
        raise RefusedPasskey("nothing was asked")
    return _challenge(session, purpose, nonce)


def _challenge(session: OfficerSession, purpose: str, nonce: bytes) -> bytes:
    info = bind("passkey", "challenge", purpose, session.account.id, session.id, nonce)
    return derive(session.keys.to_bytes(), info=info, length=passkeys.CHALLENGE_LENGTH)


def _handle(session: OfficerSession) -> bytes:
    """What devices call the account: nothing that means anything elsewhere."""
    return derive(session.keys.to_bytes(), info=bind("passkey", "handle", session.account.id))


def _record(kind: acts.Kind, account: Account) -> None:
    acts.record(kind, compartment=account.compartment, actor=account.id, subject=account.id)
