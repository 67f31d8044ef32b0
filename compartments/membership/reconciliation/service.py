"""What reconciliation and the relay do with letters; the rules stand in ``batches`` and ``relay``. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.clock import today
from app.envelopes.letter import Letter
from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.vault.jobs import Work
from compartments.membership.reconciliation import batches, relay, relay_sending


def take_in_message(letter: Letter) -> None:
    """A message for the holder of an account."""
    relay.take_in(letter, today())


INCOMING: Mapping[str, Handler] = {
    "reconciliation-result": batches.take_result,
    "relay-onward": take_in_message,
}
ACTIONS: Mapping[str, Action] = {}
JOBS: Mapping[str, Work] = {relay_sending.KIND: relay_sending.send}
