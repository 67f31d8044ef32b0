"""Letting a running term end sooner or later than was agreed. Ending it at once is another act, with other consequences (see ``service``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.envelopes import outbox
from app.envelopes.outbox import Action
from app.shared import assignments
from app.shared.models import Assignment
from compartments.board.applications.history import Actor
from compartments.board.models import Appointment, database

TERM = "term"


class NoSuchTerm(LookupError):
    """There is no such office, or it has ended, or it is an offer still."""


class StaleTerm(Exception):
    """Somebody else has changed the last day since the page was made; ``now`` is what it is."""

    def __init__(self, now: date | None) -> None:
        super().__init__("the term has been changed meanwhile")
        self.now = now


class DayHasPassed(ValueError):
    """The new last day is before the first one, or before today."""


def change(assignment_id: str, ends_on: date | None, *, was: date | None, actor: Actor, day: date) -> None:
    """Order that an office ends on ``ends_on`` (None: it has no end). ``was`` is the last day that the page showed, ``day`` today.

    Raises :class:`NoSuchTerm`, :class:`StaleTerm` and :class:`DayHasPassed`; then nothing is ordered. The same day again orders nothing.
    """
    with database.atomic("IMMEDIATE"):
        row = Assignment.get_or_none(Assignment.id == assignment_id, Assignment.state != "ended")
        offer = Appointment.get_or_none(Appointment.id == assignment_id)
        if row is None or (offer is not None and offer.state != "accepted"):
            raise NoSuchTerm(assignment_id)
        if ends_on == row.ends_on:
            return
        if row.ends_on != was:
            raise StaleTerm(row.ends_on)
        if ends_on is not None and ends_on < max(row.starts_on, day):
            raise DayHasPassed(ends_on)
        Appointment.update(ends_on=ends_on).where(Appointment.id == assignment_id).execute()
        last_day = ends_on.isoformat() if ends_on else None
        payload = {"assignment": assignment_id, "ends_on": last_day, "by": actor.id, "day": day.isoformat()}
        outbox.order(TERM, payload)


def _change(_order_id: str, payload: dict[str, Any]) -> None:
    ends_on = date.fromisoformat(payload["ends_on"]) if payload["ends_on"] else None
    day = date.fromisoformat(payload["day"])
    assignments.change_term(payload["assignment"], ends_on, day=day, actor=payload["by"])


ACTIONS: Mapping[str, Action] = {TERM: _change}
