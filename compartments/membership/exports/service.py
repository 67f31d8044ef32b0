"""Rules of this part of the membership compartment: exports of the register. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.shared import acts
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.vault.jobs import Work
from compartments.membership.exports.exporting import NOTED


def _note(order_id: str, payload: dict[str, Any]) -> None:
    """Write into the log of acts that a file was made: once for each order, without what was in it."""
    with write_transaction(shared_database):
        if acts.of_subject(order_id, acts.Kind.EXPORTED) is None:
            acts.record(
                acts.Kind.EXPORTED, compartment="membership", actor=payload["actor"], subject=order_id
            )


INCOMING: Mapping[str, Handler] = {}
ACTIONS: Mapping[str, Action] = {NOTED: _note}
JOBS: Mapping[str, Work] = {}
