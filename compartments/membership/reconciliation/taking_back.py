"""Taking one member out of the lists of leavers: their exit was a mistake, or they have come back. Knows no Flask.

A list can't be called back: it may be anywhere between here and the platform. What is taken back is the deactivation of one key. Wherever the
list waits, that key is taken off it; where it was applied, the account is unlocked with the next regular list.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from peewee import SQL, fn

from app import faultpoints
from app.envelopes import outbox
from app.office.authors import Author
from compartments.membership.eligibility import eligible
from compartments.membership.invitations.models import ASSIGNED, ENDED_BY_EXIT, ReferenceKey
from compartments.membership.reconciliation.models import ListedKey, TakenBack
from compartments.membership.tables import Person, database

CLEARING = "clearing"


class NothingToTakeBack(LookupError):
    """This person isn't a member, has a key that is good, or was never mailed one that a list of leavers ended."""


def candidates(limit: int = 100) -> list[Person]:
    """Return members whose key a list of leavers has ended, and who have no other one."""
    return list(_candidates().order_by(Person.last_name, Person.first_name, Person.id).limit(limit))


def count() -> int:
    """Return how many they are. Cheap: every page asks."""
    return int(_candidates().count())


def take_back(person_id: int, reason: str, *, entry_id: str, by: Author, day: date) -> TakenBack:
    """Let the person's last key be good again and tell clearing; the same ``entry_id`` again does it once.

    Raises :class:`NothingToTakeBack`.
    """
    with database.atomic("IMMEDIATE"):
        known: TakenBack | None = TakenBack.get_or_none(TakenBack.id == entry_id)
        if known is not None:
            return known
        if not _candidates().where(Person.id == person_id).exists():
            raise NothingToTakeBack(person_id)
        ended = (ReferenceKey.person == person_id, SQL(ENDED_BY_EXIT))
        key = ReferenceKey.select().where(*ended).order_by(ReferenceKey.deactivated_on.desc()).first()
        good = {"state": ASSIGNED, "reason": None, "deactivated_on": None}
        ReferenceKey.update(good).where(ReferenceKey.key == key.key).execute()
        listed = eligible(day).where(Person.id == person_id).exists()
        if listed:
            ListedKey.insert(key=key.key).on_conflict_ignore().execute()
        outbox.send(
            "keys-restored", CLEARING, {"keys": [key.key], "listed": listed, "reason": reason}, day=day
        )
        faultpoints.reached("taking-back.before-commit")
        return TakenBack.create(
            id=entry_id, person=person_id, reason=reason, taken_back_on=day, taken_back_by_name=by.name
        )


def newest(limit: int = 20) -> list[TakenBack]:
    """Return who was taken back, newest first."""
    return list(TakenBack.select().order_by(TakenBack.taken_back_on.desc(), TakenBack.id).limit(limit))


def _candidates() -> Any:
    ended = ReferenceKey.select(ReferenceKey.person).where(
        SQL(ENDED_BY_EXIT), ReferenceKey.person.is_null(False)
    )
    living = ReferenceKey.select(fn.COUNT(ReferenceKey.key)).where(
        ReferenceKey.person == Person.id, ReferenceKey.state == ASSIGNED
    )
    return Person.select().where(Person.id.in_(ended), Person.left_on.is_null(), living == 0)
