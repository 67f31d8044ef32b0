"""Rules of the key sets: what letters and orders do with pairs of reference key and invite code. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peewee import fn

from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.vault.jobs import Work
from compartments.clearing.keysets import large, making, pairs
from compartments.clearing.keysets.models import (
    CLAIMED,
    DEACTIVATED,
    OPEN,
    Deactivation,
    KeyRequest,
    KeySet,
    Pair,
)

INCOMING: Mapping[str, Handler] = {
    "keys-request": pairs.take_request,
    "key-claimed": pairs.take_claim,
    "keys-deactivated": pairs.take_deactivation,
}
ACTIONS: Mapping[str, Action] = {making.PUT: making.put_slots, pairs.DELETE: pairs.delete_slots}
JOBS: Mapping[str, Work] = {large.KIND: large.make}


@dataclass(frozen=True)
class Counts:
    """How many pairs are in which state; ``withdrawn`` of the deactivated ones had been claimed."""

    open: int = 0
    claimed: int = 0
    deactivated: int = 0
    withdrawn: int = 0

    @property
    def issued(self) -> int:
        """All of them: each is in exactly one state."""
        return self.open + self.claimed + self.deactivated

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.open + other.open,
            self.claimed + other.claimed,
            self.deactivated + other.deactivated,
            self.withdrawn + other.withdrawn,
        )


@dataclass(frozen=True)
class SetLine:
    """A key set and its counts."""

    key_set: KeySet
    counts: Counts


def open_requests() -> list[KeyRequest]:
    """Return the requests for keys that are not wholly answered, oldest first."""
    return list(
        KeyRequest.select()
        .where(KeyRequest.issued < KeyRequest.count)
        .order_by(KeyRequest.arrived_on, KeyRequest.id)
    )


def count_requests() -> int:
    """Return how many requests are not wholly answered. Cheap: every page asks."""
    return int(KeyRequest.select().where(KeyRequest.issued < KeyRequest.count).count())


def find_request(request: str) -> KeyRequest:
    """Return an open request; raises :class:`~compartments.clearing.keysets.making.NoRequest`."""
    found: KeyRequest | None = KeyRequest.get_or_none(
        KeyRequest.id == request, KeyRequest.issued < KeyRequest.count
    )
    if found is None:
        raise making.NoRequest(request)
    return found


def is_made(set_id: str | None) -> bool:
    """Whether the set of this form is there."""
    return bool(KeySet.select().where(KeySet.id == set_id).exists())


def lines() -> list[SetLine]:
    """Return the key sets with their counts, newest first. One that a job still makes counts nothing."""
    counted: dict[str, Counts] = {}
    grouping = (Pair.key_set, Pair.state, Pair.was_claimed)
    rows: Any = Pair.select(*grouping, fn.COUNT(Pair.id)).group_by(*grouping).tuples()
    for key_set, state, was_claimed, number in rows:
        counted[key_set] = counted.get(key_set, Counts()) + _counts(state, number, was_claimed=was_claimed)
    sets = KeySet.select().order_by(KeySet.made_on.desc(), KeySet.name)
    nothing = Counts()
    return [SetLine(one, counted.get(one.id, nothing) if one.whole else nothing) for one in sets]


def total() -> Counts:
    """Return the counts of all pairs."""
    return sum((line.counts for line in lines()), Counts())


def deactivations(limit: int = 50) -> list[Deactivation]:
    """Return the lists of keys that were taken back, newest first."""
    return list(Deactivation.select().order_by(Deactivation.arrived_on.desc(), Deactivation.id).limit(limit))


def _counts(state: str, number: int, *, was_claimed: bool) -> Counts:
    return Counts(
        open=number if state == OPEN else 0,
        claimed=number if state == CLAIMED else 0,
        deactivated=number if state == DEACTIVATED else 0,
        withdrawn=number if state == DEACTIVATED and was_claimed else 0,
    )
