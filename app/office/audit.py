"""The page on which an office releases its sums to the board: one officer proposes, another one confirms what both have seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from app.clock import utc_now
from app.disclosure import THRESHOLD
from app.disclosure.periods import small_steps
from app.office.authors import Author
from app.office.blueprint import author, blueprint, signed_in
from app.office.forms import Confirmation
from app.office.proposals import ProposalKind, add_proposal_kind
from app.office.releases import TYPE, is_released, period_of, release, releases
from app.offices import OFFICES
from app.vault import proposals
from app.vault.models import Proposal
from app.web.guard import officer_required
from app.web.look import current_look
from app.web.navigation import NavItem, add_nav
from app.web.state import state

EXTENSION = "schotten-audits"


@dataclass(frozen=True)
class Audit:
    """What an office counts for the board: sums by name, and what they are called."""

    count: Callable[[], Mapping[str, int]]
    names: Mapping[str, LazyString]


def add_audit(
    blueprint: Blueprint, face: str, count: Callable[[], Mapping[str, int]], names: Mapping[str, LazyString]
) -> None:
    """Let officers of ``face`` release what ``count`` returns, in every app that registers ``blueprint``."""

    def register(state: BlueprintSetupState) -> None:
        audits: dict[str, Audit] = state.app.extensions.setdefault(EXTENSION, {})
        audits[face] = Audit(count, names)

    blueprint.record(register)
    kind = ProposalKind(TYPE, lazy_gettext("Figures for the board"), _carry_out, _explain, _url)
    add_proposal_kind(blueprint, face, kind)


def _audits() -> dict[str, Audit]:
    audits: dict[str, Audit] = current_app.extensions.get(EXTENSION, {})
    return audits


def _audit() -> Audit:
    found = _audits().get(current_look().name)
    if found is None:
        abort(404)
    return found


def _has_audit(face: str) -> Callable[[], bool]:
    return lambda: signed_in() and face in _audits()


for office in OFFICES:
    add_nav(
        blueprint,
        office,
        NavItem(lazy_gettext("Figures"), ".audit", order=55, visible=_has_audit(office), more=True),
    )


@blueprint.get("/audit")
@officer_required
def audit() -> ResponseReturnValue:
    """What this office has counted, and what the board has been told."""
    period, known = period_of(state().today), _audit()
    return render_template(
        "office/audit.html",
        figures=known.count(),
        names=known.names,
        period=period,
        released=is_released(period),
        proposed=proposals.open_about(TYPE, period),
        releases=releases(),
        button=Confirmation(),
    )


@blueprint.post("/audit/release")
@officer_required(junior=False)
def audit_release() -> ResponseReturnValue:
    """Propose this month's figures, as they are now."""
    period, known, back = period_of(state().today), _audit(), redirect(url_for(".audit"), 303)
    if not Confirmation().validate_on_submit():
        flash(_("This page was open for too long. Please press the button again."), "warning")
        return back
    if is_released(period):
        flash(_("The figures of this month have gone to the board already."), "info")
        return back
    subject = {"period": period, "figures": dict(known.count())}
    try:
        made = proposals.propose(TYPE, subject, period, about=period, by=author(), now=utc_now())
    except proposals.AlreadyProposed as already:
        made = already.proposal
    return redirect(url_for(".proposal", proposal_id=made.id), 303)


def _carry_out(proposal: Proposal, by: Author) -> str:
    wanted, names = proposals.subject_of(proposal), (proposal.proposed_by_name, by.name)
    release(wanted["period"], wanted["figures"], released_by=names, day=state().today)
    return url_for("office.audit")


def _explain(proposal: Proposal) -> list[tuple[str, str]]:
    """The proposed figures, and beside each that changed the present one: the second officer decides with open eyes."""
    figures, names, now = proposals.subject_of(proposal)["figures"], _audit().names, _audit().count()
    rows = [
        (
            str(names.get(name, name)),
            str(number)
            if now.get(name) == number
            else _("%(number)s (now %(now)s)", number=number, now=now.get(name, "–")),
        )
        for name, number in figures.items()
    ]
    before = releases(most=1)
    small = small_steps(before[0].figures, figures, THRESHOLD) if before else []
    if proposal.state == "open" and small:
        which = ", ".join(str(names.get(name, name)) for name in small)
        rows.append((_("What it gives away"), _small(which)))
    return rows


def _small(which: str) -> str:
    return str(
        _(
            "Little has changed since the last release: %(which)s. Who knows whom that was about can tell from the "
            "difference, for example, whether that member had claimed their key. You can wait for the next month.",
            which=which,
        )
    )


def _url(_proposal: Proposal) -> str:
    return url_for("office.audit")
