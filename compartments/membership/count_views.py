"""Signing the number of members on 31 December, with a second officer, and handing the document out."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_decimal, get_locale, lazy_gettext
from flask_babel import gettext as _

from app.clock import utc_now
from app.office.authors import Author
from app.office.blueprint import author
from app.office.proposals import ProposalKind, add_proposal_kind
from app.vault import proposals
from app.vault.models import Proposal
from app.web.guard import officer_required
from app.web.state import state
from compartments.membership import count_papers, member_counts
from compartments.membership.list_forms import ButtonForm
from compartments.membership.tables import MemberCount

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
    found = _find(count_id)
    headers = {"Content-Disposition": f'attachment; filename="members-{found.year}-12-31.json"'}
    return Response(found.document, mimetype="application/json", headers=headers)


@blueprint.get("/signed/<int:count_id>.pdf")
@officer_required
def paper(count_id: int) -> ResponseReturnValue:
    """The signed document to print, in the reader's language."""
    found = _find(count_id)
    statement, fingerprint = member_counts.verified(found.document)
    language = str(get_locale() or "de")[:2]
    made = count_papers.pdf(found.document, statement, _words(statement, fingerprint), language)
    headers = {"Content-Disposition": f'attachment; filename="members-{found.year}-12-31.pdf"'}
    return Response(made, mimetype="application/pdf", headers=headers)


def _find(count_id: int) -> MemberCount:
    found = member_counts.find(min(count_id, 2**63 - 1))
    if found is None:
        abort(404)
    return found


def _words(statement: dict[str, Any], fingerprint: str) -> dict[str, Any]:
    """What stands on the paper."""
    day, signed_on = (date.fromisoformat(statement[name]) for name in ("day", "signed_on"))
    officers = " / ".join(statement["officers"])
    return {
        "title": _("Members on %(day)s", day=format_date(day, "long")),
        "members": format_decimal(statement["members"]),
        "members_word": _("members"),
        "columns": [_("Division"), _("Directly"), _("With those below")],
        "rows": [
            [
                one["depth"],
                one["name"] or _("Without a division"),
                format_decimal(one["own"]),
                format_decimal(one["total"]),
            ]
            for one in statement["divisions"]
        ],
        "signed": _(
            "Signed on %(day)s by %(officers)s.", day=format_date(signed_on, "long"), officers=officers
        ),
        "fingerprint_word": _("Fingerprint of the office's key:"),
        "fingerprint": fingerprint,
        "how": _(
            "This paper alone proves nothing. Check the file with “schotten verify”: it says which numbers were signed, and with which key. "
            "Compare them with the paper, and the fingerprint with the membership office by telephone. "
            "Where you have only the paper, the codes on the next page hold the same."
        ),
        "codes_title": _("The signed document as codes"),
        "codes_how": _(
            "Read all codes with a telephone, in any order, copy what they say into one text file, and check that with “schotten verify”."
        ),
    }
