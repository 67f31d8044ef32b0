"""What the membership compartment does with letters, orders and jobs: each of its parts its own. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.office.notices import take_in as take_in_notice
from app.vault.jobs import Work
from compartments.membership.admissions import service as admissions
from compartments.membership.dues import service as dues
from compartments.membership.duplicates import service as duplicates
from compartments.membership.exports import service as exports
from compartments.membership.imports import service as imports
from compartments.membership.invitations import service as invitations
from compartments.membership.reconciliation import service as reconciliation
from compartments.membership.rights import service as rights

_PARTS = (
    admissions,
    dues,
    duplicates,
    exports,
    imports,
    invitations,
    reconciliation,
    rights,
)

INCOMING: Mapping[str, Handler] = {
    "notice": take_in_notice,
    **{type_: take for part in _PARTS for type_, take in part.INCOMING.items()},
}
ACTIONS: Mapping[str, Action] = {name: action for part in _PARTS for name, action in part.ACTIONS.items()}
JOBS: Mapping[str, Work] = {kind: work for part in _PARTS for kind, work in part.JOBS.items()}
