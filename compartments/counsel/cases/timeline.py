"""A case at a glance: everything in the order in which it happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.envelopes.letter import File
from compartments.counsel.cases.opened import Entry, Kind, OpenCase
from compartments.counsel.cases.work import WRITTEN

FROM_THE_PERSON, TO_THE_PERSON, OURS, EVENT = "in", "out", "ours", "event"


@dataclass(frozen=True)
class Item:
    """One line of the timeline. ``side``: from the person, to the person, among the counsellors, or an event."""

    id: str
    kind: str
    side: str
    at: str
    who: str
    open: bool
    changeable: bool
    data: Mapping[str, Any] = field(repr=False)
    files: Sequence[File] = field(default=(), repr=False)


def of(case: OpenCase) -> list[Item]:
    """Return everything that has happened in a case, newest first."""
    return [_item(entry) for entry in reversed(case.entries())]


def _item(entry: Entry) -> Item:
    return Item(
        entry.id,
        entry.kind,
        _side(entry),
        entry.at,
        entry.by.name if entry.by else "",
        _is_open(entry),
        entry.kind in WRITTEN,
        entry.data,
        entry.files,
    )


def _side(entry: Entry) -> str:
    if entry.kind == Kind.RECEIVED:
        return FROM_THE_PERSON
    if entry.kind in {Kind.ANSWER, Kind.RECORD}:
        return TO_THE_PERSON
    return EVENT if entry.kind == Kind.EVENT else OURS


def _is_open(entry: Entry) -> bool:
    """Whether something is still to be done about it."""
    if entry.kind in {Kind.NEED, Kind.STEP}:
        return not entry.data.get("done")
    if entry.kind == Kind.FOLLOW_UP:
        return not entry.data.get("done_on")
    return False
