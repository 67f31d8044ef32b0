"""Uses of this office's recovery shares, as every officer sees them. Noted inside the vault, where nobody outside can take them away. Knows no Flask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.shared.models import Account
from app.vault.models import RECOVERED, Alarm

STAYS_IN_THE_INBOX = timedelta(days=90)
"""Whoever has seen it: colleagues who come later shall see it as well."""


@dataclass(frozen=True)
class Recovery:
    """One use. ``first_officer`` is the name of whom it let in; None where the code was never used."""

    at: datetime
    first_officer: str | None


def recoveries() -> list[Recovery]:
    """Return every use there ever was, newest first."""
    noted = Alarm.select().where(Alarm.kind == RECOVERED).order_by(Alarm.raised_at.desc())
    return [Recovery(alarm.raised_at, first_officer(alarm)) for alarm in noted]


def first_officer(alarm: Alarm) -> str | None:
    """Return the name of the officer whom this use let in."""
    account = Account.get_or_none(Account.assignment == alarm.detail)
    return str(account.display_name) if account else None
