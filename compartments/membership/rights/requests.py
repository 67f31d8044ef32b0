"""Requests of persons about their own data, and the month in which each is answered. Knows no Flask."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from app.office.authors import Author
from compartments.membership import persons
from compartments.membership.models import database
from compartments.membership.rights.models import RightsRequest

AT_MOST = 200


class NoRequest(LookupError):
    """There is no such request."""


def a_month_later(day: date) -> date:
    """Return the same day of the next month, or its last one (Art. 12(3) GDPR, Regulation 1182/71 Art. 3(2)(c))."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)  # noqa: PLR2004
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def note(
    person_id: int, kind: str, *, received_on: date, entry_id: str, by: Author, ticket: str = ""
) -> RightsRequest:
    """Write a request down, once per form. Raises ``persons.NoPerson``."""
    with database.atomic("IMMEDIATE"):
        known: RightsRequest | None = RightsRequest.get_or_none(RightsRequest.id == entry_id)
        if known is not None:
            return known
        made: RightsRequest = RightsRequest.create(
            id=entry_id,
            person=persons.find(person_id),
            kind=kind,
            received_on=received_on,
            due_on=a_month_later(received_on),
            ticket=ticket,
            noted_by_name=by.name,
        )
        return made


def answer(request_id: str, *, by: Author, day: date) -> None:
    """Note that a request is answered; whoever did first, stays. Raises :class:`NoRequest`."""
    found = RightsRequest.get_or_none(RightsRequest.id == request_id)
    if found is None:
        raise NoRequest(request_id)
    RightsRequest.update(answered_on=day, answered_by_name=by.name).where(
        RightsRequest.id == request_id, RightsRequest.answered_on.is_null()
    ).execute()


def waiting(limit: int = AT_MOST) -> list[RightsRequest]:
    """Return what is not answered, the most urgent first."""
    todo = RightsRequest.select().where(RightsRequest.answered_on.is_null())
    return list(todo.order_by(RightsRequest.due_on, RightsRequest.id).limit(limit))


def count_waiting() -> int:
    """Return how many those are."""
    return int(RightsRequest.select().where(RightsRequest.answered_on.is_null()).count())


def of(person_id: int) -> list[RightsRequest]:
    """Return everything that a person has asked for, newest first."""
    mine = RightsRequest.select().where(RightsRequest.person == person_id)
    return list(mine.order_by(RightsRequest.received_on.desc(), RightsRequest.id))
