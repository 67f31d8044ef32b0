"""Changing the passphrase: the same keys, wrapped anew; other people's log-ins to the account end. Knows no Flask."""

from __future__ import annotations

from datetime import datetime

from app import faultpoints
from app.accounts.enrolment import check_passphrase
from app.accounts.login import confirm
from app.config import Settings
from app.shared import acts, sessions
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from keys.passphrase import account_context, wrap


def change(session: OfficerSession, old: str, new: str, settings: Settings, now: datetime) -> int:
    """Wrap the account's keys under ``new``; return how many other sessions were ended. This session goes on.

    Raises :class:`~app.accounts.login.LoginRefused` where ``old`` is wrong, and
    :class:`~app.accounts.enrolment.WeakPassphraseChosen`.
    """
    account = session.account
    confirm(account, old, settings.argon2, now)
    check_passphrase(new, account.username, account.display_name, settings.organisation, account.compartment)
    wrapped = wrap(session.keys.to_bytes(), new, context=account_context(account.id), policy=settings.argon2)
    faultpoints.reached("passphrase.before-change")
    with write_transaction(shared_database):
        Account.update(wrapped_keys=wrapped).where(Account.id == account.id).execute()
        faultpoints.reached("passphrase.after-rewrap")
        ended = sessions.end_others(account, session.id)
        acts.record(
            acts.Kind.PASSPHRASE_CHANGED,
            compartment=account.compartment,
            actor=account.id,
            subject=account.id,
        )
        faultpoints.reached("passphrase.before-commit")
    faultpoints.reached("passphrase.after-commit")
    return ended
