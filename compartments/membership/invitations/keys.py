"""Rules of reference keys on the membership office's side: asked for, taken in, deactivated. Knows no Flask, and no invite code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from app.envelopes import outbox
from app.envelopes.letter import Letter
from app.office.authors import Author
from compartments.membership.invitations.models import (
    ASSIGNED,
    DEACTIVATED,
    FREE,
    AddressHold,
    Invitation,
    KeyRequest,
    ReferenceKey,
)
from compartments.membership.tables import Person, database
from keys.codes import grouped
from keys.randomness import shuffle

MOST_AT_ONCE = 100_000
CLEARING = "clearing"


class NoKey(LookupError):
    """There is no such key, or it isn't good any more."""


@dataclass(frozen=True)
class Counts:
    """How many keys there are, by what has become of them."""

    free: int
    assigned: int
    deactivated: int

    @property
    def issued(self) -> int:
        """All that ever came."""
        return self.free + self.assigned + self.deactivated


def ask(count: int, *, request_id: str, by: Author, day: date) -> KeyRequest:
    """Ask clearing for ``count`` keys. The same ``request_id`` again asks once. Raises ``ValueError`` for a count that makes no sense."""
    if not 0 < count <= MOST_AT_ONCE:
        raise ValueError(f"between 1 and {MOST_AT_ONCE}")
    with database.atomic("IMMEDIATE"):
        known: KeyRequest | None = KeyRequest.get_or_none(KeyRequest.id == request_id)
        if known is not None:
            return known
        outbox.send("keys-request", CLEARING, {"request": request_id, "count": count}, day=day)
        return KeyRequest.create(id=request_id, count=count, asked_on=day, asked_by_name=by.name)


def take_in(letter: Letter, day: date) -> None:
    """Take in keys that clearing has made. A key that is here already is an error of theirs: the letter is refused as a whole."""
    keys = shuffle({grouped(str(key)) for key in letter.body["keys"]})
    if len(keys) != len(letter.body["keys"]):
        raise ValueError("a key comes twice")
    key_set = str(letter.body["key_set"])
    for start in range(0, len(keys), 500):
        ReferenceKey.insert_many(
            [{"key": key, "key_set": key_set} for key in sorted(keys[start : start + 500])]
        ).execute()
    KeyRequest.update(arrived=KeyRequest.arrived + len(keys), arrived_on=day).where(
        KeyRequest.id == str(letter.body["request"])
    ).execute()


def counts() -> Counts:
    """Return how many keys there are of each state."""
    rows: Any = ReferenceKey.select(ReferenceKey.state, fn.COUNT(ReferenceKey.key)).group_by(
        ReferenceKey.state
    )
    by_state: dict[str, int] = dict(rows.tuples())
    return Counts(by_state.get(FREE, 0), by_state.get(ASSIGNED, 0), by_state.get(DEACTIVATED, 0))


def requests(limit: int = 10) -> list[KeyRequest]:
    """Return what was asked for, newest first; what is still open stands on top."""
    return list(
        KeyRequest.select()
        .order_by(KeyRequest.arrived_on.is_null().desc(), KeyRequest.asked_on.desc(), KeyRequest.id)
        .limit(limit)
    )


def living_key(person_id: int) -> ReferenceKey | None:
    """Return the key that the person has and that is good."""
    found: ReferenceKey | None = ReferenceKey.get_or_none(
        ReferenceKey.person == person_id, ReferenceKey.state == ASSIGNED
    )
    return found


def deactivate(keys: Iterable[str], reason: str, *, day: date) -> int:
    """Deactivate assigned keys and tell clearing; return how many were good until now. Call it inside the decision's transaction."""
    with database.atomic():
        good = [
            row.key
            for row in ReferenceKey.select(ReferenceKey.key).where(
                ReferenceKey.key.in_(list(keys)), ReferenceKey.state == ASSIGNED
            )
        ]
        if not good:
            return 0
        ReferenceKey.update(state=DEACTIVATED, reason=reason, deactivated_on=day).where(
            ReferenceKey.key.in_(good)
        ).execute()
        outbox.send("keys-deactivated", CLEARING, {"keys": shuffle(good), "reason": reason}, day=day)
    return len(good)


def deactivate_of(person_id: int, reason: str, *, day: date) -> None:
    """Deactivate the key of one person, who gets a new one with the next run. Raises :class:`NoKey`."""
    with database.atomic("IMMEDIATE"):
        key = living_key(person_id)
        if key is None:
            raise NoKey(person_id)
        deactivate([key.key], reason, day=day)


def give_back(key: ReferenceKey, reason: str, *, day: date) -> None:
    """Take a key back from a person who didn't get it: free where it has never left this office, deactivated where it has."""
    if key.state != ASSIGNED:
        return
    if key.exposed:
        deactivate([key.key], reason, day=day)
        return
    ReferenceKey.update(state=FREE, person=None, assigned_on=None).where(
        ReferenceKey.key == key.key
    ).execute()


def hold(person: Person, reason: str, *, day: date) -> None:
    """Mail nothing more to the address that the person has now."""
    AddressHold.insert(
        person=person.id, email=person.email, reason=reason, since=day
    ).on_conflict_replace().execute()


def lift_hold(person_id: int) -> None:
    """Mail to this address again."""
    AddressHold.delete().where(AddressHold.person == person_id).execute()


def holds(limit: int = 200) -> list[AddressHold]:
    """Return the addresses on hold, newest first, with their persons; an address that was corrected is none."""
    return list(
        AddressHold.select(AddressHold, Person)
        .join(Person)
        .where(AddressHold.email == Person.email)
        .order_by(AddressHold.since.desc(), AddressHold.person)
        .limit(limit)
    )


def take_back_bounced(tokens: Iterable[str], status: str, *, day: date) -> int:
    """Note that mails came back: their addresses are put on hold, their keys deactivated. Return how many. Unknown tokens say nothing."""
    noted = 0
    for token in sorted(tokens):
        invitation: Any = Invitation.get_or_none(
            Invitation.token == token, Invitation.state.in_(["data", "sent", "unclear"])
        )
        if invitation is None:
            continue
        invitation.state, invitation.code, invitation.settled_on = "bounced", status or "bounce", day
        invitation.save()
        if invitation.person is not None:
            hold(invitation.person, status or "bounce", day=day)
        if invitation.key is not None:
            give_back(invitation.key, "undeliverable", day=day)
        noted += 1
    return noted
