"""What a second officer confirms: a batch's dry run as it was when it was proposed, and no other."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.office import jobs as office_jobs
from app.office.authors import Author
from app.office.proposals import ProposalKind
from app.vault import proposals
from app.vault.models import Proposal
from compartments.administration.platform import settings as platform_settings
from compartments.administration.platform.wording import kind_in_words, remark_in_words
from compartments.administration.reconciliation import batches, service, wording
from compartments.administration.reconciliation.models import PLANNED, Batch

PROPOSAL = "reconciliation"


def total(batch: Batch) -> int:
    """How many accounts a batch changes."""
    return int(batch.created + batch.locked + batch.unlocked)


def moment(batch: Batch) -> str:
    """Which dry run it is."""
    return batch.planned_at.isoformat() if batch.planned_at else ""


def carry_out(proposal: Proposal, by: Author) -> str | None:
    """The second officer has confirmed: begin the job, or offer the file."""
    subject = proposals.subject_of(proposal)
    batch = batches.find(subject["batch"])
    if batch.state != PLANNED or moment(batch) != subject["planned_at"]:
        raise proposals.Stale(_("The dry run was made anew since."))
    if not batches.is_fresh(batch, utc_now()):
        raise proposals.Stale(_("The dry run is older than a day."))
    batches.confirm(batch.id, by=by)
    if not platform_settings.is_connected(platform_settings.read()):
        return url_for("administration.reconciliation.show", batch_id=batch.id)
    job = office_jobs.begin(service.APPLY, subject=batch.id, total=total(batch))
    return url_for("office.job", job_id=job.id)


def explain(proposal: Proposal) -> list[tuple[str, str]]:
    """Return what the second officer reads first."""
    subject = proposals.subject_of(proposal)
    batch = batches.find(subject["batch"])
    rows = [(_("Kind"), kind_in_words(batch.kind)), (_("Would change"), wording.changes(batch))]
    rows += [(str(remark.number), remark_in_words(remark.kind)) for remark in batches.remarks(batch)]
    if batches.is_over_threshold(batch):
        rows.append((_("Stop"), wording.stop(batch)))
    return [*rows, (_("Reason"), subject["reason"] or _("Nothing given"))]


def url(proposal: Proposal) -> str:
    """Return where the batch is shown."""
    return url_for("administration.reconciliation.show", batch_id=proposals.subject_of(proposal)["batch"])


KIND = ProposalKind(PROPOSAL, lazy_gettext("Reconciliation"), carry_out=carry_out, explain=explain, url=url)
