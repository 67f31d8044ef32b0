"""Log-in: the passphrase unwraps the account's keys, or it doesn't; nothing else is asked. Knows no Flask.

*Nobody learns which names exist.* Unknown names, ended accounts, accounts of other faces and locked accounts take the same steps as a
wrong passphrase: one write, one Argon2 of the same cost, one answer.

*Guessing is slow.* An attempt is counted before it is checked, so that a hundred at once are a hundred. From the fifth failure on the account
is locked for 15 s, doubling up to 15 minutes. While it is locked the right passphrase is refused too: otherwise the lock would not
slow a guesser. Attempts on a locked account aren't counted, so nobody can prolong a lock, and with the bound a stranger can
keep an officer out for minutes, not for days. Sessions that are open go on. Counter and lock are in the table: a restart resets neither.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app import faultpoints
from app.accounts.names import normal_username
from app.offices import OFFICES
from app.shared import sessions
from app.shared.database import shared_database
from app.shared.dialect import serialise_writers, write_transaction
from app.shared.models import Account
from keys.errors import CannotOpen
from keys.identity import KeyPairs
from keys.passphrase import Argon2Policy, account_context, burn, is_outdated, unwrap, wrap

FREE_TRIES = 5
FIRST_LOCK = timedelta(seconds=15)
LONGEST_LOCK = timedelta(minutes=15)


class LoginRefused(Exception):
    """No. The reader isn't told whether the name, the passphrase or the moment was wrong."""


@dataclass(frozen=True)
class LoggedIn:
    """A new session: the token belongs into the account's cookie."""

    account: Account
    stage: str
    token: str = field(repr=False)


def authenticate(
    username: str,
    passphrase: str,
    policy: Argon2Policy,
    now: datetime,
    *,
    compartments: Collection[str] = tuple(OFFICES),
) -> tuple[Account, KeyPairs]:
    """Return account and keys; raises :class:`LoginRefused`. A success forgets earlier failures. ``now`` is naive UTC."""
    account, keys = _opened(_by_name(username, compartments), passphrase, policy, now)
    with write_transaction(shared_database):
        forgive(account)
        _rewrap_if_outdated(account, keys, passphrase, policy)
    return account, keys


def log_in(
    username: str,
    passphrase: str,
    policy: Argon2Policy,
    now: datetime,
    *,
    compartments: Collection[str] = tuple(OFFICES),
) -> LoggedIn:
    """Begin a session; raises :class:`LoginRefused`. Where a second factor is due the session can do nothing but give it."""
    account, keys = _opened(_by_name(username, compartments), passphrase, policy, now)
    stage = sessions.SECOND_FACTOR if needs_second_factor(account) else sessions.FULL
    with write_transaction(shared_database):
        if stage == sessions.FULL:
            forgive(account)
        else:
            # Failures at the second factor must not be forgotten by giving the passphrase again.
            take_back(account)
        _rewrap_if_outdated(account, keys, passphrase, policy)
        token = sessions.begin(account, keys, stage=stage)
    return LoggedIn(account, stage, token)


def confirm(account: Account, passphrase: str, policy: Argon2Policy, now: datetime) -> None:
    """Check the passphrase of somebody who is logged in, with the same back-off; raises :class:`LoginRefused`."""
    _opened(Account.get_or_none(Account.id == account.id, Account.state != "ended"), passphrase, policy, now)
    forgive(account)


def needs_second_factor(account: Account) -> bool:
    """Whether the account has one, or is of a compartment whose officers must set one up."""
    return account.second_factor is not None or OFFICES[account.compartment].second_factor


def count_attempt(account: Account | None, now: datetime) -> bool:
    """Count an attempt before it is checked; return whether it may be checked at all. Writes once, whatever it finds."""
    with write_transaction(shared_database):
        if account is not None:
            serialise_writers(shared_database, f"attempts {account.id}")
            row = Account.get_by_id(account.id)
            if row.locked_until is None or row.locked_until <= now:
                tried = row.failed_attempts + 1
                Account.update(failed_attempts=tried, locked_until=_locked_until(tried, now)).where(
                    Account.id == account.id
                ).execute()
                return True
        # The same write for nothing: the time a commit takes shall not tell a name that exists.
        someone = Account.select(Account.id).limit(1)
        Account.update(failed_attempts=Account.failed_attempts).where(Account.id.in_(someone)).execute()
        return False


def forgive(account: Account) -> None:
    """Forget failed attempts: whoever tried has shown to be the officer."""
    Account.update(failed_attempts=0, locked_until=None).where(Account.id == account.id).execute()


def take_back(account: Account) -> None:
    """Uncount an attempt that was right, and keep the failures before it."""
    Account.update(failed_attempts=Account.failed_attempts - 1, locked_until=None).where(
        Account.id == account.id, Account.failed_attempts > 0
    ).execute()


def _locked_until(failures: int, now: datetime) -> datetime | None:
    if failures < FREE_TRIES:
        return None
    doublings = min(failures - FREE_TRIES, 10)
    return now + min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def _by_name(username: str, compartments: Collection[str]) -> Account | None:
    return Account.get_or_none(
        Account.username == normal_username(username),
        Account.state != "ended",
        Account.compartment.in_(list(compartments)),
    )


def _opened(
    account: Account | None, passphrase: str, policy: Argon2Policy, now: datetime
) -> tuple[Account, KeyPairs]:
    may_try = count_attempt(account, now)
    if account is None or not may_try:
        burn(passphrase, policy)
        raise LoginRefused
    try:
        seed = unwrap(bytes(account.wrapped_keys), passphrase, context=account_context(account.id))
    except CannotOpen as error:
        raise LoginRefused from error
    return account, KeyPairs.from_seed(seed)


def _rewrap_if_outdated(account: Account, keys: KeyPairs, passphrase: str, policy: Argon2Policy) -> None:
    """A policy that has risen takes effect at the next log-in, when the passphrase is at hand (RFC 9106, section 4)."""
    old = bytes(account.wrapped_keys)
    if not is_outdated(old, policy):
        return
    new = wrap(keys.to_bytes(), passphrase, context=account_context(account.id), policy=policy)
    Account.update(wrapped_keys=new).where(Account.id == account.id, Account.wrapped_keys == old).execute()
    account.wrapped_keys = new
    faultpoints.reached("login.after-rewrap")
