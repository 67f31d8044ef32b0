"""What this part does with letters and orders: applications for membership, from the sealed envelope to the number. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.shared import mailboxes
from app.vault.jobs import Work
from compartments.membership.admissions.admitting import ERASE_MAILBOX
from compartments.membership.admissions.incoming import take_application, take_message, take_withdrawal


def _erase_mailbox(_order_id: str, payload: dict[str, Any]) -> None:
    mailboxes.erase_on(payload["mailbox"], date.fromisoformat(payload["day"]))


INCOMING: Mapping[str, Handler] = {
    "membership-application": take_application,
    "membership-message": take_message,
    "membership-withdrawal": take_withdrawal,
}
ACTIONS: Mapping[str, Action] = {ERASE_MAILBOX: _erase_mailbox}
JOBS: Mapping[str, Work] = {}
