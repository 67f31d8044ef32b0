"""Who holds what: the shared layer's assignments with the names that only this vault knows; and who an applicant may turn out to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from peewee import JOIN

from app.offices import OFFICER
from app.shared.models import Account, Assignment, Commitment
from compartments.board.applications.words import folded
from compartments.board.models import Appointment, Person, Wish

ALIKE = 0.85
"""From this share on, two names may be the same human's: "Anna-Maria Kuhn" and "Kuhn, Annamaria"."""

OFFERS = ("ordered", "offered")
"""Standings in which the applicant has not said yes."""


@dataclass(frozen=True)
class Held:
    """One office that somebody holds or is to hold. ``name`` is empty where the board has none.

    ``standing``: ordered, offered, accepted (not enrolled), enrolled (not admitted), active.
    """

    assignment: str
    person: str
    name: str
    email: str
    posting: str | None
    compartment: str | None
    role: str
    standing: str
    starts_on: date
    ends_on: date | None
    signed_on: date | None
    application: str | None


@dataclass(frozen=True)
class Known:
    """Somebody whom an applicant may be, with the offices that they hold."""

    person: str
    name: str
    email: str
    same_email: bool
    offices: Sequence[Held]


def held(compartment: str | None = None) -> list[Held]:
    """Return everybody in office, and every offer that is open or accepted; by name."""
    live = Assignment.select().where(Assignment.state != "ended")
    if compartment is not None:
        live = live.where(Assignment.compartment == compartment)
    rows = list(live)
    names = {person.id: person for person in Person.select()}
    offers = {offer.id: offer for offer in Appointment.select(Appointment, Wish).join(Wish, JOIN.LEFT_OUTER)}
    signed = {row.assignment_id: row.signed_on for row in Commitment.select()}
    enrolled = {
        account.assignment_id: account.state for account in Account.select().where(Account.state != "ended")
    }
    found = [_held(row, names, offers, signed, enrolled) for row in rows]
    return sorted(found, key=lambda one: (not one.name, folded(one.name), one.starts_on))


def find(assignment_id: str) -> Held | None:
    """Return one of them, or None where it has ended."""
    return next((one for one in held() if one.assignment == assignment_id), None)


def is_last_officer(one: Held) -> bool:
    """Whether nobody else could open this compartment afterwards, short of the recovery shares."""
    others = Assignment.select().where(
        Assignment.compartment == one.compartment,
        Assignment.role == OFFICER,
        Assignment.state == "active",
        Assignment.id != one.assignment,
    )
    return one.compartment is not None and one.standing == "active" and not others.exists()


def known_as(name: str, email: str) -> list[Known]:
    """Return the persons whose name or e-mail address is the same or nearly so; the likeliest first."""
    offices = held()
    likely = []
    for person in Person.select():
        same_email = bool(email) and person.email.casefold() == email.casefold()
        likeness = _likeness(person.name, name)
        if same_email or likeness >= ALIKE:
            theirs = [one for one in offices if one.person == person.id]
            likely.append(
                (likeness + same_email, Known(person.id, person.name, person.email, same_email, theirs))
            )
    return [known for _, known in sorted(likely, key=lambda pair: -pair[0])]


def comparable(name: str) -> str:
    """Return a name as it compares with others: without case, accents, hyphens, and in no order of its parts."""
    return " ".join(sorted(folded(name).replace("-", " ").replace(",", " ").split()))


def is_alike(one: str, other: str) -> bool:
    """Whether two names may be the same human's."""
    return _likeness(one, other) >= ALIKE


def _held(
    row: Assignment,
    names: Mapping[str, Person],
    offers: Mapping[str, Appointment],
    signed: Mapping[str, date],
    enrolled: Mapping[str, str],
) -> Held:
    person, offer = names.get(row.person_id), offers.get(row.id)
    if row.state == "active":
        standing = "active"
    elif row.id in enrolled:
        standing = "enrolled"
    else:
        standing = offer.state if offer else "accepted"
    return Held(
        assignment=row.id,
        person=row.person_id,
        name=person.name if person else "",
        email=person.email if person else "",
        posting=row.posting_id,
        compartment=row.compartment,
        role=row.role,
        standing=standing,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        signed_on=signed.get(row.id),
        application=offer.wish.application_id if offer and offer.wish else None,
    )


def _likeness(one: str, other: str) -> float:
    """Both readings of a hyphen are tried: "Anna-Maria" is "Anna Maria" to one and "Annamaria" to another."""
    return max(
        SequenceMatcher(None, comparable(first), comparable(second)).ratio()
        for first in {one, one.replace("-", "")}
        for second in {other, other.replace("-", "")}
    )
