"""Rules of the administration compartment. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.office.notices import take_in as take_in_notice

INCOMING: Mapping[str, Handler] = {"notice": take_in_notice}
ACTIONS: Mapping[str, Action] = {}
