"""What a second officer confirms: an import, or its undoing, that touches many."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.office import jobs
from app.office.authors import Author
from app.office.proposals import ProposalKind
from app.vault import proposals
from app.vault.models import Proposal
from compartments.membership.agreeing import Numbers
from compartments.membership.imports import committing, leavers, staging, thresholds, undoing, words
from compartments.membership.imports.models import COMMITTED, KINDS, STAGED


def _carry_out(proposal: Proposal, _by: Author) -> str:
    subject = proposals.subject_of(proposal)
    one = staging.find(subject["import"])
    wanted = COMMITTED if subject["undo"] else STAGED
    if one.state != wanted or one.version != subject["version"]:
        raise proposals.Stale(_("The import is no longer what was proposed."))
    if not subject["undo"] and staging.outdated(one.id):
        raise proposals.Stale(_("The register has changed meanwhile. Please look through the import again."))
    kind = undoing.JOB if subject["undo"] else committing.JOB
    job = jobs.begin(kind, str(one.id), {"version": one.version, "proposal": proposal.id})
    return url_for("office.job", job_id=job.id)


def _explain(proposal: Proposal) -> list[tuple[str, str]]:
    subject = proposals.subject_of(proposal)
    one, found = staging.find(subject["import"]), staging.counts(subject["import"])
    return [
        (_("Import"), f"{one.id}: {one.file_name}"),
        (_("What is proposed"), _("Undo it") if subject["undo"] else _("Take it into the register")),
        *((str(words.KINDS[kind]), str(found[kind])) for kind in KINDS),
        (_("Exits of members who aren't in the list"), str(leavers.count(one.id))),
        (_("Entitlements to vote that it takes away"), str(found["locks"])),
        (_("Members now"), str(staging.members())),
    ]


def _url(proposal: Proposal) -> str:
    return url_for("membership.imports.show", import_id=proposals.subject_of(proposal)["import"])


KIND = ProposalKind(committing.PROPOSAL, lazy_gettext("Import"), _carry_out, _explain, _url)
NAMES = {
    thresholds.PERCENT: lazy_gettext("More than this many percent of the members leave or are locked"),
    thresholds.LEAST: lazy_gettext("and they are at least"),
}
THRESHOLD = Numbers(
    "import-threshold", NAMES, thresholds.numbers, thresholds.save, "membership.imports.threshold"
)
THRESHOLD_KIND = THRESHOLD.proposal_kind(lazy_gettext("When a second officer is needed"))
