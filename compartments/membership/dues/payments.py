"""Books payments and keeps until when a person has paid. Whole months are paid; what is left over waits as credit. Knows no Flask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import chunked, fn

from app.office.authors import Author
from compartments.membership import months, persons
from compartments.membership.dues.models import CARRIED, PAYMENT, WAIVER, Payment
from compartments.membership.models import Person, database
from keys.randomness import new_id

MOST_MONTHS = 120


class NoAmount(ValueError):
    """Nobody has said what the person owes, so a payment can't be counted in months."""


class NoPayment(LookupError):
    """There is no such payment, or it has been taken back already."""


@dataclass(frozen=True)
class Carried:
    """What another system says of a person: paid until then, and first on that day (None: never)."""

    person_id: int
    paid_until: date
    first_paid_on: date | None


def yearly(person: Person, day: date) -> int | None:
    """Return the cents per year that a person owes on ``day``, a reduction taken into account."""
    if person.reduced_until is not None and day <= person.reduced_until:
        reduced: int | None = person.reduced_cents
        return reduced
    owed: int | None = person.dues_cents
    return owed


def of(person_id: int) -> list[Payment]:
    """Return everything that was booked for a person, newest first."""
    query = Payment.select().where(Payment.person == person_id)
    return list(query.order_by(Payment.received_on.desc(), Payment.at.desc(), Payment.entry_id))


def record(
    person_id: int,
    *,
    cents: int,
    received_on: date,
    entry_id: str,
    by: Author,
    now: datetime,
    reference: str = "",
) -> Payment:
    """Book money. The same ``entry_id`` again books nothing. Raises :class:`NoAmount` and ``persons.NoPerson``."""
    with database.atomic("IMMEDIATE"):
        person = persons.find(person_id)
        if known := _known(person_id, entry_id):
            return known
        owed = yearly(person, received_on)
        if owed is None:
            raise NoAmount(person_id)
        total = person.credit_cents + cents
        # Who owes nothing has given it.
        paid, used = _months_for(total, owed) if owed else (0, cents)
        person.credit_cents = total - used
        person.first_paid_on = min(person.first_paid_on or received_on, received_on)
        _move(person, paid, now.date())
        booked = {"cents": cents, "months": paid, "used_cents": used}
        return _book(person, entry_id, by, now, received_on=received_on, reference=reference, **booked)


def waive(person_id: int, *, count: int, reason: str, entry_id: str, by: Author, now: datetime) -> Payment:
    """Release a person from ``count`` months. That is no payment. Raises ``ValueError`` and ``persons.NoPerson``."""
    if not 0 < count <= MOST_MONTHS:
        raise ValueError(f"between 1 and {MOST_MONTHS} months")
    with database.atomic("IMMEDIATE"):
        person = persons.find(person_id)
        if known := _known(person_id, entry_id):
            return known
        _move(person, count, now.date())
        waived = {"kind": WAIVER, "months": count, "received_on": now.date(), "reference": reason}
        return _book(person, entry_id, by, now, **waived)


def take_back(person_id: int, entry_id: str, *, by: Author, now: datetime) -> None:
    """Undo a booking, for example a debit that the bank returned. It stays in the list. Raises :class:`NoPayment`."""
    with database.atomic("IMMEDIATE"):
        person, payment = persons.find(person_id), _known(person_id, entry_id)
        if payment is None or payment.taken_back_at is not None:
            raise NoPayment(entry_id)
        Payment.update(taken_back_by=by.name, taken_back_at=now).where(_is(person_id, entry_id)).execute()
        credit, short = person.credit_cents - (payment.cents - payment.used_cents), 0
        if credit < 0:
            # The credit it left has paid for later months.
            short, used = _months_for(credit, yearly(person, now.date()) or 1)
            credit -= used
        person.credit_cents = credit
        person.first_paid_on = _first_paid_on(person_id)
        _move(person, short - payment.months, now.date())


def carry_over(everyone: Iterable[Carried], *, by: Author, now: datetime, reference: str = "") -> None:
    """Take over what another system says of many persons, in one transaction. Ends of months are what counts."""
    with database.atomic("IMMEDIATE"):
        for batch in chunked(everyone, 300):
            rows: Any = Person.select(Person.id, Person.paid_until, Person.first_paid_on).where(
                Person.id.in_([one.person_id for one in batch])
            )
            known = {row[0]: row[1:] for row in rows.tuples()}
            _carry_batch([one for one in batch if one.person_id in known], known, by, now, reference)


def _carry_batch(
    batch: list[Carried], known: dict[int, tuple[Any, ...]], by: Author, now: datetime, reference: str
) -> None:
    rows, changed = [], []
    for one in batch:
        end, (present, first) = months.end_of_month(one.paid_until), known[one.person_id]
        moved = months.between(present, end)
        first = min(filter(None, (first, one.first_paid_on)), default=None)
        carried = {"kind": CARRIED, "months": moved, "received_on": now.date(), "reference": reference}
        rows.append(_row(one.person_id, new_id(), by, now, **carried))
        changed.append((end.isoformat(), first and first.isoformat(), one.person_id))
    if rows:
        Payment.insert_many(rows).execute()
        database.connection().executemany(
            "update person set paid_until = ?, first_paid_on = ? where id = ?", changed
        )


def _months_for(cents: int, owed: int) -> tuple[int, int]:
    """How many whole months ``cents`` are, at ``owed`` cents per year, and what these cost; below zero where cents are."""
    paid = cents * 12 // owed
    return paid, -(-paid * owed // 12)


def _move(person: Person, count: int, today: date) -> None:
    person.paid_until = months.months_later(person.paid_until, count)
    if months.between(person.paid_until, today) <= 0:
        # Reminders are over once nothing is owed.
        person.reminders, person.reminded_on = 0, None
    person.save(only=["paid_until", "first_paid_on", "credit_cents", "reminders", "reminded_on"])


def _first_paid_on(person_id: int) -> date | None:
    query = Payment.select(fn.MIN(Payment.received_on)).where(
        Payment.person == person_id, Payment.kind == PAYMENT, Payment.taken_back_at.is_null()
    )
    found: date | None = query.scalar()
    return found


def _is(person_id: int, entry_id: str) -> Any:
    return (Payment.person == person_id) & (Payment.entry_id == entry_id)


def _known(person_id: int, entry_id: str) -> Payment | None:
    known: Payment | None = Payment.get_or_none(_is(person_id, entry_id))
    return known


def _book(person: Person, entry_id: str, by: Author, now: datetime, **columns: Any) -> Payment:
    payment: Payment = Payment.create(**_row(person.id, entry_id, by, now, **columns))
    return payment


def _row(person_id: int, entry_id: str, by: Author, now: datetime, **columns: Any) -> dict[str, Any]:
    who = {"officer": by.id, "officer_name": by.name, "at": now}
    return {"person": person_id, "entry_id": entry_id, **who, **columns}
