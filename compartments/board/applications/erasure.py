"""Erasing applications: at the applicant's word, at the end of their time, or by the board. What stays is a trace without a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.clock import utc_now
from app.envelopes.letter import Letter
from compartments.board.applications.history import UnknownApplication
from compartments.board.applications.incoming import find_signed
from compartments.board.appointments import orders
from compartments.board.models import (
    Application,
    ApplicationFile,
    ApplicationFilePiece,
    Appointment,
    ErasedApplication,
    Person,
    Wish,
    database,
)

OPEN_OFFER = ("ordered", "offered")
NEVER_HELD = ("ordered", "offered", "declined", "withdrawn", "refused")
AT_ONCE = 200


def take_withdrawal(letter: Letter) -> None:
    """Erase an application because its owner says so; the signature is checked first."""
    _erase(find_signed(letter), "withdrawn", by="", day=utc_now().date())


def erase(application_id: str, *, by: str, day: date) -> None:
    """Erase an application by decision of the board; its mailbox goes too. Raises :class:`UnknownApplication`."""
    with database.atomic("IMMEDIATE"):
        application = Application.get_or_none(Application.id == application_id)
        if application is None:
            raise UnknownApplication(application_id)
        orders.erase_mailbox_on(application.mailbox, day)
        _erase(application, "board", by=by, day=day)


def erase_due(day: date) -> int:
    """Erase what has come to the end of its time; return how many applications."""
    with database.atomic("IMMEDIATE"):
        due = list(Application.select().where(Application.retain_until <= day).limit(AT_ONCE))
        for application in due:
            _erase(application, "retention", by="", day=day)
    return len(due)


def is_any_due(day: date) -> bool:
    """Whether :func:`erase_due` has anything to do."""
    return Application.select().where(Application.retain_until <= day).exists()


def _erase(application: Application, why: str, *, by: str, day: date) -> None:
    """Delete an application with everything that hangs on it. An offer not yet accepted ends; an office that came of it stays."""
    wishes = list(Wish.select().where(Wish.application == application))
    appointments = list(Appointment.select().where(Appointment.wish.in_(wishes)))
    for appointment in appointments:
        if appointment.state in OPEN_OFFER:
            orders.end(appointment.id, by=by, day=day)
        if appointment.state in NEVER_HELD:
            appointment.delete_instance()
    for wish in wishes:
        ErasedApplication.create(
            posting=wish.posting,
            received_on=application.received_on,
            erased_on=day,
            why=why,
            stage=wish.stage,
        )
    files: Any = ApplicationFile.select(ApplicationFile.id).where(ApplicationFile.application == application)
    ApplicationFilePiece.delete().where(ApplicationFilePiece.owner.in_(files)).execute()
    application.delete_instance()
    _forget_persons({appointment.person_id for appointment in appointments})


def _forget_persons(ids: set[str]) -> None:
    """Forget the names of those who have never held an office."""
    known = Appointment.select(Appointment.person).where(Appointment.person.in_(ids))
    Person.delete().where(Person.id.in_(ids), Person.id.not_in(known)).execute()
