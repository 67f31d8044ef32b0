"""Rules of the desk compartment. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler

INCOMING: Mapping[str, Handler] = {}
ACTIONS: Mapping[str, Action] = {}
