"""What board members do with an application: write, move, reject. Each act under the revision seen, once per form, with its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from app.envelopes import outbox
from app.envelopes.mailbox_letters import decision, message
from compartments.board.applications.history import (
    Actor,
    ApplicationError,
    Seen,
    acting,
    find,
    is_decided,
    keep_sent,
    note,
)
from compartments.board.appointments import orders
from compartments.board.models import (
    APPOINTED,
    DEFAULT_STAGES,
    OFFERED,
    REJECTED,
    WITHDRAWN,
    Application,
    Reading,
    Wish,
)


class NotPossibleNow(ApplicationError):
    """The wish stands where this can't be done: an offer is open, or it has been decided."""


def read(application_id: str, officer: str, now: datetime) -> Application:
    """Return an application and note who has read it. Raises :class:`~compartments.board.applications.history.UnknownApplication`."""
    application = find(application_id)
    Reading.insert(application=application, officer=officer, read_at=now).on_conflict_replace().execute()
    return application


def write(application_id: str, seen: Seen, text: str, *, actor: Actor, now: datetime, day: date) -> None:
    """Send the applicant a message. Raises what :func:`~compartments.board.applications.history.acting` raises."""
    with acting(application_id, seen) as application:
        send(application, "message", text, actor=actor, now=now, day=day)
        note(application, "written", once=seen.once, actor=actor, at=now)


def move(
    application_id: str, seen: Seen, wish_id: int, stage: str, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Put one wish on another stage of its pipeline, also back from a rejection. Raises :class:`NotPossibleNow`."""
    with acting(application_id, seen) as application:
        wish = wish_of(application, wish_id)
        if wish.stage in {OFFERED, APPOINTED, WITHDRAWN}:
            raise NotPossibleNow(wish.stage)
        if stage not in DEFAULT_STAGES:
            raise NotPossibleNow(stage)
        note(
            application,
            "moved",
            once=seen.once,
            wish=wish,
            to_stage=stage,
            actor=actor,
            reason=reason,
            at=now,
        )


def reject(
    application_id: str,
    seen: Seen,
    wish_ids: Sequence[int],
    letter: str,
    *,
    reason: str,
    retention: timedelta,
    actor: Actor,
    now: datetime,
    day: date,
) -> None:
    """Reject some wishes with one letter. ``reason`` stays inside. Once nothing is open any more, the time until erasure begins.

    Raises :class:`NotPossibleNow` where an offer is open or a wish has been decided.
    """
    with acting(application_id, seen) as application:
        wishes = [wish_of(application, wish_id) for wish_id in wish_ids]
        if not wishes or any(wish.stage in {OFFERED, APPOINTED, REJECTED, WITHDRAWN} for wish in wishes):
            raise NotPossibleNow("rejection")
        for place, wish in enumerate(wishes):
            note(
                application,
                "rejected",
                once=None if place else seen.once,
                wish=wish,
                to_stage=REJECTED,
                actor=actor,
                reason=reason,
                at=now,
            )
        send(application, "decision", letter, actor=actor, now=now, day=day)
        if is_decided(application):
            application.retain_until = day + retention
            orders.erase_mailbox_on(application.mailbox, application.retain_until)


def send(application: Application, kind: str, text: str, *, actor: Actor, now: datetime, day: date) -> None:
    """Seal a message to the applicant, order its delivery, and keep what was written."""
    content = decision(text, at=now) if kind == "decision" else message(text, at=now)
    message_id = outbox.answer(application.mailbox, bytes(application.sealing_key), content, day=day)
    keep_sent(application, message_id, kind, text, actor=actor, now=now, day=day)


def wish_of(application: Application, wish_id: int) -> Wish:
    """Return one wish of an application; raises :class:`NotPossibleNow`."""
    wish = Wish.get_or_none(Wish.id == wish_id, Wish.application == application)
    if wish is None:
        raise NotPossibleNow("no such wish")
    return wish
