"""Four eyes: what colleagues have proposed, and the page on which a second officer confirms or refuses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from app.clock import utc_now
from app.envelopes import outbox
from app.office.authors import Author
from app.office.blueprint import author, blueprint, signed_in
from app.office.forms import ConfirmationForm, RefusalForm
from app.office.inbox import Entry, Source
from app.office.people import others_who_decide
from app.office.sources import add_source
from app.offices import JUNIOR, OFFICES
from app.shared.assignments import is_one_person
from app.vault import proposals
from app.vault.context import any_vault
from app.vault.models import Proposal
from app.web.compartment import served
from app.web.guard import officer, officer_required
from app.web.look import current_look
from app.web.navigation import NavItem, add_nav

EXTENSION = "schotten-proposal-kinds"


@dataclass(frozen=True)
class ProposalKind:
    """One kind of proposal of a compartment.

    ``carry_out`` runs in one transaction with the confirmation, by the officer who confirms. It raises
    :class:`app.vault.proposals.Stale` where what was proposed no longer fits, and returns an address to go to, or None.
    ``explain`` returns what the second officer reads before deciding; ``url`` the page with the details; ``asks`` what they have to tick
    before they confirm, or an empty text.
    """

    kind: str
    label: LazyString
    carry_out: Callable[[Proposal, Author], str | None]
    explain: Callable[[Proposal], list[tuple[str, str]]] | None = None
    url: Callable[[Proposal], str] | None = None
    asks: Callable[[Proposal], str] | None = None


def add_proposal_kind(blueprint: Blueprint, face: str, kind: ProposalKind) -> None:
    """Let officers of ``face`` decide on a kind of proposal, in every app that registers ``blueprint``."""

    def register(state: BlueprintSetupState) -> None:
        kinds: dict[tuple[str, str], ProposalKind] = state.app.extensions.setdefault(EXTENSION, {})
        kinds[face, kind.kind] = kind

    blueprint.record(register)


def _kinds() -> dict[tuple[str, str], ProposalKind]:
    kinds: dict[tuple[str, str], ProposalKind] = current_app.extensions.get(EXTENSION, {})
    return kinds


def _kind(proposal: Proposal) -> ProposalKind | None:
    return _kinds().get((current_look().name, proposal.kind))


def label(proposal: Proposal) -> str:
    """What a proposal is called."""
    kind = _kind(proposal)
    return str(kind.label) if kind else str(proposal.kind)


def state_in_words(proposal: Proposal) -> str:
    """What has become of a proposal."""
    words: dict[str, str] = {
        proposals.OPEN: _("open"),
        proposals.CONFIRMED: _("confirmed"),
        proposals.REFUSED: _("refused"),
        proposals.STALE: _("out of date"),
    }
    return words[proposal.state]


def _waiting() -> list[Entry]:
    return [
        Entry(
            _("Proposal"),
            f"{label(one)}: {one.summary}",
            one.proposed_by_name,
            one.proposed_at.date(),
            url_for("office.proposal", proposal_id=one.id),
        )
        for one in proposals.waiting()
        if one.proposed_by != author().id
    ]


def _has_proposals(face: str) -> Callable[[], bool]:
    return lambda: signed_in() and any(of == face for of, _kind in _kinds())


for office in OFFICES:
    add_source(blueprint, office, Source(_waiting, lambda: proposals.count_waiting(author().id)))
    add_nav(
        blueprint,
        office,
        NavItem(
            lazy_gettext("Proposals"),
            ".proposals",
            order=65,
            section=(".proposal",),
            visible=_has_proposals(office),
        ),
    )


@blueprint.get("/proposals", endpoint="proposals")
@officer_required
def all_proposals() -> ResponseReturnValue:
    """What waits for a second officer, and what was decided."""
    return render_template(
        "office/proposals.html",
        waiting=proposals.waiting(),
        decided=proposals.decided(),
        label=label,
        state_in_words=state_in_words,
        me=author().id,
    )


@blueprint.get("/proposals/<proposal_id>")
@officer_required
def proposal(proposal_id: str) -> ResponseReturnValue:
    """One proposal, with what it would do."""
    return _show(_find(proposal_id), RefusalForm(formdata=None))


@blueprint.post("/proposals/<proposal_id>/confirm")
@officer_required(junior=False, stepped_up=True)
def proposal_confirm(proposal_id: str) -> ResponseReturnValue:
    """Confirm it, and carry it out in the same transaction."""
    found = _find(proposal_id)
    kind = _kind(found)
    back = redirect(url_for(".proposal", proposal_id=proposal_id), 303)
    form = _confirmation(found, kind)
    if kind is None or (not form.validate_on_submit() and not form.seen.errors):
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return back
    if form.seen.errors:
        return _show(found, RefusalForm(formdata=None), form)
    by, now = author(), utc_now()
    try:
        target = _carry_out(found, kind, by, now)
    except proposals.SameOfficer:
        flash(_("You have proposed this yourself. A colleague has to confirm it."), "warning")
        return back
    except proposals.AlreadyDecided:
        flash(_("Somebody else has decided on this already."), "info")
        return back
    except proposals.Stale as stale:
        _close_as_stale(proposal_id, stale, by)
        flash(
            _("Nothing was done: things have changed since this was proposed. Please propose it anew."),
            "warning",
        )
        return back
    outbox.deliver(served()[officer().compartment].actions)
    flash(_("Confirmed and carried out."), "success")
    return redirect(target, 303) if target else back


def _carry_out(proposal: Proposal, kind: ProposalKind, by: Author, now: datetime) -> str | None:
    """Confirm and carry it out in one transaction. Two accounts of one person are no two officers: a new term is a new account."""
    if is_one_person(proposal.proposed_by, by.id):
        raise proposals.SameOfficer(proposal.id)
    with any_vault.atomic("IMMEDIATE"):
        return kind.carry_out(proposals.confirm(proposal.id, by=by, now=now), by)


@blueprint.post("/proposals/<proposal_id>/refuse")
@officer_required
def proposal_refuse(proposal_id: str) -> ResponseReturnValue:
    """Refuse it, with a reason; whoever proposed takes it back. A junior officer takes back their own, and no other."""
    found, form = _find(proposal_id), RefusalForm()
    if officer().account.role == JUNIOR and found.proposed_by != author().id:
        abort(403)
    if not form.validate_on_submit():
        return _show(found, form)
    try:
        proposals.refuse(proposal_id, form.reason.data or "", by=author(), now=utc_now())
        flash(_("The proposal is closed. Nothing was done."), "success")
    except proposals.AlreadyDecided:
        flash(_("Somebody else has decided on this already."), "info")
    return redirect(url_for(".proposal", proposal_id=proposal_id), 303)


def _close_as_stale(proposal_id: str, stale: proposals.Stale, by: Author) -> None:
    try:
        proposals.close_as_stale(proposal_id, stale.reason, by=by, now=utc_now())
    except proposals.AlreadyDecided:
        return


def _find(proposal_id: str) -> Proposal:
    try:
        return proposals.find(proposal_id)
    except proposals.NoProposal:
        abort(404)


def _confirmation(found: Proposal, kind: ProposalKind | None) -> ConfirmationForm:
    form = ConfirmationForm()
    form.asked = kind.asks(found) if kind and kind.asks else ""
    return form


def _show(
    found: Proposal, form: RefusalForm, confirmation: ConfirmationForm | None = None
) -> ResponseReturnValue:
    kind, is_open = _kind(found), found.state == proposals.OPEN
    rows = kind.explain(found) if kind and kind.explain and is_open else []
    return render_template(
        "office/proposal.html",
        one=found,
        label=label(found),
        words=state_in_words(found),
        rows=[{"key": key, "value": value} for key, value in rows],
        details=kind.url(found) if kind and kind.url else None,
        mine=found.proposed_by == author().id,
        alone=not others_who_decide(officer().compartment, found.proposed_by),
        stepped_up=officer().stepped_up,
        form=form,
        button=confirmation or _confirmation(found, kind),
    )
