"""Figures of the clearing compartment: how many pairs are in which state. Aggregates only. What leaves is released by two officers (app.office.audit)."""

from __future__ import annotations

from compartments.clearing.keysets import service as keysets


def audit_figures() -> dict[str, int]:
    """Return the sums for the board: issued = claimed + open + deactivated, and accounts are at most claimed + deactivated_claimed."""
    total = keysets.total()
    return {
        "issued": total.issued,
        "claimed": total.claimed,
        "open": total.open,
        "deactivated": total.deactivated,
        "deactivated_claimed": total.withdrawn,
    }
