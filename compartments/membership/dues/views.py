"""Pages of dues: quick entry, the payments of a person, reminders and strikings-off."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app.clock import utc_now
from app.office.blueprint import author
from app.web.guard import officer_required
from app.web.state import state
from compartments.membership import months, persons
from compartments.membership.dues import payments, reminders
from compartments.membership.dues.forms import (
    ChoiceForm,
    PaymentForm,
    QuickPaymentForm,
    TakeBackForm,
    WaiverForm,
)
from compartments.membership.dues.models import Payment
from compartments.membership.dues.rules import rules
from compartments.membership.forms import LANGUAGE_NAMES, PERIODS
from compartments.membership.models import Person
from keys.randomness import new_id

LONGEST_ID = 18
blueprint = Blueprint("dues", __name__, url_prefix="/dues")


@blueprint.route("/", methods=["GET", "POST"])
@officer_required
def index() -> ResponseReturnValue:
    """Enter one payment after another, by member number."""
    form = QuickPaymentForm(today=state().today)
    if form.validate_on_submit():
        known = persons.numbered(form.member_number.data or 0)
        if known is None:
            form.member_number.errors = [_("Nobody has this member number.")]
        elif _booked(known.id, form):
            day = form["received_on"].data.isoformat()
            return redirect(url_for(".index", day=day, last=known.id), 303)
    if request.method == "GET":
        form.entry.data = new_id()
        form["received_on"].data = request.args.get("day", state().today, type=date.fromisoformat)
    last = _last(request.args.get("last", 0, type=int))
    return render_template("membership/dues/index.html", form=form, last=last)


@blueprint.get("/persons/<int:person_id>")
@officer_required
def person(person_id: int) -> ResponseReturnValue:
    """What a person owes and has paid. That it was read is logged."""
    known = _found(person_id)
    persons.read(known.id, by=author(), now=utc_now())
    form, waiver = PaymentForm(today=state().today), WaiverForm(prefix="waiver-")
    form.entry.data, waiver.entry.data = new_id(), new_id()
    form["received_on"].data = state().today
    form.amount.data = _instalment(known)
    return _payments_page(known, form, waiver)


@blueprint.post("/persons/<int:person_id>/payments")
@officer_required
def pay(person_id: int) -> ResponseReturnValue:
    """Book a payment."""
    known, form = _found(person_id), PaymentForm(today=state().today)
    if form.validate_on_submit() and _booked(known.id, form):
        return redirect(url_for(".person", person_id=known.id), 303)
    waiver = WaiverForm(formdata=None, prefix="waiver-")
    waiver.entry.data = new_id()
    return _payments_page(known, form, waiver)


@blueprint.post("/persons/<int:person_id>/waivers")
@officer_required(junior=False)
def waive(person_id: int) -> ResponseReturnValue:
    """Release a person from some months."""
    known, waiver = _found(person_id), WaiverForm(prefix="waiver-")
    if waiver.validate_on_submit():
        count = int(waiver.months.data or 0)
        entry, reason = waiver.entry.data or new_id(), waiver.reason.data or ""
        payments.waive(known.id, count=count, reason=reason, entry_id=entry, by=author(), now=utc_now())
        flash(_("The months are waived."), "success")
        return redirect(url_for(".person", person_id=known.id), 303)
    form = PaymentForm(formdata=None, today=state().today)
    form.entry.data, form["received_on"].data = new_id(), state().today
    return _payments_page(known, form, waiver)


@blueprint.post("/persons/<int:person_id>/payments/<entry_id>/taken-back")
@officer_required(junior=False)
def take_back(person_id: int, entry_id: str) -> ResponseReturnValue:
    """Take a booking back."""
    if TakeBackForm().validate_on_submit():
        try:
            payments.take_back(person_id, entry_id, by=author(), now=utc_now())
        except (payments.NoPayment, persons.NoPerson):
            abort(404)
        flash(_("The booking is taken back."), "success")
    else:
        flash(_("The page was open for too long. Please try again."), "warning")
    return redirect(url_for(".person", person_id=person_id), 303)


@blueprint.route("/reminders", methods=["GET", "POST"])
@officer_required
def remind() -> ResponseReturnValue:
    """Who is due for a reminder; ticked are those whom it has been sent."""
    form, day = ChoiceForm(), state().today
    if form.validate_on_submit():
        number = reminders.remind(_chosen(), day=day, by=author(), now=utc_now())
        flash(
            ngettext("%(num)s reminder is written down.", "%(num)s reminders are written down.", number),
            "success",
        )
        return redirect(url_for(".remind"), 303)
    return render_template("membership/dues/reminders.html", **_listed(form, reminders.due(day)))


@blueprint.route("/strike-offs", methods=["GET", "POST"])
@officer_required(junior=False)
def strike_off() -> ResponseReturnValue:
    """Who may be struck off the list of members; nobody is without being ticked."""
    form, day = ChoiceForm(), state().today
    if form.validate_on_submit():
        ticket = form.ticket.data or ""
        number = reminders.strike_off(_chosen(), day=day, by=author(), now=utc_now(), ticket=ticket)
        flash(
            ngettext("%(num)s membership is ended.", "%(num)s memberships are ended.", number),
            "success" if number else "info",
        )
        return redirect(url_for(".strike_off"), 303)
    return render_template("membership/dues/strike_offs.html", **_listed(form, reminders.strike_offs(day)))


def _last(person_id: int) -> Person | None:
    try:
        return persons.find(person_id)
    except persons.NoPerson:
        return None


def _found(person_id: int) -> Person:
    try:
        return persons.find(person_id)
    except persons.NoPerson:
        abort(404)


def _booked(person_id: int, form: PaymentForm) -> bool:
    """Book what the form says; False where nobody knows what the person owes."""
    try:
        payments.record(
            person_id,
            cents=int(form.amount.data or 0),
            received_on=form["received_on"].data,
            entry_id=form.entry.data or new_id(),
            by=author(),
            now=utc_now(),
            reference=form.reference.data or "",
        )
    except payments.NoAmount:
        form.amount.errors = [_("Nobody has entered what this person owes per year. Please do that first.")]
        return False
    until = format_date(persons.find(person_id).paid_until, "medium")
    flash(_("The payment is booked. Paid until %(day)s now.", day=until), "success")
    return True


def _payments_page(known: Person, form: PaymentForm, waiver: WaiverForm) -> ResponseReturnValue:
    today = state().today
    booked: list[Payment] = payments.of(known.id)
    return render_template(
        "membership/dues/person.html",
        person=known,
        form=form,
        waiver=waiver,
        back=TakeBackForm(formdata=None),
        payments=booked,
        yearly=payments.yearly(known, today),
        often=PERIODS.get(known.dues_every),
        arrears=months.arrears(known.paid_until, today, known.dues_cents),
    )


def _listed(form: ChoiceForm, owing: list[reminders.Owing]) -> dict[str, Any]:
    shown = owing[: reminders.SHOWN]
    return {
        "form": form,
        "owing": shown,
        "more": len(owing) > len(shown),
        "today": state().today,
        "rules": rules(),
        "shown": reminders.SHOWN,
        "ticked": request.args.get("all") == "1",
        "language_names": LANGUAGE_NAMES,
    }


def _chosen() -> list[int]:
    return [
        int(text) for text in request.form.getlist("person") if text.isdecimal() and len(text) < LONGEST_ID
    ]


def _instalment(known: Person) -> int | None:
    owed = payments.yearly(known, state().today)
    return owed * known.dues_every // 12 if owed else None
