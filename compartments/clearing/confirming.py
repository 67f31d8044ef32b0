"""What is done when a second officer confirms, for each kind of proposal of this office."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.office.authors import Author
from app.office.proposals import ProposalKind, add_proposal_kind
from app.vault.models import Proposal
from app.vault.proposals import Stale, subject_of
from app.web.state import state
from compartments.clearing import deciding
from compartments.clearing.floor import set_floor
from compartments.clearing.keysets import making, pairs
from compartments.clearing.keysets.views import claim_key
from compartments.clearing.reconciliation import restoring
from compartments.clearing.reconciliation import service as reconciliation
from compartments.clearing.reconciliation.models import WAITING


def _make_set(proposal: Proposal, by: Author) -> str:
    wanted = subject_of(proposal)
    try:
        making.make(
            wanted["entry"],
            wanted["name"],
            wanted["count"],
            claim_key=claim_key(),
            by=by,
            day=state().today,
            request=wanted["request"],
            reason=wanted["reason"],
            agreed=True,
        )
    except making.NameTaken as error:
        raise Stale(_("there is a set of this name already")) from error
    except making.NoRequest as error:
        raise Stale(_("the request is answered already")) from error
    return url_for("clearing.keysets.index")


def _explain_set(proposal: Proposal) -> list[tuple[str, str]]:
    wanted = subject_of(proposal)
    return [
        (_("Name of the set"), wanted["name"]),
        (_("Pairs"), str(wanted["count"])),
        (_("Reason"), wanted["reason"]),
        (
            _("What it gives away"),
            _("Who sees both lists knows that these few keys belong to these few codes."),
        ),
    ]


def _tell(proposal: Proposal, _by: Author) -> str:
    if not pairs.tell(day=state().today, reason=subject_of(proposal)["reason"], agreed=True):
        raise Stale(_("the administration knows of all codes by now"))
    return url_for("clearing.keysets.deactivated")


def _explain_tell(proposal: Proposal) -> list[tuple[str, str]]:
    return [
        (_("Codes"), str(pairs.untold())),
        (_("Reason"), subject_of(proposal)["reason"]),
        (
            _("What it gives away"),
            _(
                "Who knows which member's key was taken back these days can guess which code, and so which account, is theirs."
            ),
        ),
    ]


def _pass_on(proposal: Proposal, by: Author) -> str:
    wanted = subject_of(proposal)
    try:
        reconciliation.pass_on(
            wanted["batch"], by=by, day=state().today, reason=wanted["reason"], agreed=True
        )
    except (reconciliation.NoBatch, reconciliation.NothingToPassOn) as error:
        raise Stale(_("the batch doesn't wait any more, or holds no code any more")) from error
    return url_for("clearing.reconciliation.batch", batch_id=wanted["batch"])


def _explain_batch(proposal: Proposal) -> list[tuple[str, str]]:
    wanted = subject_of(proposal)
    batch = reconciliation.find(wanted["batch"])
    if batch.state != WAITING:
        return [(_("Batch"), _("It doesn't wait any more."))]
    seen = reconciliation.preview(batch)
    return [
        (_("Batch"), _("urgent lock") if batch.kind == "urgent" else _("regular")),
        (_("Codes"), str(seen.codes)),
        (_("New since the last list"), str(seen.added)),
        (_("Gone since the last list"), str(seen.removed)),
        (_("Reason"), wanted["reason"]),
    ]


def _set_floor(proposal: Proposal, _by: Author) -> str:
    set_floor(subject_of(proposal)["floor"])
    return url_for("clearing.settings")


def _explain_floor(proposal: Proposal) -> list[tuple[str, str]]:
    return [(_("New batch floor"), str(subject_of(proposal)["floor"]))]


def _restore(proposal: Proposal, by: Author) -> str:
    wanted = subject_of(proposal)
    try:
        restoring.carry_out(
            wanted["restoration"],
            claim_key=claim_key(),
            by=by,
            day=state().today,
            reason=wanted["reason"],
            agreed=True,
        )
    except restoring.NoRestoration as error:
        raise Stale(_("it is carried out already")) from error
    return _restoration_url(proposal)


def _explain_restoration(proposal: Proposal) -> list[tuple[str, str]]:
    wanted = subject_of(proposal)
    seen = restoring.preview(restoring.find(wanted["restoration"]))
    return [
        (_("Keys that are good again"), str(len(seen.pairs))),
        (_("Codes that the administration is told of"), str(len(seen.telling))),
        (_("Reason"), wanted["reason"]),
        (
            _("What it gives away"),
            _(
                "Who knows which member was taken back these days can guess which code, and so which account, is theirs."
            ),
        ),
    ]


def _restoration_url(proposal: Proposal) -> str:
    return url_for(
        "clearing.reconciliation.restoring.show", restoration_id=subject_of(proposal)["restoration"]
    )


def add_kinds(blueprint: Blueprint) -> None:
    """Let officers of the clearing office decide on these."""
    for kind in (
        ProposalKind(deciding.SMALL_SET, lazy_gettext("Small key set"), _make_set, _explain_set),
        ProposalKind(deciding.FEW_CODES, lazy_gettext("Tell of few deactivated codes"), _tell, _explain_tell),
        ProposalKind(
            deciding.SMALL_BATCH,
            lazy_gettext("Pass on a small batch"),
            _pass_on,
            _explain_batch,
            lambda proposal: url_for("clearing.reconciliation.batch", batch_id=subject_of(proposal)["batch"]),
        ),
        ProposalKind(
            deciding.RESTORATION,
            lazy_gettext("Let a key be good again"),
            _restore,
            _explain_restoration,
            _restoration_url,
        ),
        ProposalKind(deciding.FLOOR, lazy_gettext("Change the batch floor"), _set_floor, _explain_floor),
    ):
        add_proposal_kind(blueprint, "clearing", kind)
