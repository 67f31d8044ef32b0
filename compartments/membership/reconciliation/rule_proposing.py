"""The numbers that decide when a second officer is needed are changed by two officers, too: or one would change them first, and then send."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.office.authors import Author
from app.office.blueprint import author
from app.office.proposals import ProposalKind
from app.vault import proposals
from app.vault.models import Proposal
from compartments.membership.reconciliation import rules

PROPOSAL, ABOUT = "reconciliation-rules", "rules"
NAMES = {
    rules.THRESHOLD: lazy_gettext(
        "A second officer is needed where more leave the list than this many percent"
    ),
    rules.FLOOR: lazy_gettext("A second officer is needed where fewer change than"),
}


def propose(wanted: Mapping[str, int]) -> Proposal:
    """Propose the numbers of :data:`NAMES` to a second officer; return the proposal, or the one that is open already."""
    present = {name: number for name, number in rules.numbers().items() if name in NAMES}
    subject = {"numbers": {name: wanted[name] for name in NAMES}, "instead_of": present}
    summary = ", ".join(
        f"{present[name]} → {wanted[name]}" for name in NAMES if present[name] != wanted[name]
    )
    try:
        made = proposals.propose(PROPOSAL, subject, summary, about=ABOUT, by=author(), now=utc_now())
        flash(_("Proposed. It is done as soon as a colleague confirms it."), "success")
    except proposals.AlreadyProposed as known:
        made = known.proposal
        flash(_("This is proposed already."), "info")
    return made


def _carry_out(proposal: Proposal, _by: Author) -> str:
    subject = proposals.subject_of(proposal)
    if any(rules.numbers()[name] != number for name, number in subject["instead_of"].items()):
        raise proposals.Stale(_("Other numbers have been agreed on meanwhile."))
    rules.save(subject["numbers"])
    return url_for("membership.reconciliation.change_rules")


def _explain(proposal: Proposal) -> list[tuple[str, str]]:
    subject = proposals.subject_of(proposal)
    return [
        (str(label), f"{subject['instead_of'][name]} → {subject['numbers'][name]}")
        for name, label in NAMES.items()
    ]


KIND = ProposalKind(PROPOSAL, lazy_gettext("Rules of the reconciliation"), _carry_out, _explain)
