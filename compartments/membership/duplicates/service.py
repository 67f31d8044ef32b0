"""Rules of this part of the membership compartment: one person with two numbers: found, compared, merged, or noted as two. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.vault.jobs import Work
from compartments.membership.duplicates.searching import search

SEARCH = "duplicates-search"

INCOMING: Mapping[str, Handler] = {}
ACTIONS: Mapping[str, Action] = {}
JOBS: Mapping[str, Work] = {SEARCH: search}
