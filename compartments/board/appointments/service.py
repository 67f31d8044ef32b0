"""Offers and what becomes of them: made, accepted or declined, withdrawn, ended. The separation rules are asked before, and again by the shared layer.

An offer is decided in the vault together with the order for it (see ``orders``). Persons are known by name here only; the shared layer has an id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.clock import utc_now
from app.envelopes import outbox
from app.envelopes.letter import Letter
from app.shared import assignments
from app.shared.models import Assignment, Posting
from app.shared.postings import filled_seats
from compartments.board.applications.history import Actor, Seen, acting, note
from compartments.board.applications.incoming import changed, find_signed
from compartments.board.applications.service import NotPossibleNow, send, wish_of
from compartments.board.appointments import orders
from compartments.board.models import (
    APPOINTED,
    DECIDED,
    DECISION,
    OFFERED,
    WITHDRAWN,
    Application,
    Appointment,
    Person,
    Wish,
    database,
)
from keys.codes import new_code
from keys.enrolment import code_id
from keys.randomness import new_id


class NoSeatLeft(Exception):
    """Every seat of the posting is filled or offered."""


class PostingGone(Exception):
    """The posting of this wish isn't there."""


@dataclass(frozen=True)
class Terms:
    """What is offered to whom. ``person`` None makes a new person; ``answer_by`` is the last day to answer and to enrol."""

    wish: int
    person: str | None
    starts_on: date
    ends_on: date | None
    answer_by: date
    text: str = field(repr=False)


def offer(
    application_id: str,
    seen: Seen,
    terms: Terms,
    *,
    actor: Actor,
    now: datetime,
    day: date,
    cooling_off: timedelta,
) -> str:
    """Decide an offer and order what follows from it; return the assignment's id.

    Raises :class:`~app.shared.assignments.SeparationRefused` (which names the rule and nothing else), :class:`NoSeatLeft`, :class:`PostingGone`,
    :class:`NotPossibleNow`, and what :func:`~compartments.board.applications.history.acting` raises. Then nothing has been decided.
    """
    with acting(application_id, seen) as application:
        wish = wish_of(application, terms.wish)
        if wish.stage in {OFFERED, *DECIDED}:
            raise NotPossibleNow(wish.stage)
        posting = Posting.get_or_none(Posting.slug == wish.posting)
        if posting is None:
            raise PostingGone(wish.posting)
        _require_seat(posting)
        person = _person(terms, application)
        assignments.check(person.id, posting.compartment, day, cooling_off)
        appointment = Appointment.create(
            id=new_id(),
            person=person,
            wish=wish,
            posting=posting.slug,
            compartment=posting.compartment,
            role=posting.role,
            starts_on=terms.starts_on,
            ends_on=terms.ends_on,
            answer_by=terms.answer_by,
            decided_by=actor.id,
            decided_by_name=actor.name,
            decided_at=now,
        )
        note(application, "offered", once=seen.once, wish=wish, to_stage=OFFERED, actor=actor, at=now)
        _order(appointment, terms.text, now, day, cooling_off)
    return str(appointment.id)


def _order(appointment: Appointment, text: str, now: datetime, day: date, cooling_off: timedelta) -> None:
    """The code is made here and stands in the order only, which goes as soon as it has been carried out."""
    code = new_code() if appointment.compartment else None
    assignment = {
        "assignment": appointment.id,
        "person": appointment.person_id,
        "compartment": appointment.compartment,
        "role": appointment.role,
        "posting": appointment.posting,
        "appointed_on": day.isoformat(),
        "starts_on": appointment.starts_on.isoformat(),
        "ends_on": appointment.ends_on.isoformat() if appointment.ends_on else None,
        "code_id": code_id(code) if code else None,
        "expires_on": appointment.answer_by.isoformat(),
    }
    payload = {
        "assignment": assignment,
        "code": code,
        "text": text,
        "at": now.isoformat(),
        "day": day.isoformat(),
        "cooling_off_days": cooling_off.days,
    }
    outbox.order(orders.APPOINTMENT, payload)


def withdraw(
    application_id: str,
    seen: Seen,
    appointment_id: str,
    letter: str,
    *,
    actor: Actor,
    now: datetime,
    day: date,
) -> None:
    """Take an open offer back and write to the applicant. Raises :class:`NotPossibleNow` where it has been answered."""
    with acting(application_id, seen) as application:
        appointment = Appointment.get_or_none(Appointment.id == appointment_id)
        if (
            appointment is None
            or appointment.wish_id is None
            or appointment.state not in {"ordered", "offered"}
        ):
            raise NotPossibleNow("offer")
        wish = wish_of(application, appointment.wish_id)
        _close(appointment, "withdrawn", day)
        orders.end(appointment.id, by=actor.id, day=day)
        note(
            application,
            "offer-withdrawn",
            once=seen.once,
            wish=wish,
            to_stage=DECISION,
            actor=actor,
            at=now,
        )
        send(application, "message", letter, actor=actor, now=now, day=day)


def take_reply(letter: Letter) -> None:
    """Take the answer to an offer. One that comes too late changes nothing but is noted. Runs while importing; reaches only the vault."""
    application, body, now = find_signed(letter), letter.body, utc_now()
    if not isinstance(body["offer"], str) or not isinstance(body["accepted"], bool):
        raise TypeError("an answer names its offer and says yes or no")
    found = (
        Appointment.select(Appointment, Wish)
        .join(Wish)
        .where(Appointment.id == body["offer"], Wish.application == application)
        .first()
    )
    if found is None:
        raise ValueError("the answer is to no offer of this application")
    changed(application)
    if found.state not in {"ordered", "offered"}:
        note(application, "late-reply", wish=found.wish, at=now)
    elif body["accepted"]:
        _close(found, "accepted", now.date())
        note(application, "accepted", wish=found.wish, to_stage=APPOINTED, at=now)
    else:
        _close(found, "declined", now.date())
        orders.end(found.id, by="", day=now.date())
        note(application, "declined", wish=found.wish, to_stage=WITHDRAWN, at=now)


def end(assignment_id: str, *, actor: Actor, day: date) -> None:
    """End somebody's office at once, whether it began with an offer here or at the founding."""
    with database.atomic("IMMEDIATE"):
        appointment = Appointment.get_or_none(Appointment.id == assignment_id)
        if appointment is not None:
            _over(appointment, "offer-withdrawn", day, actor)
        orders.end(assignment_id, by=actor.id, day=day)


def reconcile(day: date) -> int:
    """Note here which offers and offices have ended in the shared layer meanwhile: terms that are over, codes that ran out.

    Return how many. Changes nothing where nothing has ended.
    """
    live = list(Appointment.select().where(Appointment.state.in_(("offered", "accepted"))))
    over = Assignment.select(Assignment.id).where(
        Assignment.id.in_([row.id for row in live]), Assignment.state == "ended"
    )
    ended = {row.id for row in over}
    if not ended:
        return 0
    with database.atomic("IMMEDIATE"):
        for appointment in Appointment.select().where(
            Appointment.id.in_(ended), Appointment.state.in_(("offered", "accepted"))
        ):
            _over(appointment, "expired", day)
    return len(ended)


def refused() -> list[Appointment]:
    """Return the appointments that a rule stood against when they were delivered, newest first, while their application is here."""
    return list(
        Appointment.select(Appointment, Wish)
        .join(Wish)
        .where(Appointment.state == "refused", Wish.stage == DECISION)
        .order_by(Appointment.decided_at.desc())
    )


def name_person(person_id: str, name: str, email: str) -> None:
    """Give a person of the shared layer their name: somebody who was in office before the board kept names, or one misspelt."""
    Person.insert(id=person_id, name=name, email=email).on_conflict_replace().execute()


def _over(appointment: Appointment, event: str, day: date, actor: Actor | None = None) -> None:
    """Note that an office has ended; if it was an offer still, its wish is to be decided again."""
    was_open = appointment.state in {"ordered", "offered"}
    _close(appointment, "withdrawn" if was_open else "ended", day)
    if not was_open or appointment.wish_id is None:
        return
    wish = Wish.get_by_id(appointment.wish_id)
    application = Application.get_by_id(wish.application_id)
    changed(application)
    note(application, event, wish=wish, to_stage=DECISION, actor=actor, at=utc_now())


def _close(appointment: Appointment, state: str, day: date) -> None:
    appointment.state, appointment.settled_on = state, day
    appointment.save()


def _require_seat(posting: Posting) -> None:
    on_their_way = (
        Appointment.select()
        .where(Appointment.posting == posting.slug, Appointment.state == "ordered")
        .count()
    )
    filled = posting.filled_before + filled_seats(posting.slug) + on_their_way
    if posting.max_seats is not None and filled >= posting.max_seats:
        raise NoSeatLeft(posting.slug)


def _person(terms: Terms, application: Application) -> Person:
    if terms.person is None:
        return Person.create(id=new_id(), name=application.name, email=application.email)
    person = Person.get_or_none(Person.id == terms.person)
    if person is None:
        raise NotPossibleNow("no such person")
    return person
