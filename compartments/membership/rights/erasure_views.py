"""Pages of erasures: looked at, proposed, carried out by a second officer; receipts; and what is kept until its day."""

from __future__ import annotations

import json
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, lazy_gettext, ngettext
from flask_babel import gettext as _

from app.clock import utc_now
from app.office.authors import Author
from app.office.blueprint import author
from app.office.forms import Confirmation
from app.office.inbox import Entry, Source
from app.office.proposals import ProposalKind, add_proposal_kind
from app.office.sources import add_source
from app.vault import proposals
from app.vault.models import Proposal
from app.web.guard import officer_required
from app.web.state import state
from compartments.membership import persons
from compartments.membership.fields import euros
from compartments.membership.models import Person
from compartments.membership.rights import due, erasing, previewing, retention, wording
from compartments.membership.rights.forms import ErasureForm, RetentionForm
from compartments.membership.rights.previewing import Preview

blueprint = Blueprint("erasures", __name__)


# --- the second officer ------------------------------------------------------------------------------------------------


def _carry_out(proposal: Proposal, by: Author) -> str | None:
    try:
        receipt = erasing.carry_out(proposal, by=by, day=state().today)
    except erasing.NotNow as error:
        raise proposals.Stale(str(wording.WHY_NOT[error.why])) from error
    return url_for("membership.rights.erasures.receipt", erasure_id=receipt.id)


def _explain(proposal: Proposal) -> list[tuple[str, str]]:
    subject = proposals.subject_of(proposal)
    try:
        found = previewing.preview(subject["person"], state().today)
    except persons.NoPerson:
        return [(_("Person"), str(wording.WHY_NOT["changed"]))]
    person = persons.find(subject["person"])
    return [
        (_("Person"), f"{person.last_name}, {person.first_name}"),
        (
            _("Is erased"),
            "; ".join(f"{wording.TABLES[name]}: {count}" for name, count in found.erased.items()),
        ),
        (_("Is kept"), "; ".join(_year(one, found.law) for one in found.kept) or _("nothing")),
        (_("Texts in which the name is blackened"), str(len(subject["mentions"]))),
    ]


def _url(proposal: Proposal) -> str:
    person_id = proposals.subject_of(proposal).get("person")
    if proposal.state == proposals.CONFIRMED:
        return url_for("membership.rights.erasures.receipt", erasure_id=proposal.id)
    if person_id is None:
        return url_for("membership.rights.erasures.index")
    return url_for("membership.rights.erasures.prepare", person_id=person_id)


def _year(one: previewing.Year, law: str) -> str:
    day = format_date(one.until, "medium")
    return str(_("vouchers of %(year)s until %(day)s (%(law)s)", year=one.year, day=day, law=law))


def _waiting() -> list[Entry]:
    total = due.due(state().today).total
    if not total:
        return []
    title = ngettext("%(num)s thing that was kept is due", "%(num)s things that were kept are due", total)
    return [Entry(_("Erasure"), title, "", state().today, url_for("membership.rights.erasures.index"))]


add_proposal_kind(
    blueprint, "membership", ProposalKind(erasing.KIND, lazy_gettext("Erasure"), _carry_out, _explain, _url)
)
add_source(blueprint, "membership", Source(_waiting, lambda: len(_waiting())))


# --- pages -------------------------------------------------------------------------------------------------------------


@blueprint.get("/persons/<int:person_id>/erasure")
@officer_required(junior=False, stepped_up=True)
def prepare(person_id: int) -> ResponseReturnValue:
    """What an erasure would do. That the record was read is logged."""
    known = _read(person_id)
    found = previewing.preview(known.id, state().today)
    form = ErasureForm(formdata=None, found=_mentions(found))
    form.mentions.data = [one.key for one in found.mentions]
    return _page(known, found, form)


@blueprint.post("/persons/<int:person_id>/erasure")
@officer_required(junior=False, stepped_up=True)
def propose(person_id: int) -> ResponseReturnValue:
    """Propose it to a colleague."""
    known = _read(person_id)
    found = previewing.preview(known.id, state().today)
    form = ErasureForm(found=_mentions(found))
    if not form.validate_on_submit():
        return _page(known, found, form)
    try:
        made = erasing.propose(
            known.id,
            form.mentions.data or [],
            _("Erase the person with member number %(number)s", number=known.member_number),
            by=author(),
            now=utc_now(),
            day=state().today,
            ticket=form.ticket.data or "",
        )
    except erasing.NotNow as error:
        flash(wording.WHY_NOT[error.why], "warning")
        return redirect(url_for(".prepare", person_id=known.id), 303)
    except proposals.AlreadyProposed as already:
        made = already.proposal
    flash(_("A colleague has to confirm it now. They find it in their inbox."), "success")
    return redirect(url_for("office.proposal", proposal_id=made.id), 303)


@blueprint.get("/erasures")
@officer_required
def index() -> ResponseReturnValue:
    """The receipts, and what is kept until when."""
    form = RetentionForm(formdata=None)
    form.organisation.data = retention.organisation()
    receipts = due.receipts()
    return render_template(
        "membership/rights/erasures.html",
        receipts=receipts,
        kept={one.id: due.kept_of(one) for one in receipts},
        due=due.due(state().today),
        form=form,
        button=Confirmation(formdata=None),
    )


@blueprint.get("/erasures/<erasure_id>")
@officer_required
def receipt(erasure_id: str) -> ResponseReturnValue:
    """The receipt of one erasure, which tells nobody who it was."""
    try:
        one = due.receipt(erasure_id)
    except due.NothingKept:
        abort(404)
    return render_template(
        "membership/rights/receipt.html",
        one=one,
        erased=json.loads(one.erased),
        untied=json.loads(one.untied),
        told=json.loads(one.told),
        kept=due.kept_of(one),
        tables=wording.TABLES,
        today=state().today,
    )


@blueprint.get("/kept/<retained_id>")
@officer_required(junior=False, stepped_up=True)
def kept(retained_id: str) -> ResponseReturnValue:
    """What is kept, for an audit. That it was read is noted."""
    try:
        one, content = due.read(retained_id, by=author(), now=utc_now())
    except due.NothingKept:
        abort(404)
    payments = [
        {**row, "received_on": date.fromisoformat(row["received_on"]), "amount": euros(row["cents"])}
        for row in content["payments"]
    ]
    return render_template(
        "membership/rights/kept.html",
        one=one,
        payer=content,
        payments=payments,
        readings=due.readings(one),
    )


@blueprint.post("/erasures/due")
@officer_required(junior=False)
def erase_due() -> ResponseReturnValue:
    """Erase what has come to its day."""
    if Confirmation().validate_on_submit():
        due.erase(state().today)
        flash(_("What was due is erased."), "success")
    else:
        flash(_("The page was open for too long. Please try again."), "warning")
    return redirect(url_for(".index"), 303)


@blueprint.post("/retention")
@officer_required(junior=False)
def set_retention() -> ResponseReturnValue:
    """Say which law the organisation's vouchers are under."""
    form = RetentionForm()
    if form.validate_on_submit():
        retention.set_organisation(form.organisation.data)
        flash(_("This holds for erasures from now on."), "success")
    else:
        flash(_("The page was open for too long. Please try again."), "warning")
    return redirect(url_for(".index"), 303)


def _mentions(found: Preview) -> list[tuple[str, str]]:
    return [(one.key, f"{wording.TABLES.get(one.table, one.table)}: {one.excerpt}") for one in found.mentions]


def _page(known: Person, found: Preview, form: ErasureForm) -> ResponseReturnValue:
    return render_template(
        "membership/rights/erase.html",
        person=known,
        found=found,
        form=form,
        tables=wording.TABLES,
        stops=[wording.WHY_NOT[why] for why in found.obstacles],
        proposal=proposals.open_about(erasing.KIND, str(known.id)),
    )


def _read(person_id: int) -> Person:
    try:
        return persons.read(person_id, by=author(), now=utc_now())
    except persons.NoPerson:
        abort(404)
