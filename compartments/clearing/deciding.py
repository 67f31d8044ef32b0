"""What takes two officers here: small sets, few codes, small batches, single keys that are good again, and the floor itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.office.blueprint import author
from app.vault import proposals

SMALL_SET, FEW_CODES, SMALL_BATCH = "small-key-set", "few-codes", "small-batch"
FLOOR, RESTORATION = "batch-floor", "restoration"
LONGEST_SUMMARY = 120


def propose(
    kind: str, subject: Mapping[str, Any], summary: str, *, about: str, back: str
) -> ResponseReturnValue:
    """Propose something to a second officer and go to the proposal's page; to ``back`` where it was proposed before."""
    short = summary if len(summary) <= LONGEST_SUMMARY else summary[: LONGEST_SUMMARY - 1] + "…"
    try:
        made = proposals.propose(kind, subject, short, about=about, by=author(), now=utc_now())
    except proposals.AlreadyProposed:
        flash(_("This is proposed already. A colleague has to confirm it."), "info")
        return redirect(back, 303)
    flash(_("Proposed. It is done as soon as a colleague confirms it."), "success")
    return redirect(url_for("office.proposal", proposal_id=made.id), 303)
