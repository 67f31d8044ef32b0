"""Rules of the reconciliation's middle: reference keys in, invite codes out, shuffled, never too few at once. Knows no Flask."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from peewee import chunked, fn

from app import faultpoints
from app.clock import utc_now
from app.envelopes import outbox
from app.envelopes.letter import Letter
from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.office import calendar
from app.office.authors import Author
from app.office.calendar import Reminder
from app.vault.jobs import Work
from compartments.clearing import dates
from compartments.clearing.floor import BelowFloor, is_small
from compartments.clearing.keysets import fields, pairs
from compartments.clearing.keysets.models import DEACTIVATED, Pair
from compartments.clearing.reconciliation.models import ASIDE, DONE, KINDS, REGULAR, SENT, WAITING, Batch
from compartments.clearing.tables import database
from keys.randomness import shuffle

COUNTED = ("created", "locked", "unlocked", "unchanged", "unknown")
ROWS = 500
LINE = tuple(field for field in Batch._meta.sorted_fields if field is not Batch.references)  # noqa: SLF001
"""What a list of batches shows: all but the keys, which may be megabytes."""


class NoBatch(LookupError):
    """There is no such batch, or none that waits."""


class NothingToPassOn(Exception):
    """No code is left of the batch. An empty whitelist would lock everybody, so it is never sent."""


@dataclass(frozen=True)
class Preview:
    """What passing a batch on would do. ``added`` and ``removed`` are what the administration would see change since the last whitelist."""

    codes: int
    deactivated: int
    not_issued: int
    added: int
    removed: int
    pairs: list[Pair] = field(repr=False)

    @property
    def is_small(self) -> bool:
        """Whether a single code could be told from what changes."""
        return any(is_small(number) for number in (self.codes, self.added, self.removed))


def take_keys(letter: Letter) -> None:
    """A batch has come in; it waits for an officer."""
    kind = fields.text(letter.body["kind"])
    if kind not in KINDS:
        raise ValueError("a batch is regular or urgent")
    keys = fields.codes(letter.body["keys"])
    Batch.create(
        id=fields.identifier(letter.body["batch"]),
        kind=kind,
        reason=fields.text(letter.body["reason"]),
        references=json.dumps(keys),
        listed=len(keys),
        arrived_on=utc_now().date(),
    )


def take_counts(letter: Letter) -> None:
    """The administration has applied a batch; the counts go on to membership."""
    counts = {name: fields.number(letter.body[name]) for name in COUNTED}
    batch = find(fields.identifier(letter.body["batch"]))
    if batch.state != SENT:
        raise ValueError("counts of a batch that is not with the administration")
    applied_on = fields.day(letter.body["applied_on"])
    Batch.update(state=DONE, applied_on=applied_on, **counts).where(Batch.id == batch.id).execute()
    body = {"batch": batch.id, **counts, "applied_on": applied_on.isoformat()}
    outbox.send("reconciliation-result", "membership", body, day=utc_now().date())


def reminder(today: date) -> Reminder | None:
    """Return what the calendar reminds of; None where the list is passed on, or nobody has claimed a key yet."""
    regular = Batch.select(fn.MAX(Batch.arrived_on)).where(Batch.kind == REGULAR)
    last: date | None = regular.where(Batch.state.in_((SENT, DONE))).scalar()
    if last is None and not Pair.select().where(Pair.was_claimed == True).exists():  # noqa: E712
        return None
    return calendar.reminder(dates.days(), today, last)


def find(batch_id: str) -> Batch:
    """Return a batch; raises :class:`NoBatch`."""
    found: Batch | None = Batch.get_or_none(Batch.id == batch_id)
    if found is None:
        raise NoBatch(batch_id)
    return found


def waiting() -> list[Batch]:
    """Return the batches that an officer must pass on, urgent ones first, then the oldest."""
    rows = Batch.select(*LINE).where(Batch.state == WAITING).order_by(Batch.arrived_on, Batch.id)
    return sorted(rows, key=lambda batch: batch.kind == REGULAR)


def count_waiting() -> int:
    """Return how many batches an officer must pass on. Cheap: every page asks."""
    return int(Batch.select().where(Batch.state == WAITING).count())


def others(limit: int = 50) -> list[Batch]:
    """Return the other batches, newest first."""
    rows = Batch.select(*LINE).where(Batch.state != WAITING)
    return list(rows.order_by(Batch.arrived_on.desc(), Batch.id).limit(limit))


def preview(batch: Batch) -> Preview:
    """Return what passing a waiting batch on would do now. A deactivated pair is on no whitelist."""
    keys = json.loads(batch.references)
    found = pairs.find(keys)
    dead = [pair for pair in found if pair.state == DEACTIVATED]
    if batch.kind == REGULAR:
        passing = [pair for pair in found if pair.state != DEACTIVATED]
        added = sum(not pair.listed for pair in passing)
        removed = _dropped({pair.id for pair in passing})
    else:
        passing, added, removed = found, 0, 0
    return Preview(len(passing), len(dead), len(keys) - len(found), added, removed, passing)


def pass_on(batch_id: str, *, by: Author, day: date, reason: str = "", agreed: bool = False) -> Preview:
    """Send the codes of a waiting batch to the administration, shuffled. ``reason`` is the stated one, for a batch below the floor.

    ``agreed`` says that a second officer has confirmed. Membership's own words stay here. Raises :class:`NoBatch`,
    :class:`NothingToPassOn`, :class:`~compartments.clearing.floor.BelowFloor`.
    """
    with database.atomic("IMMEDIATE"):
        batch = find(batch_id)
        if batch.state != WAITING:
            raise NoBatch(batch_id)
        seen = preview(batch)
        if not seen.codes:
            raise NothingToPassOn(batch_id)
        if seen.is_small and not agreed:
            raise BelowFloor("so small a batch, or so small a change, needs a second officer")
        _note_listed(batch.kind, seen.pairs)
        batch.state, batch.references = SENT, "[]"
        batch.passed_on, batch.passed_by_name, batch.stated_reason = day, by.name, reason
        batch.codes, batch.deactivated, batch.not_issued = seen.codes, seen.deactivated, seen.not_issued
        batch.save()
        faultpoints.reached("batch.before-send")
        codes = shuffle(pair.invite for pair in seen.pairs)
        body = {"batch": batch.id, "kind": batch.kind, "codes": codes, "reason": reason}
        outbox.send("reconciliation-codes", "administration", body, day=day)
        faultpoints.reached("batch.before-commit")
    faultpoints.reached("batch.after-commit")
    return seen


def amend(keys: Sequence[str], *, listed: bool) -> None:
    """Take keys off the urgent batches that wait here, and put them on the regular ones where they belong there. In the caller's transaction."""
    for batch in Batch.select().where(Batch.state == WAITING):
        before = json.loads(batch.references)
        if batch.kind == REGULAR:
            after = list(dict.fromkeys([*before, *keys])) if listed else before
        else:
            after = [key for key in before if key not in keys]
        if after != before:
            batch.references, batch.listed = json.dumps(after), len(after)
            batch.state = WAITING if after else ASIDE
            batch.save()


def is_out(kind: str) -> bool:
    """Whether a batch of this kind is with the administration, and was not applied so far."""
    return bool(Batch.select().where(Batch.kind == kind, Batch.state == SENT).exists())


def set_aside(batch_id: str) -> None:
    """Put a waiting batch away without passing it on; raises :class:`NoBatch`."""
    with database.atomic("IMMEDIATE"):
        waits = (Batch.id == batch_id) & (Batch.state == WAITING)
        if not Batch.update(state=ASIDE, references="[]").where(waits).execute():
            raise NoBatch(batch_id)


def _dropped(passing: set[int]) -> int:
    """How many codes of the last whitelist are missing from the next, without those that the administration was told of."""
    last: Any = Pair.select(Pair.id).where(Pair.listed == True, Pair.told == False).tuples()  # noqa: E712
    return sum(pair not in passing for (pair,) in last)


def _note_listed(kind: str, passed: list[Pair]) -> None:
    """Remember the whitelist, to know what changes with the next one."""
    regular = kind == REGULAR
    changed = {"listed": True} if regular else {"listed": False, "locked": True}
    if regular:
        Pair.update(listed=False).where(Pair.listed == True).execute()  # noqa: E712
    for some in chunked([pair.id for pair in passed], ROWS):
        Pair.update(changed).where(Pair.id.in_(some)).execute()


INCOMING: Mapping[str, Handler] = {"reconciliation-keys": take_keys, "reconciliation-counts": take_counts}
ACTIONS: Mapping[str, Action] = {}
JOBS: Mapping[str, Work] = {}
