"""Pages for making an offer and taking it back. They belong to the blueprint of the people's pages."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import utc_now
from app.shared.assignments import SeparationRefused
from app.shared.models import Posting
from app.shared.postings import filled_seats, view
from app.web.guard import officer_required
from app.web.look import LOOKS
from app.web.state import state
from compartments.board import reader
from compartments.board.applications import letters
from compartments.board.applications.acting import Again, carry_out, gone, letter_for
from compartments.board.applications.history import UnknownApplication, find
from compartments.board.appointments import people, service
from compartments.board.appointments.forms import (
    NEW_PERSON,
    OfferForm,
    WithdrawForm,
    choose_person,
)
from compartments.board.appointments.service import NoSeatLeft, PostingGone, Terms
from compartments.board.appointments.views import blueprint
from compartments.board.models import Application, Appointment, Wish

__all__ = ["blueprint"]
TIME_TO_ANSWER = timedelta(days=14)


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
    offices = [
        titles.get(one.posting or "") or str(LOOKS[one.compartment].title if one.compartment else "")
        for one in known.offices
    ]
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
