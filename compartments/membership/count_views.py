"""Signing the number of members on 31 December, with a second officer, and handing the document out."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.clock import utc_now
from app.office.authors import Author
from app.office.blueprint import author
from app.office.proposals import ProposalKind, add_proposal_kind
from app.vault import proposals
from app.vault.models import Proposal
from app.web.guard import officer_required
from app.web.state import state
from compartments.membership import member_counts
from compartments.membership.list_forms import ButtonForm

blueprint = Blueprint("counts", __name__, url_prefix="/divisions/members")


def _carry_out(proposal: Proposal, by: Author) -> str:
    try:
        member_counts.sign(proposal, organisation=state().settings.organisation, day=state().today, by=by)
    except proposals.Stale as error:
        raise proposals.Stale(_("The number of members on that day has changed meanwhile.")) from error
    return _url(proposal)


def _explain(proposal: Proposal) -> list[tuple[str, str]]:
    subject = proposals.subject_of(proposal)
    own = sum(one["own"] for one in subject["divisions"])
    return [(_("Year"), str(subject["year"])), (_("Members"), str(own))]


def _url(proposal: Proposal) -> str:
    return url_for("membership.divisions.members", year=proposals.subject_of(proposal)["year"])


add_proposal_kind(
    blueprint,
    "membership",
    ProposalKind(member_counts.KIND, lazy_gettext("Number of members"), _carry_out, _explain, _url),
)


@blueprint.post("/<int:year>/sign")
@officer_required(junior=False)
def propose(year: int) -> ResponseReturnValue:
    """Propose to sign a year's count."""
    if not 1900 <= year < state().today.year:  # noqa: PLR2004
        abort(404)
    if not ButtonForm().validate_on_submit():
        flash(_("The page was open for too long. Please try again."), "warning")
        return redirect(url_for("membership.divisions.members", year=year), 303)
    summary = _("Sign the number of members on 31 December %(year)s", year=year)
    try:
        made = member_counts.propose(year, summary, day=state().today, by=author(), now=utc_now())
    except proposals.AlreadyProposed as known:
        made = known.proposal
        flash(_("This is proposed already."), "info")
    return redirect(url_for("office.proposal", proposal_id=made.id), 303)


@blueprint.get("/signed/<int:count_id>.json")
@officer_required
def document(count_id: int) -> ResponseReturnValue:
    """The signed document."""
    found = member_counts.find(min(count_id, 2**63 - 1))
    if found is None:
        abort(404)
    headers = {"Content-Disposition": f'attachment; filename="members-{found.year}-12-31.json"'}
    return Response(found.document, mimetype="application/json", headers=headers)
