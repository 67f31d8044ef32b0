"""Rules of this part of the administration compartment: invite codes as they came from clearing, and what the platform says of them. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.vault.jobs import Work

INCOMING: Mapping[str, Handler] = {}
ACTIONS: Mapping[str, Action] = {}
JOBS: Mapping[str, Work] = {}
