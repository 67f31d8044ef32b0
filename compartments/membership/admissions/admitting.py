"""From an application to a member: confirmed by the office, decided by the division, and with the first payment a number. Knows no Flask.

Each step is one transaction: what is written here, the letter into the mailbox, the person in the register, the envelope to the desk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.envelopes import outbox
from app.envelopes.mailbox_letters import decision, message
from app.faultpoints import reached
from app.office.authors import Author
from compartments.membership import divisions, persons
from compartments.membership.admissions import corresponding, letters
from compartments.membership.admissions.models import (
    ACCEPTED,
    CONFIRMED,
    MEMBER,
    OPEN,
    RECEIVED,
    REFUSED,
    Admission,
    AdmissionEvent,
)
from compartments.membership.details import Details
from compartments.membership.dues import payments
from compartments.membership.duplicates.candidates import remember
from compartments.membership.models import Person, database

AT_MOST = 200
ERASE_MAILBOX = "admission-mailbox"
REDUCED_FOR = timedelta(days=365)


class NoAdmission(LookupError):
    """There is no such application, or it was erased."""


class NotNow(Exception):
    """The application isn't at that step any more: somebody else was faster."""


@dataclass(frozen=True)
class FirstPayment:
    """What the office enters when the money is there. Cents; ``dues_cents`` is what is owed per year without a reduction."""

    member_number: int
    cents: int
    received_on: date
    dues_cents: int


def listed(state: str) -> list[Admission]:
    """Return the applications in ``state``, the longest waiting first."""
    order = (Admission.received_on, Admission.id)
    return list(Admission.select().where(Admission.state == state).order_by(*order).limit(AT_MOST))


def waiting(limit: int) -> list[Admission]:
    """Return those on which the office has something to do."""
    todo = Admission.select().where(Admission.state.in_(OPEN))
    return list(todo.order_by(Admission.received_on, Admission.id).limit(limit))


def count_waiting() -> int:
    """Return how many those are."""
    return int(Admission.select().where(Admission.state.in_(OPEN)).count())


def find(admission_id: str) -> Admission:
    """Return an application; raises :class:`NoAdmission`."""
    found: Admission | None = Admission.get_or_none(Admission.id == admission_id)
    if found is None:
        raise NoAdmission(admission_id)
    return found


def events(admission: Admission) -> list[AdmissionEvent]:
    """Return what was done, oldest first."""
    return list(
        AdmissionEvent.select().where(AdmissionEvent.admission == admission).order_by(AdmissionEvent.id)
    )


def confirm(admission_id: str, *, by: Author, now: datetime) -> None:
    """Note that the application is complete. Raises :class:`NoAdmission`, :class:`NotNow`."""
    with database.atomic("IMMEDIATE"):
        _step(_at(admission_id, RECEIVED), CONFIRMED, by, now)


def accept(
    admission_id: str, *, division: int | None, decided_by: str, by: Author, now: datetime, day: date
) -> None:
    """Write down that the division has accepted, and tell the applicant. Raises :class:`NoAdmission`, :class:`NotNow`."""
    with database.atomic("IMMEDIATE"):
        admission = _at(admission_id, CONFIRMED)
        admission.division_id, admission.decided_by = division, decided_by
        _step(admission, ACCEPTED, by, now)
        text = _letter(letters.ACCEPTED, admission, division=decided_by)
        corresponding.send(admission, message(text, at=now), by=by, now=now, day=day)


def refuse(
    admission_id: str,
    *,
    decided_by: str,
    reason: str,
    retention: timedelta,
    by: Author,
    now: datetime,
    day: date,
) -> date:
    """Write down the refusal with its reasons, send them, and set the day of erasure, which is returned. Raises as :func:`accept`."""
    with database.atomic("IMMEDIATE"):
        admission = _at(admission_id, CONFIRMED)
        admission.decided_by, admission.reason = decided_by, reason
        admission.retain_until = day + retention
        _step(admission, REFUSED, by, now)
        text = _letter(
            letters.REFUSED,
            admission,
            division=decided_by,
            reason=reason,
            date=_day(admission.retain_until, admission.language),
        )
        corresponding.send(admission, decision(text, at=now), by=by, now=now, day=day)
        _erase_mailbox_on(admission)
        return day + retention


def admit(admission_id: str, paid: FirstPayment, *, by: Author, now: datetime, day: date) -> Person:
    """Make a member: person, payment, letter, and the envelope to the desk, in one transaction and once.

    The same again returns the member. Raises :class:`NoAdmission`, :class:`NotNow`, ``persons.NumberTaken``.
    """
    with database.atomic("IMMEDIATE"):
        admission = find(admission_id)
        if admission.state == MEMBER and admission.person_id:
            return persons.find(admission.person_id)
        admission = _at(admission_id, ACCEPTED)
        person = persons.add(_details(admission, paid), entry_id=admission.id, by=by, now=now)
        remember(person, now=now)
        reached("member.after-person")
        payments.record(
            person.id, cents=paid.cents, received_on=paid.received_on, entry_id=admission.id, by=by, now=now
        )
        reached("member.after-payment")
        admission.person_id = person.id
        _step(admission, MEMBER, by, now)
        text = _letter(letters.WELCOME, admission, number=str(paid.member_number))
        corresponding.send(admission, decision(text, at=now), by=by, now=now, day=day)
        outbox.send("new-member", "desk", _hand_over(admission, paid), day=day)
        reached("member.before-commit")
    reached("member.after-commit")
    return persons.find(person.id)


def erase_due(day: date) -> int:
    """Erase what has come to the end of its time, whatever its state; return how many. Members stay in the register."""
    return int(Admission.delete().where(Admission.retain_until <= day).execute())


def is_any_due(day: date) -> bool:
    """Whether :func:`erase_due` has anything to do."""
    return Admission.select().where(Admission.retain_until <= day).exists()


def details(admission: Admission, member_number: int = 1) -> Details:
    """Return an application as the register would hold it, for comparing it with who is there."""
    paid = FirstPayment(member_number, 0, admission.received_on, admission.dues_monthly * 12)
    return _details(admission, paid)


def _details(admission: Admission, paid: FirstPayment) -> Details:
    reduced = admission.dues_monthly * 12 if admission.dues_reduction else None
    return Details(
        member_number=paid.member_number,
        entered_on=paid.received_on,
        division=admission.division_id,
        dues_cents=paid.dues_cents,
        dues_every=12,
        reduced_cents=reduced,
        reduced_until=paid.received_on + REDUCED_FOR if reduced is not None else None,
        reduction_reason=admission.dues_reason[:200],
        **{
            name: getattr(admission, name)
            for name in (
                "last_name", "first_name", "birth_date", "street", "postcode", "city", "country", "email", "phone", "language", "citizenship",
            )
        },
    )  # fmt: skip


def _hand_over(admission: Admission, paid: FirstPayment) -> dict[str, str]:
    return {
        "name": f"{admission.first_name} {admission.last_name}".strip(),
        "email": admission.email,
        "language": admission.language,
        "member_since": paid.received_on.isoformat(),
        "division": divisions.names().get(admission.division_id or 0, ""),
        "note": "",
    }


def _at(admission_id: str, state: str) -> Admission:
    admission = find(admission_id)
    if admission.state != state:
        raise NotNow(admission.state)
    return admission


def _step(admission: Admission, state: str, by: Author, now: datetime) -> None:
    admission.state = state
    admission.save()
    AdmissionEvent.create(admission=admission, state=state, officer=by.id, officer_name=by.name, at=now)


def _letter(kind: str, admission: Admission, **places: str) -> str:
    name = f"{admission.first_name} {admission.last_name}".strip()
    return letters.written(kind, admission.language, **places, name=name)


def _day(day: date, language: str) -> str:
    return day.strftime("%d.%m.%Y") if language == "de" else day.isoformat()


def _erase_mailbox_on(admission: Admission) -> None:
    outbox.order(ERASE_MAILBOX, {"mailbox": admission.mailbox, "day": admission.retain_until.isoformat()})
