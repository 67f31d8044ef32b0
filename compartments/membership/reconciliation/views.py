"""Pages of reconciliation: lists sent to clearing and what came back, and the rules."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, lazy_gettext, ngettext
from flask_babel import gettext as _

from app.clock import utc_now
from app.envelopes import outbox
from app.office import calendar, reminding
from app.office.authors import Author
from app.office.blueprint import author, signed_in
from app.office.calendar import Reminder
from app.office.inbox import Entry, Source
from app.office.proposals import ProposalKind, add_proposal_kind
from app.office.sources import add_source
from app.vault import proposals
from app.vault.models import Proposal
from app.web.compartment import served
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.membership.reconciliation import (
    batches,
    relay,
    relay_views,
    rule_proposing,
    rules,
    taking_back,
    taking_back_views,
)
from compartments.membership.reconciliation.forms import RulesForm, SendForm
from compartments.membership.reconciliation.models import KINDS, REGULAR, URGENT
from keys.randomness import new_id

blueprint = Blueprint("reconciliation", __name__, url_prefix="/reconciliation")
add_nav(
    blueprint,
    "membership",
    NavItem(lazy_gettext("Reconciliation"), ".index", order=45, section=(".",), visible=signed_in),
)
blueprint.register_blueprint(relay_views.blueprint)
blueprint.register_blueprint(taking_back_views.blueprint)
PROPOSAL = "reconciliation"


# --- the inbox and second officers -------------------------------------------------------------------------------------


def _entries() -> list[Entry]:
    day, found = state().today, []
    url = url_for("membership.reconciliation.index")
    if due := _due():
        found.append(Entry(_("Reconciliation"), reminding.in_words(due), "", min(due.day, day), url))
    if number := batches.leavers(day):
        said = ngettext(
            "%(num)s leaver has a key that is good", "%(num)s leavers have keys that are good", number
        )
        found.append(Entry(_("Reconciliation"), said, "", day, url))
    if number := taking_back.count():
        said = ngettext(
            "%(num)s member was on a list of leavers", "%(num)s members were on a list of leavers", number
        )
        found.append(
            Entry(_("Reconciliation"), said, "", day, url_for("membership.reconciliation.taking_back.index"))
        )
    if waiting := relay.open_messages():
        said = ngettext("%(num)s message for a member", "%(num)s messages for members", len(waiting))
        at = url_for("membership.reconciliation.relay.index")
        found.append(Entry(_("Reconciliation"), said, "", waiting[0].arrived_on, at))
    return found


def _count() -> int:
    day = state().today
    waits = (batches.reminder(day), batches.leavers(day), taking_back.count(), relay.count_open())
    return sum(map(bool, waits))


add_source(blueprint, "membership", Source(_entries, _count))


def _carry_out(proposal: Proposal, by: Author) -> str:
    subject = proposals.subject_of(proposal)
    try:
        batches.send(
            subject["kind"],
            batch_id=subject["batch"],
            seen=subject["seen"],
            reason=subject["reason"],
            by=Author(proposal.proposed_by, proposal.proposed_by_name),
            confirmed_by=by,
            day=state().today,
        )
    except (batches.Changed, batches.NothingToSend) as error:
        raise proposals.Stale(_("The list is no longer what it was.")) from error
    return url_for("membership.reconciliation.index")


def _explain(proposal: Proposal) -> list[tuple[str, str]]:
    subject = proposals.subject_of(proposal)
    now = batches.preview(subject["kind"], state().today)
    return [
        (_("Keys on the list"), str(now.size)),
        (_("New on it"), str(now.added)),
        (_("No longer on it"), str(now.removed)),
        (_("Reason"), subject["reason"]),
    ]


add_proposal_kind(
    blueprint, "membership", ProposalKind(PROPOSAL, lazy_gettext("Reconciliation"), _carry_out, _explain)
)
add_proposal_kind(blueprint, "membership", rule_proposing.KIND)


def reminded() -> dict[str, Any]:
    """What the calendar reminds of, for the office's start page and the one of the reconciliation."""
    return reminding.shown(_due())


def _due() -> Reminder | None:
    """Looked up once for a page, which asks in its menu's count and in its text."""
    if "reconciliation_due" not in g:
        g.reconciliation_due = batches.reminder(state().today)
    due: Reminder | None = g.reconciliation_due
    return due


# --- pages -------------------------------------------------------------------------------------------------------------


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """What a list would be now, and what became of the ones that were sent."""
    day = state().today
    return render_template(
        "membership/reconciliation/index.html",
        regular=batches.preview(REGULAR, day),
        leavers=batches.leavers(day),
        **reminded(),
        next_due=calendar.following(rules.days(), day),
        batches=batches.newest(),
        messages=len(relay.open_messages()),
        by_mistake=taking_back.count(),
    )


@blueprint.get("/calendar.ics")
@officer_required
def calendar_file() -> ResponseReturnValue:
    """The days, for an officer's own calendar."""
    return reminding.calendar_file(rules.days(), "membership-reconciliation")


@blueprint.get("/lists/<kind>")
@officer_required(junior=False)
def ask(kind: str) -> ResponseReturnValue:
    """What exactly would be sent."""
    form = SendForm(formdata=None)
    form.entry.data = new_id()
    return _ask(kind, form)


@blueprint.post("/lists/<kind>")
@officer_required(junior=False)
def send(kind: str) -> ResponseReturnValue:
    """Send it, or propose it where a second officer has to confirm."""
    form = SendForm()
    if kind not in KINDS or not form.validate_on_submit():
        return _ask(kind, form)
    reason, by, day = form.reason.data or "", author(), state().today
    batch_id, seen = form.entry.data or new_id(), form.seen.data or ""
    try:
        batches.send(kind, batch_id=batch_id, seen=seen, reason=reason, by=by, day=day)
    except batches.NothingToSend:
        flash(_("There is nothing to send."), "info")
        return redirect(url_for(".index"), 303)
    except batches.Changed:
        flash(_("The list has changed meanwhile. Please look at it again."), "warning")
        return _ask(kind, form)
    except batches.NeedsSecondOfficer as needs:
        if needs.preview.is_small and form.needs_reason():
            return _ask(kind, form)
        return _propose(kind, batch_id, needs.preview, reason)
    outbox.deliver(served()["membership"].actions)
    flash(_("The list is on its way to the clearing office."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.route("/rules", methods=["GET", "POST"])
@officer_required(junior=False)
def change_rules() -> ResponseReturnValue:
    """The numbers that the office has agreed on. The days are saved; what asks for a second officer is proposed to one."""
    form = RulesForm()
    if form.validate_on_submit():
        known, wanted = rules.numbers(), form.numbers
        rules.save({name: number for name, number in wanted.items() if name not in rule_proposing.NAMES})
        if any(wanted[name] != known[name] for name in rule_proposing.NAMES):
            return redirect(
                url_for("office.proposal", proposal_id=rule_proposing.NUMBERS.propose(wanted).id), 303
            )
        flash(_("Saved."), "success")
        return redirect(url_for(".index"), 303)
    if not form.is_submitted():
        form.show()
    return render_template("membership/reconciliation/rules.html", form=form)


def _ask(kind: str, form: SendForm) -> ResponseReturnValue:
    if kind not in KINDS:
        abort(404)
    preview = batches.preview(kind, state().today)
    form.seen.data = preview.seen
    return render_template(
        "membership/reconciliation/send.html", form=form, preview=preview, urgent=kind == URGENT
    )


def _propose(kind: str, batch_id: str, preview: batches.Preview, reason: str) -> ResponseReturnValue:
    summary = (
        ngettext("Lock %(num)s leaver at once", "Lock %(num)s leavers at once", preview.size)
        if kind == URGENT
        else _("Send the list of %(day)s", day=format_date(state().today, "medium"))
    )
    subject = {"kind": kind, "batch": batch_id, "seen": preview.seen, "reason": reason}
    try:
        made = proposals.propose(PROPOSAL, subject, summary, about=kind, by=author(), now=utc_now())
    except proposals.AlreadyProposed as known:
        made = known.proposal
        flash(_("This is proposed already."), "info")
    return redirect(url_for("office.proposal", proposal_id=made.id), 303)
