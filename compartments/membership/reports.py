"""Figures of the membership compartment: aggregates only. What leaves is released by two officers (app.office.audit)."""

from __future__ import annotations

from compartments.membership.invitations import keys
from compartments.membership.reconciliation import batches


def audit_figures() -> dict[str, int]:
    """Return the sums for the board: every reference key that came is with a member, free or deactivated; and how many urgent lists named."""
    found = keys.counts()
    return {
        "keys": found.issued,
        "assigned": found.assigned,
        "free": found.free,
        "deactivated": found.deactivated,
        "urgent": batches.locked_at_once(),
    }
