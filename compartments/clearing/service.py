"""What the clearing compartment does with letters, orders and jobs: each of its parts its own. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.office.notices import take_in as take_in_notice
from app.vault.jobs import Work
from compartments.clearing.keysets import service as keysets
from compartments.clearing.reconciliation import restoring
from compartments.clearing.reconciliation import service as reconciliation
from compartments.clearing.relay import service as relay

_PARTS = (
    keysets,
    reconciliation,
    relay,
)

INCOMING: Mapping[str, Handler] = {
    "notice": take_in_notice,
    "keys-restored": restoring.take,
    **{type_: take for part in _PARTS for type_, take in part.INCOMING.items()},
}
ACTIONS: Mapping[str, Action] = {name: action for part in _PARTS for name, action in part.ACTIONS.items()}
JOBS: Mapping[str, Work] = {kind: work for part in _PARTS for kind, work in part.JOBS.items()}
