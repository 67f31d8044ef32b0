"""Figures of the administration compartment: aggregates only. What leaves is released by two officers (app.office.audit)."""

from __future__ import annotations

from compartments.administration.codes import books
from compartments.administration.codes.models import LOCKED


def audit_figures() -> dict[str, int]:
    """Return the sums for the board: codes that came, accounts that people have opened with them, and what is off."""
    found = books.standing()
    return {
        "codes": found.total,
        "accounts": found.accounts,
        "locked": found.states[LOCKED],
        "deactivated": found.deactivated,
    }
