"""Pages of this part of the membership compartment: applications for membership, from the sealed envelope to the number."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import utc_now
from app.envelopes import outbox
from app.office.blueprint import author, signed_in
from app.office.forms import Confirmation
from app.office.inbox import AT_MOST, Entry, Source
from app.office.sources import add_source
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.membership import divisions, persons
from compartments.membership.admissions import admitting
from compartments.membership.admissions.admitting import FirstPayment, NoAdmission, NotNow
from compartments.membership.admissions.forms import DecisionForm, FirstPaymentForm
from compartments.membership.admissions.models import ACCEPTED, CONFIRMED, RECEIVED, STATES, Admission
from compartments.membership.admissions.service import ACTIONS
from compartments.membership.duplicates.candidates import candidates
from compartments.membership.fields import divisions as division_choices

LEAST_DUES = 4_800
"""Cents per year that are proposed for somebody whose dues are reduced for a time."""
blueprint = Blueprint("admissions", __name__, url_prefix="/admissions")
add_nav(
    blueprint,
    "membership",
    NavItem(
        lazy_gettext("Applications"),
        ".index",
        order=12,
        section=(".",),
        visible=signed_in,
    ),
)


def state_names() -> dict[str, str]:
    """What the steps are called."""
    return {
        "received": _("new"),
        "confirmed": _("with the division"),
        "accepted": _("waits for the first payment"),
        "refused": _("refused"),
        "member": _("member"),
    }


def _waiting() -> list[Entry]:
    return [
        Entry(
            _("Application for membership"),
            f"{one.last_name}, {one.first_name}: {state_names()[one.state]}",
            f"{one.first_name} {one.last_name}",
            one.received_on,
            url_for("membership.admissions.show", admission_id=one.id),
        )
        for one in admitting.waiting(AT_MOST)
    ]


add_source(blueprint, "membership", Source(_waiting, admitting.count_waiting))


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """The applications at one step."""
    if admitting.is_any_due(state().today):
        # Not at anybody's wish: their time is over, and nobody may read them any more.
        admitting.erase_due(state().today)
    shown = request.args.get("state", RECEIVED)
    if shown not in STATES:
        abort(404)
    return render_template(
        "membership/admissions/index.html",
        shown=shown,
        names=state_names(),
        admissions=admitting.listed(shown),
    )


@blueprint.get("/<admission_id>")
@officer_required
def show(admission_id: str) -> ResponseReturnValue:
    """One application, and what is to be done with it."""
    return _page(_find(admission_id))


@blueprint.post("/<admission_id>/confirm")
@officer_required
def confirm(admission_id: str) -> ResponseReturnValue:
    """The application is complete and goes to the division."""
    _find(admission_id)
    if not Confirmation().validate_on_submit():
        flash(_("The page was open for too long. Please try again."), "warning")
        return _back(admission_id)
    try:
        admitting.confirm(admission_id, by=author(), now=utc_now())
    except NotNow:
        return _too_late(admission_id)
    flash(_("The application is with the division now."), "success")
    return _back(admission_id)


@blueprint.post("/<admission_id>/decision")
@officer_required(junior=False)
def decide(admission_id: str) -> ResponseReturnValue:
    """Write down what the division has decided, and tell the applicant."""
    found = _find(admission_id)
    form = DecisionForm(division_choices=division_choices(divisions.every()))
    if not form.validate_on_submit():
        return _page(found, decision=form)
    by, now, day = author(), utc_now(), state().today
    decided_by = form.decided_by.data or ""
    try:
        if form.decision.data == "refuse":
            keep = state().settings.application_retention
            reason = form.reason.data or ""
            admitting.refuse(
                found.id, decided_by=decided_by, reason=reason, retention=keep, by=by, now=now, day=day
            )
        else:
            division = int(form.division.data) if form.division.data else None
            admitting.accept(found.id, division=division, decided_by=decided_by, by=by, now=now, day=day)
    except NotNow:
        return _too_late(admission_id)
    outbox.deliver(ACTIONS)
    flash(_("The decision is in the applicant's mailbox."), "success")
    return _back(admission_id)


@blueprint.post("/<admission_id>/first-payment")
@officer_required(junior=False)
def admit(admission_id: str) -> ResponseReturnValue:
    """The first payment is there: give the number."""
    found, form = _find(admission_id), FirstPaymentForm(today=state().today)
    if not form.validate_on_submit():
        return _page(found, payment=form)
    paid = FirstPayment(
        int(form.member_number.data or 0),
        int(form.amount.data or 0),
        form["received_on"].data,
        int(form.dues_cents.data or 0),
    )
    try:
        person = admitting.admit(found.id, paid, by=author(), now=utc_now(), day=state().today)
    except persons.NumberTaken:
        form.member_number.errors = [_("Another person has this member number.")]
        return _page(found, payment=form)
    except NotNow:
        return _too_late(admission_id)
    outbox.deliver(ACTIONS)
    flash(_("The person is in the register now, and the desk knows."), "success")
    return redirect(url_for("membership.person", person_id=person.id), 303)


def _find(admission_id: str) -> Admission:
    try:
        return admitting.find(admission_id)
    except NoAdmission:
        abort(404)


def _back(admission_id: str) -> Response:
    return redirect(url_for(".show", admission_id=admission_id), 303)


def _too_late(admission_id: str) -> Response:
    flash(_("Somebody else has done this already."), "info")
    return _back(admission_id)


def _page(
    found: Admission, *, decision: DecisionForm | None = None, payment: FirstPaymentForm | None = None
) -> ResponseReturnValue:
    if decision is None and found.state == CONFIRMED:
        decision = DecisionForm(formdata=None, division_choices=division_choices(divisions.every()))
    if payment is None and found.state == ACCEPTED:
        payment = FirstPaymentForm(formdata=None, today=state().today)
        payment.member_number.data = persons.next_number()
        payment["received_on"].data = state().today
        payment.dues_cents.data = max(found.dues_monthly * 12, LEAST_DUES if found.dues_reduction else 0)
    return render_template(
        "membership/admissions/show.html",
        one=found,
        names=state_names(),
        events=admitting.events(found),
        candidates=[] if found.person_id else candidates(admitting.details(found)),
        division_name=divisions.names().get(found.division_id or 0, ""),
        decision=decision,
        payment=payment,
        form=payment or decision,
        button=Confirmation(formdata=None),
        erased_on=format_date(found.retain_until, "long"),
    )
