"""What cases do with letters and orders."""

from __future__ import annotations

from collections.abc import Mapping

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from compartments.counsel.cases import answers, incoming

INCOMING: Mapping[str, Handler] = {
    "counsel-intake": incoming.take_in_intake,
    "counsel-letter": incoming.take_in_letter,
}
ACTIONS: Mapping[str, Action] = answers.ACTIONS
