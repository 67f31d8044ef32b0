"""Rules of reconciliation batches: previewed, stopped at a threshold, sent shuffled, counted when the answer is back. Knows no Flask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN, chunked, fn

from app import faultpoints
from app.envelopes import outbox
from app.envelopes.letter import Letter
from app.office import calendar
from app.office.authors import Author
from app.office.calendar import Reminder
from compartments.membership.eligibility import eligible
from compartments.membership.invitations import keys as reference_keys
from compartments.membership.invitations.models import ASSIGNED, ReferenceKey
from compartments.membership.reconciliation import rules
from compartments.membership.reconciliation.models import COUNTED, REGULAR, URGENT, Batch, ListedKey
from compartments.membership.tables import Person, database
from keys.randomness import shuffle

CLEARING = "clearing"
ROWS = 500


class NothingToSend(Exception):
    """The list would be empty; an empty list would lock everybody, so it is never sent."""


class Changed(Exception):
    """The list is no longer what the officer saw. ``preview`` is what it is now."""

    def __init__(self, preview: Preview) -> None:
        super().__init__("the list has changed")
        self.preview = preview


class NeedsSecondOfficer(Exception):
    """One officer alone may not send this: it locks too many, or it is so small that it points at somebody."""

    def __init__(self, preview: Preview) -> None:
        super().__init__("a second officer has to confirm")
        self.preview = preview


@dataclass(frozen=True)
class Preview:
    """What a batch would be: how many keys, how the list differs from the last regular one, and how many leavers' keys die with it."""

    kind: str
    size: int
    added: int
    removed: int
    leavers: int
    listed_before: int
    threshold: int
    floor: int

    @property
    def is_over_threshold(self) -> bool:
        """Whether it takes away more than the office has agreed that one officer may (a share in percent)."""
        return self.kind == REGULAR and self.removed * 100 > self.threshold * self.listed_before

    @property
    def is_small(self) -> bool:
        """Whether a single person could be told from it."""
        sizes = (self.size, self.added, self.removed) if self.kind == REGULAR else (self.size,)
        return any(0 < number < self.floor for number in sizes)

    @property
    def needs_second_officer(self) -> bool:
        """Whether somebody else has to confirm."""
        return self.is_over_threshold or self.is_small

    @property
    def seen(self) -> str:
        """The figures as one text, to tell whether they are still those that an officer saw."""
        return f"{self.kind}:{self.size}:{self.added}:{self.removed}:{self.leavers}"


def preview(kind: str, day: date) -> Preview:
    """Return what a batch of this kind would be now."""
    known = rules.numbers()
    now = set(_keys_of(kind, day))
    before = set(_listed()) if kind == REGULAR else set()
    added, removed = (len(now - before), len(before - now)) if kind == REGULAR else (0, len(now))
    return Preview(
        kind,
        len(now),
        added,
        removed,
        leavers(day),
        len(before),
        known[rules.THRESHOLD],
        known[rules.FLOOR],
    )


def leavers(day: date) -> int:
    """Return how many keys are good although their people have left, or were erased. Cheap: every page asks."""
    return int(_keys_of_leavers(day).count())


def locked_at_once() -> int:
    """Return how many keys urgent lists have named so far."""
    return int(Batch.select(fn.SUM(Batch.size)).where(Batch.kind == URGENT).scalar() or 0)


def send(
    kind: str,
    *,
    batch_id: str,
    seen: str,
    reason: str,
    by: Author,
    day: date,
    confirmed_by: Author | None = None,
) -> Batch:
    """Send the list, shuffled, to clearing. The leavers' keys are deactivated in the same transaction, whichever list it is: a key that
    stayed good after its owner's account was locked could still be claimed, and the relay would still write to them.

    The same ``batch_id`` again sends once. Raises :class:`NothingToSend`, :class:`Changed` (``seen`` is :attr:`Preview.seen`),
    :class:`NeedsSecondOfficer`.
    """
    with database.atomic("IMMEDIATE"):
        if known := Batch.get_or_none(Batch.id == batch_id):
            return known
        now = preview(kind, day)
        if not now.size:
            raise NothingToSend
        if now.seen != seen:
            raise Changed(now)
        if now.needs_second_officer and (confirmed_by is None or confirmed_by.id == by.id):
            raise NeedsSecondOfficer(now)
        keys = shuffle(_keys_of(kind, day))
        last = Batch.select(fn.MAX(Batch.number)).scalar() or 0
        batch = Batch.create(
            id=batch_id,
            number=last + 1,
            kind=kind,
            reason=reason,
            size=now.size,
            added=now.added,
            removed=now.removed,
            sent_on=day,
            sent_by_name=by.name,
            confirmed_by_name=confirmed_by.name if confirmed_by else "",
        )
        outbox.send("reconciliation-keys", CLEARING, _body(batch, keys), day=day)
        faultpoints.reached("reconciliation.before-commit")
        reference_keys.deactivate(_keys_of(URGENT, day), "exit", day=day)
        if kind == REGULAR:
            _remember(keys)
    faultpoints.reached("reconciliation.sent")
    return batch


def take_result(letter: Letter) -> None:
    """The counts are back. Counts for a batch that was never sent are refused."""
    batch = Batch.get_by_id(str(letter.body["batch"]))
    for name in COUNTED:
        number = letter.body[name]
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise ValueError(name)
        setattr(batch, name, number)
    batch.applied_on = date.fromisoformat(letter.body["applied_on"])
    batch.save()


def newest(limit: int = 30) -> list[Batch]:
    """Return the batches, newest first."""
    return list(Batch.select().order_by(Batch.number.desc()).limit(limit))


def reminder(day: date) -> Reminder | None:
    """Return what the calendar reminds of; None where the list is sent, or nobody has a key yet."""
    if not ReferenceKey.select().where(ReferenceKey.state == ASSIGNED).exists():
        return None
    sent = Batch.select(fn.MAX(Batch.sent_on)).where(Batch.kind == REGULAR).scalar()
    return calendar.reminder(rules.days(), day, sent)


def _body(batch: Batch, keys: list[str]) -> dict[str, object]:
    return {"batch": batch.id, "kind": batch.kind, "keys": keys, "reason": batch.reason}


def _keys_of(kind: str, day: date) -> list[str]:
    """The keys that are good, of the eligible ones; or, for an urgent batch, of those who aren't members any more."""
    if kind == URGENT:
        return [row.key for row in _keys_of_leavers(day)]
    allowed = ReferenceKey.person.in_(eligible(day).select(Person.id))
    query = ReferenceKey.select(ReferenceKey.key).where(ReferenceKey.state == ASSIGNED, allowed)
    return [row.key for row in query]


def _keys_of_leavers(day: date) -> Any:
    gone = Person.id.is_null() | (Person.left_on <= day)
    return (
        ReferenceKey.select(ReferenceKey.key)
        .join(Person, JOIN.LEFT_OUTER)
        .where(ReferenceKey.owner_left == True, ReferenceKey.state == ASSIGNED, gone)  # noqa: E712
    )


def _listed() -> list[str]:
    return [row.key for row in ListedKey.select()]


def _remember(keys: list[str]) -> None:
    ListedKey.delete().execute()
    for some in chunked(sorted(keys), ROWS):
        ListedKey.insert_many([{"key": key} for key in some]).execute()
