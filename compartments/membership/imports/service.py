"""What imports do as jobs: reading a file, writing it into the register, undoing it. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.vault.jobs import Work
from compartments.membership.imports import committing, staging, undoing

INCOMING: Mapping[str, Handler] = {}
ACTIONS: Mapping[str, Action] = {}
JOBS: Mapping[str, Work] = {
    staging.JOB: staging.stage,
    committing.JOB: committing.commit_job,
    undoing.JOB: undoing.undo_job,
}
