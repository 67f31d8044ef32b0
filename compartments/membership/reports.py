"""Figures of the membership compartment: aggregates only. What leaves is released by two officers (app.office.audit)."""

from __future__ import annotations

from compartments.membership.invitations import keys


def audit_figures() -> dict[str, int]:
    """Return the sums for the board: every reference key that came is with a member, free or deactivated."""
    found = keys.counts()
    return {
        "keys": found.issued,
        "assigned": found.assigned,
        "free": found.free,
        "deactivated": found.deactivated,
    }
