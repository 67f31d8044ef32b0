"""Rules of this part of the administration compartment: the office's own work: changes, incidents, maintenance, runbooks, credentials. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.vault.jobs import Work
from compartments.administration.operations import announcing

INCOMING: Mapping[str, Handler] = {}
ACTIONS: Mapping[str, Action] = announcing.ACTIONS
JOBS: Mapping[str, Work] = {}
