"""Rules of this part of the administration compartment: messages to the holders of accounts, by way of clearing, and their answers. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.vault.jobs import Work

INCOMING: Mapping[str, Handler] = {}
ACTIONS: Mapping[str, Action] = {}
JOBS: Mapping[str, Work] = {}
