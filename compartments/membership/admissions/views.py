"""Pages of this part of the membership compartment: applications for membership, from the sealed envelope to the number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import utc_now
from app.envelopes import outbox
from app.office.blueprint import author, signed_in
from app.office.forms import Confirmation, SeenForm
from app.office.inbox import AT_MOST, Entry, Source
from app.office.sources import add_source
from app.web.countries import country_name
from app.web.guard import officer_required
from app.web.navigation import NavItem, add_nav
from app.web.state import state
from compartments.membership import divisions, persons
from compartments.membership.admissions import admitting, corresponding
from compartments.membership.admissions.admitting import FirstPayment, NoAdmission, NotNow
from compartments.membership.admissions.forms import DecisionForm, FirstPaymentForm, LetterForm
from compartments.membership.admissions.models import (
    ACCEPTED,
    CONFIRMED,
    RECEIVED,
    STATES,
    Admission,
    AdmissionLetter,
)
from compartments.membership.admissions.service import ACTIONS
from compartments.membership.admissions.words import state_names
from compartments.membership.duplicates.candidates import candidates
from compartments.membership.fields import divisions as division_choices
from keys.randomness import new_id

LEAST_DUES = 4_800
"""Cents per year that are proposed for somebody whose dues are reduced for a time."""
blueprint = Blueprint("admissions", __name__, url_prefix="/admissions")
add_nav(
    blueprint,
    "membership",
    NavItem(
        lazy_gettext("Applicants"),
        ".index",
        order=12,
        section=(".", "membership.admission_letters."),
        visible=signed_in,
    ),
)


def _letters() -> list[Entry]:
    return [
        Entry(
            _("Letter of an applicant"),
            one.text,
            f"{one.admission.first_name} {one.admission.last_name}",
            one.day,
            url_for("membership.admissions.show", admission_id=one.admission_id) + "#letters",
        )
        for one in corresponding.waiting(AT_MOST)
    ]


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


add_source(blueprint, "membership", Source(_letters, corresponding.count_waiting))
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
    return page_of(find(admission_id))


@blueprint.post("/<admission_id>/confirm")
@officer_required
def confirm(admission_id: str) -> ResponseReturnValue:
    """The application is complete and goes to the division."""
    find(admission_id)
    if not Confirmation().validate_on_submit():
        flash(_("The page was open for too long. Please try again."), "warning")
        return back_to(admission_id)
    try:
        admitting.confirm(admission_id, by=author(), now=utc_now())
    except NotNow:
        return _too_late(admission_id)
    flash(_("The application is with the division now."), "success")
    return back_to(admission_id)


@blueprint.post("/<admission_id>/decision")
@officer_required(junior=False)
def decide(admission_id: str) -> ResponseReturnValue:
    """Write down what the division has decided, and tell the applicant."""
    found = find(admission_id)
    form = DecisionForm(division_choices=division_choices(divisions.every()))
    if not form.validate_on_submit():
        return page_of(found, decision=form)
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
    return back_to(admission_id)


@blueprint.post("/<admission_id>/first-payment")
@officer_required(junior=False)
def admit(admission_id: str) -> ResponseReturnValue:
    """The first payment is there: give the number."""
    found, form = find(admission_id), FirstPaymentForm(today=state().today)
    if not form.validate_on_submit():
        return page_of(found, payment=form)
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
        return page_of(found, payment=form)
    except NotNow:
        return _too_late(admission_id)
    outbox.deliver(ACTIONS)
    flash(_("The person is in the register now, and the desk knows."), "success")
    return redirect(url_for("membership.person", person_id=person.id), 303)


def find(admission_id: str) -> Admission:
    """Return an application, or answer that there is none."""
    try:
        return admitting.find(admission_id)
    except NoAdmission:
        abort(404)


def _letter_form() -> LetterForm:
    form = LetterForm(formdata=None)
    form.entry.data = new_id()
    return form


def _below(form: SeenForm, letters: Sequence[tuple[AdmissionLetter, Any]]) -> SeenForm:
    """Note on a form which of the applicant's letters stand above it."""
    form.seen.data = sum(one.came_in for one, _files in letters)
    return form


def back_to(admission_id: str) -> Response:
    """Go to the page of an application."""
    return redirect(url_for("membership.admissions.show", admission_id=admission_id), 303)


def _too_late(admission_id: str) -> Response:
    flash(_("Somebody else has done this already."), "info")
    return back_to(admission_id)


def page_of(
    found: Admission,
    *,
    decision: DecisionForm | None = None,
    payment: FirstPaymentForm | None = None,
    letter: LetterForm | None = None,
) -> ResponseReturnValue:
    """The page of one application; a form that was sent shows what is wrong with it."""
    wrong = payment or decision or letter
    if decision is None and found.state == CONFIRMED:
        decision = DecisionForm(formdata=None, division_choices=division_choices(divisions.every()))
    if payment is None and found.state == ACCEPTED:
        payment = FirstPaymentForm(formdata=None, today=state().today)
        payment.member_number.data = persons.next_number()
        payment["received_on"].data = state().today
        payment.dues_cents.data = max(found.dues_monthly * 12, LEAST_DUES if found.dues_reduction else 0)
    letters = corresponding.letters(found)
    return render_template(
        "membership/admissions/show.html",
        one=found,
        names=state_names(),
        country=country_name,
        events=admitting.events(found),
        candidates=[] if found.person_id else candidates(admitting.details(found)),
        division_name=divisions.names().get(found.division_id or 0, ""),
        decision=decision,
        payment=payment,
        form=wrong,
        letter=_below(letter or _letter_form(), letters),
        settle=_below(SeenForm(formdata=None), letters),
        letters=letters,
        button=Confirmation(formdata=None),
        erased_on=format_date(found.retain_until, "long"),
    )
