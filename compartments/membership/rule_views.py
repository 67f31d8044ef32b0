"""The page of the rule of who may take part. One officer proposes another rule, a second one confirms it; until then the old one holds."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, lazy_gettext
from flask_babel import gettext as _

from app.clock import utc_now
from app.office.authors import Author
from app.office.blueprint import author
from app.office.people import others_who_decide
from app.office.proposals import ProposalKind, add_proposal_kind
from app.vault import proposals
from app.vault.models import Proposal
from app.web.guard import officer, officer_required
from app.web.state import state
from compartments.membership import eligibility
from compartments.membership.eligibility import Past, Rule
from compartments.membership.list_forms import RuleForm
from compartments.membership.wording import Change, Edit

blueprint = Blueprint("rule", __name__, url_prefix="/rule")
PROPOSAL, ABOUT = "eligibility-rule", "rule"
NAMES = {
    "entitled": lazy_gettext("Is entitled to vote"),
    "has_paid": lazy_gettext("Has paid at least once"),
    "most_arrears": lazy_gettext("Months in arrears at most"),
}


@blueprint.route("/", methods=["GET", "POST"])
@officer_required(junior=False)
def index() -> ResponseReturnValue:
    """See the rule and how many members it lets take part today, and propose another one."""
    form = RuleForm()
    if form.validate_on_submit():
        new = Rule(form["entitled"].data, form["has_paid"].data, form["most_arrears"].data)
        if new != eligibility.rule():
            return _propose(new)
        flash(_("Nothing was changed."), "info")
        return redirect(url_for(".index"), 303)
    if request.method == "GET":
        for name, value in vars(eligibility.rule()).items():
            form[name].data = value
    return render_template(
        "membership/rule.html",
        form=form,
        number=eligibility.eligible(state().today).count(),
        proposed=proposals.open_about(PROPOSAL, ABOUT),
        alone=not others_who_decide(officer().compartment, officer().account.id),
        edits=[_in_words(one) for one in eligibility.history()],
    )


def _propose(new: Rule) -> ResponseReturnValue:
    present = eligibility.rule()
    subject = {"rule": asdict(new), "instead_of": asdict(present)}
    summary = "; ".join(f"{one.name}: {one.before} → {one.after}" for one in _changes(present, new))
    try:
        made = proposals.propose(PROPOSAL, subject, summary, about=ABOUT, by=author(), now=utc_now())
        flash(_("Proposed. The rule that was in force holds until a colleague confirms."), "success")
    except proposals.AlreadyProposed as known:
        made = known.proposal
        flash(
            _("Another rule is proposed already. It has to be decided on, or taken back, first."), "warning"
        )
    return redirect(url_for("office.proposal", proposal_id=made.id), 303)


def _carry_out(proposal: Proposal, by: Author) -> str:
    subject = proposals.subject_of(proposal)
    proposer = Author(proposal.proposed_by, proposal.proposed_by_name)
    new, instead_of = Rule(**subject["rule"]), Rule(**subject["instead_of"])
    try:
        eligibility.set_rule(new, instead_of=instead_of, by=proposer, confirmed_by=by, now=utc_now())
    except eligibility.Changed as error:
        raise proposals.Stale(_("Another rule has been put in force meanwhile.")) from error
    return url_for("membership.rule.index")


def _explain(proposal: Proposal) -> list[tuple[str, str]]:
    subject, today = proposals.subject_of(proposal), state().today
    new, instead_of = Rule(**subject["rule"]), Rule(**subject["instead_of"])
    return [
        *((one.name, f"{one.before} → {one.after}") for one in _changes(instead_of, new)),
        (_("May take part today"), format_decimal(eligibility.eligible(today).count())),
        (_("May take part by the new rule"), format_decimal(eligibility.eligible(today, new).count())),
    ]


add_proposal_kind(
    blueprint,
    "membership",
    ProposalKind(
        PROPOSAL,
        lazy_gettext("Who may take part"),
        _carry_out,
        _explain,
        lambda _proposal: url_for("membership.rule.index"),
    ),
)


def _in_words(past: Past) -> Edit:
    """What was changed about the rule, and by which two."""
    who = _("%(name)s, confirmed by %(other)s", name=past.who, other=past.confirmed_by)
    return Edit(_("Changed"), who, past.at, "", _changes(past.before, past.after))


def _changes(before: Rule, after: Rule) -> list[Change]:
    values = ((name, getattr(before, name), getattr(after, name)) for name in NAMES)
    return [
        Change(name, str(NAMES[name]), _value(old), _value(new)) for name, old, new in values if old != new
    ]


def _value(value: bool | int | None) -> str:  # noqa: FBT001  (a value to be shown, no switch)
    if value is None:
        return str(_("any number"))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return str(value)
