"""Pages for offers, and for the people who hold offices."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.offices import OFFICES
from app.shared.assignments import SeparationRefused
from app.shared.models import Posting
from app.shared.postings import filled_seats, view
from app.web.guard import officer_required
from app.web.state import state
from compartments.board import labels, reader, reports
from compartments.board.applications import letters
from compartments.board.applications.acting import Again, carry_out, gone, letter_for
from compartments.board.applications.history import UnknownApplication, find
from compartments.board.appointments import orders, people, service
from compartments.board.appointments.forms import (
    NEW_PERSON,
    NameForm,
    OfferForm,
    WithdrawForm,
    choose_person,
)
from compartments.board.appointments.people import Held
from compartments.board.appointments.service import NoSeatLeft, PostingGone, Terms
from compartments.board.forms import EmptyForm
from compartments.board.models import Application, Appointment, Wish

blueprint = Blueprint("people", __name__)
TIME_TO_ANSWER = timedelta(days=14)


@blueprint.get("/")
@officer_required
def index() -> ResponseReturnValue:
    """Who holds what."""
    compartment = request.args.get("compartment", "")
    chosen = compartment if compartment in OFFICES else None
    figures = reports.per_posting(reader.language(), state().today)
    return render_template(
        "board/people/index.html",
        held=people.held(chosen),
        chosen=chosen,
        offices=OFFICES,
        vacancies=reports.vacancies(figures),
        titles=reader.titles(),
        today=state().today,
        soon=state().today + timedelta(days=reports.REMINDERS[0]),
    )


@blueprint.get("/<assignment>/name")
@officer_required
def ask_name(assignment: str) -> ResponseReturnValue:
    """Ask for somebody's name."""
    one = _held(assignment)
    return _name_page(NameForm(name=one.name, email=one.email), one)


@blueprint.post("/<assignment>/name")
@officer_required
def name(assignment: str) -> ResponseReturnValue:
    """Keep somebody's name."""
    one, form = _held(assignment), NameForm()
    if not form.validate_on_submit():
        return _name_page(form, one), 422
    service.name_person(one.person, form.name.data, form.email.data or "")
    flash(_("The name has been saved."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.get("/<assignment>/end")
@officer_required(stepped_up=True)
def ask_end(assignment: str) -> ResponseReturnValue:
    """Ask whether it is meant."""
    return _end_page(EmptyForm(), _held(assignment))


@blueprint.post("/<assignment>/end")
@officer_required(stepped_up=True)
def end(assignment: str) -> ResponseReturnValue:
    """End somebody's office, and their access, at once."""
    one, form = _held(assignment), EmptyForm()
    if not form.validate_on_submit():
        return _end_page(form, one), 422
    service.end(assignment, actor=reader.actor(), day=state().today)
    orders.deliver()
    flash(_("The office has ended, and all access with it."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.get("/offer/<application_id>/<int:wish_id>")
@officer_required
def ask_offer(application_id: str, wish_id: int) -> ResponseReturnValue:
    """The form of an offer, filled in as far as the posting says."""
    application, wish, posting = _wished(application_id, wish_id)
    if application is None:
        return gone()
    day = state().today
    answer_by = day + TIME_TO_ANSWER
    form = OfferForm(
        revision=application.revision,
        starts_on=day,
        ends_on=_months_later(day, posting.term_months) if posting and posting.term_months else None,
        answer_by=answer_by,
        text=letter_for(application, letters.OFFER, [wish.posting], answer_by),
    )
    return _offer_page(wish, form, Again(), "")


@blueprint.post("/offer/<application_id>/<int:wish_id>")
@officer_required
def offer(application_id: str, wish_id: int) -> ResponseReturnValue:
    """Decide an offer. What the separation rules forbid is refused by the rule's name."""
    form = OfferForm()
    application, wish, _posting = _wished(application_id, wish_id)
    if application is None:
        return gone(form)
    choose_person(form, _known(application), application.name)
    if not form.validate_on_submit() or not form.check_days(state().today):
        return _offer_page(wish, form, Again(), ""), 422

    def act() -> None:
        service.offer(
            application_id,
            reader.seen(form),
            _terms(form, wish_id),
            actor=reader.actor(),
            now=utc_now(),
            day=state().today,
            cooling_off=state().settings.cooling_off,
        )

    def page(_application: Application, again: Again) -> str:
        return _offer_page(wish, form, again, "")

    try:
        return carry_out(application_id, form, "offer", act, page, _("The offer has been decided."))
    except SeparationRefused as refused:
        return _offer_page(wish, form, Again(), "", refused=refused), 409
    except NoSeatLeft:
        return _offer_page(wish, form, Again(), _("Every seat of this posting is filled or offered.")), 409
    except PostingGone:
        return _offer_page(wish, form, Again(), _("The posting of this wish isn't there any more.")), 409


@blueprint.get("/offer/<appointment_id>/withdraw")
@officer_required
def ask_withdraw(appointment_id: str) -> ResponseReturnValue:
    """The letter that takes an offer back."""
    appointment, application = _offered(appointment_id)
    form = WithdrawForm(
        revision=application.revision,
        letter=letter_for(application, letters.OFFER_WITHDRAWN, [appointment.posting]),
    )
    return _withdraw_page(appointment, application, form, Again())


@blueprint.post("/offer/<appointment_id>/withdraw")
@officer_required
def withdraw(appointment_id: str) -> ResponseReturnValue:
    """Take an open offer back."""
    form = WithdrawForm()
    appointment, application = _offered(appointment_id)

    def act() -> None:
        service.withdraw(
            application.id,
            reader.seen(form),
            appointment_id,
            form.letter.data,
            actor=reader.actor(),
            now=utc_now(),
            day=state().today,
        )

    def page(current: Application, again: Again) -> str:
        return _withdraw_page(appointment, current, form, again)

    return carry_out(application.id, form, "withdraw", act, page, _("The offer has been withdrawn."))


def _held(assignment: str) -> Held:
    one = people.find(assignment)
    if one is None:
        abort(404)
    return one


def _name_page(form: NameForm, one: Held) -> str:
    return render_template("board/people/name.html", form=form, one=one, titles=reader.titles())


def _end_page(form: EmptyForm, one: Held) -> str:
    return render_template(
        "board/people/end.html",
        form=form,
        one=one,
        titles=reader.titles(),
        is_last=people.is_last_officer(one),
    )


def _wished(application_id: str, wish_id: int) -> tuple[Application | None, Any, Posting | None]:
    """The application (None where it is gone), its wish, and that wish's posting."""
    try:
        application = find(application_id)
    except UnknownApplication:
        return None, None, None
    wish = Wish.get_or_none(Wish.id == wish_id, Wish.application == application)
    if wish is None:
        abort(404)
    return application, wish, Posting.get_or_none(Posting.slug == wish.posting)


def _offered(appointment_id: str) -> tuple[Appointment, Application]:
    appointment = Appointment.get_or_none(Appointment.id == appointment_id)
    if appointment is None or appointment.wish_id is None:
        abort(404)
    return appointment, find(Wish.get_by_id(appointment.wish_id).application_id)


def _known(application: Application) -> list[tuple[str, str]]:
    return [
        (known.person, _("Yes: %(name)s", name=known.name))
        for known in people.known_as(application.name, application.email)
    ]


def _terms(form: OfferForm, wish_id: int) -> Terms:
    return Terms(
        wish=wish_id,
        person=None if form.person.data == NEW_PERSON else form.person.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        answer_by=form.answer_by.data,
        text=form.text.data,
    )


def _offer_page(
    wish: Wish, form: OfferForm, again: Again, problem: str, *, refused: SeparationRefused | None = None
) -> str:
    application = find(wish.application_id)
    known = people.known_as(application.name, application.email)
    choose_person(form, _known(application), application.name)
    posting = Posting.get_or_none(Posting.slug == wish.posting)
    seen = view(posting, reader.language(), state().today, filled_seats(posting.slug)) if posting else None
    return render_template(
        "board/people/offer.html",
        application=application,
        wish=wish,
        posting=seen,
        form=form,
        known=known,
        hints={one.person: _hint(one) for one in known},
        titles=reader.titles(),
        happened=again.happened,
        problem=again.problem or problem,
        refused=refused,
    )


def _hint(known: people.Known) -> str:
    """What the board knows of somebody: how to reach them, and which offices they hold."""
    titles = reader.titles()
    offices = [titles.get(one.posting or "") or str(labels.ROLES[one.role]) for one in known.offices]
    return " · ".join(part for part in (known.email, ", ".join(offices)) if part)


def _withdraw_page(
    appointment: Appointment, application: Application, form: WithdrawForm, again: Again
) -> str:
    return render_template(
        "board/people/withdraw.html",
        appointment=appointment,
        application=application,
        form=form,
        titles=reader.titles(),
        happened=again.happened,
        problem=again.problem,
    )


def _months_later(day: date, months: int) -> date:
    """The last day of a term of so many months that begins on ``day``."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last)) - timedelta(days=1)
