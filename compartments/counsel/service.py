"""What the counsel compartment does with letters and orders: each of its parts its own. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.office.notices import take_in as take_in_notice
from compartments.counsel.cases import service as cases
from compartments.counsel.counsellors import service as counsellors

INCOMING: Mapping[str, Handler] = {"notice": take_in_notice, **cases.INCOMING}
ACTIONS: Mapping[str, Action] = {**cases.ACTIONS, **counsellors.ACTIONS}
