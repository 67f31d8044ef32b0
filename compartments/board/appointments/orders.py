"""What the board tells the shared layer about an appointment, and what it learns back: orders that survive a crash, each carried out once.

The message with the enrolment code is ordered only after the shared layer has taken the appointment. So a refusal there, in a race with another
board member, leaves no code anywhere, and a crash between the two leaves the order of the appointment, which is carried out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from app import faultpoints
from app.clock import utc_now
from app.envelopes import outbox
from app.envelopes.mailbox_letters import offer
from app.envelopes.outbox import Action
from app.shared import assignments, mailboxes
from app.shared.assignments import SeparationRefused
from app.shared.models import Assignment
from compartments.board.applications.history import Actor, keep_sent, note
from compartments.board.appointments import merging, terms
from compartments.board.models import DECISION, Application, Appointment, Wish, database

APPOINTMENT, APPOINTMENT_END, MAILBOX_ERASURE = "appointment", "appointment-end", "mailbox-erasure"


def end(assignment: str, *, by: str, day: date) -> None:
    """Order, inside the decision's transaction, that an assignment ends: at once, whether somebody is at work on it or not."""
    outbox.order(APPOINTMENT_END, {"assignment": assignment, "by": by, "day": day.isoformat()})


def erase_mailbox_on(mailbox: str, day: date) -> None:
    """Order that a mailbox and its messages go on ``day``."""
    outbox.order(MAILBOX_ERASURE, {"mailbox": mailbox, "day": day.isoformat()})


def deliver() -> int:
    """Carry out everything that is ordered, and what comes of it; return how many orders that was."""
    delivered = 0
    while done := outbox.deliver(ACTIONS):
        delivered += done
    return delivered


def _appoint(order_id: str, payload: dict[str, Any]) -> None:
    asked = payload["assignment"]
    if not _is_wanted(asked["assignment"]):
        return
    assignments.appoint(order_id, asked)
    faultpoints.reached("appointment.after-shared")
    if not Assignment.select().where(Assignment.id == asked["assignment"]).exists():
        _settle_refused(asked["assignment"], _rule_against(payload))
    elif _is_wanted(asked["assignment"]):
        _settle_offered(payload)
    else:
        # Withdrawn by somebody else between the two lines above, whose order to end it may have come too early.
        assignments.end(asked["assignment"], day=utc_now().date())


def _is_wanted(assignment: str) -> bool:
    """Whether the board still means it: the offer may have been withdrawn, or its application erased, since it was ordered."""
    return (
        Appointment.select()
        .where(Appointment.id == assignment, Appointment.state.not_in(("declined", "withdrawn", "ended")))
        .exists()
    )


def _rule_against(payload: dict[str, Any]) -> str:
    """Name the rule that the database has just refused by; empty where none of them says so."""
    asked = payload["assignment"]
    try:
        cooling_off = timedelta(days=payload["cooling_off_days"])
        assignments.check(
            asked["person"], asked["compartment"], date.fromisoformat(payload["day"]), cooling_off
        )
    except SeparationRefused as refusal:
        return refusal.rule
    return ""


def _settle_offered(payload: dict[str, Any]) -> None:
    """Note that the shared layer has the appointment, and order the message with the code, together and once."""
    with database.atomic("IMMEDIATE"):
        appointment = Appointment.get_or_none(Appointment.id == payload["assignment"]["assignment"])
        # Gone or no longer "ordered": withdrawn meanwhile, or this is the second attempt after a crash.
        if appointment is None or appointment.state != "ordered":
            return
        appointment.state = "offered"
        appointment.save()
        application = Application.get_by_id(Wish.get_by_id(appointment.wish_id).application_id)
        letter = offer(
            payload["text"],
            posting=appointment.posting,
            assignment=appointment.id,
            code=payload["code"],
            expires_on=appointment.answer_by,
            at=datetime.fromisoformat(payload["at"]),
        )
        now, day = utc_now(), date.fromisoformat(payload["day"])
        message_id = outbox.answer(application.mailbox, bytes(application.sealing_key), letter, day=day)
        actor = Actor(appointment.decided_by, appointment.decided_by_name)
        keep_sent(application, message_id, "offer", payload["text"], actor=actor, now=now, day=day)
        faultpoints.reached("appointment.before-settled")


def _settle_refused(assignment: str, rule: str) -> None:
    with database.atomic("IMMEDIATE"):
        appointment = Appointment.get_or_none(Appointment.id == assignment)
        if appointment is None or appointment.state != "ordered":
            return
        appointment.state, appointment.refusal = "refused", rule
        appointment.settled_on = utc_now().date()
        appointment.save()
        if appointment.wish_id is None:
            return
        wish = Wish.get_by_id(appointment.wish_id)
        application = Application.get_by_id(wish.application_id)
        application.revision += 1
        application.changed_at = utc_now()
        application.save()
        note(application, "refused", wish=wish, to_stage=DECISION, reason=rule, at=utc_now())


def _end(_order_id: str, payload: dict[str, Any]) -> None:
    assignments.end(
        payload["assignment"], day=date.fromisoformat(payload["day"]), actor=payload["by"] or None
    )


def _erase_mailbox(_order_id: str, payload: dict[str, Any]) -> None:
    mailboxes.erase_on(payload["mailbox"], date.fromisoformat(payload["day"]))


ACTIONS: Mapping[str, Action] = {
    APPOINTMENT: _appoint,
    APPOINTMENT_END: _end,
    MAILBOX_ERASURE: _erase_mailbox,
    **merging.ACTIONS,
    **terms.ACTIONS,
}
