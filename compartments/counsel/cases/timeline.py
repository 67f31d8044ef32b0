"""A case at a glance: everything in the order in which it happened, day by day, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from app.clock import day_of
from app.envelopes.package import Enclosed
from compartments.counsel.cases.due import is_open
from compartments.counsel.cases.opened import Entry, Kind, OpenCase
from compartments.counsel.cases.unfolding import ASKED, GIVEN, STATISTICS, WITHDRAWN
from compartments.counsel.cases.work import WRITTEN

FROM_THE_PERSON, TO_THE_PERSON, OURS, EVENT, ALERT = "in", "out", "ours", "event", "alert"
EVERYTHING, TALK, WORK, CONSENTS = "all", "talk", "work", "consents"
THEMES = (EVERYTHING, TALK, WORK, CONSENTS)
_OF_CONSENTS = {"shared", "withdrawn", "recalled", "consent-ended", "stepped-out", "left"}
LONG = 600
"""A text of more signs is folded up: the beginning stands there, and the rest one press away."""


NO_HOUR = "12:00"
"""What was written down on a later day has a day and no hour; it stands in the middle of its own."""


@dataclass(frozen=True)
class Item:
    """One line of the timeline. ``side``: from the person, to the person, among the counsellors, an event, or something not to be overlooked."""

    id: str
    kind: str
    side: str
    theme: str
    at: str
    who: str
    open: bool
    changeable: bool
    by: str
    data: Mapping[str, Any] = field(repr=False)
    files: Sequence[Enclosed] = field(default=(), repr=False)

    @property
    def day(self) -> date:
        """The organisation's day."""
        return day_of(datetime.fromisoformat(self.at))

    @property
    def has_hour(self) -> bool:
        """Whether one knows more than its day."""
        return not self.at.endswith(f"T{NO_HOUR}")

    @property
    def is_long(self) -> bool:
        """Whether its text is folded up."""
        return len(str(self.data.get("text") or "")) > LONG


@dataclass(frozen=True)
class Glance:
    """Where a case stands: when each side spoke last, and how much is open."""

    last_from: date | None
    last_to: date | None
    in_force: int
    asked: int
    open: int


def of(case: OpenCase) -> list[Item]:
    """Return everything that has happened in a case, newest first."""
    items = [_item(entry) for entry in reversed(case.entries())]
    # By when it was said: a letter may have lain for days before it was opened.
    return sorted(items, key=lambda one: one.at, reverse=True)


def spoken(case: OpenCase) -> list[Item]:
    """Return what has gone to and fro, in the order in which it came here."""
    return [_item(entry) for entry in case.entries(Kind.RECEIVED, Kind.ANSWER)]


def by_day(items: Sequence[Item], theme: str = EVERYTHING) -> list[tuple[date, list[Item]]]:
    """Return the items of a theme in days."""
    shown = [one for one in items if theme in {EVERYTHING, one.theme}]
    return [(day, list(found)) for day, found in groupby(shown, key=lambda one: one.day)]


def glance(items: Sequence[Item]) -> Glance:
    """Return where a case stands, from everything in it, newest first."""
    spoken = [one.day for one in items if one.kind == Kind.RECEIVED]
    answered = [one.day for one in items if one.kind == Kind.ANSWER]
    decisions = [
        one.data["decision"] for one in items if one.kind == Kind.CONSENT and one.data["step"] != STATISTICS
    ]
    return Glance(
        last_from=spoken[0] if spoken else None,
        last_to=answered[0] if answered else None,
        in_force=decisions.count(GIVEN),
        asked=decisions.count(ASKED),
        open=sum(one.open for one in items),
    )


def _item(entry: Entry) -> Item:
    return Item(
        entry.id,
        entry.kind,
        _side(entry),
        _theme(entry),
        _at(entry),
        _who(entry),
        is_open(entry),
        entry.kind in WRITTEN,
        entry.by.name if entry.by else "",
        entry.data,
        entry.files,
    )


def _at(entry: Entry) -> str:
    """When it happened: a letter before it was opened, a talk on its day, a decision on the day on which it came with the first words."""
    if entry.data.get("at"):
        return str(entry.data["at"])
    day = entry.data.get("day") if entry.kind == Kind.CONTACT else entry.data.get("asked_on")
    if day and day != day_of(datetime.fromisoformat(entry.at)).isoformat():
        return f"{day}T{NO_HOUR}"
    return entry.at


def _who(entry: Entry) -> str:
    """Who wrote it first; who changed it since is told beside it."""
    before = entry.data.get("before")
    if before:
        return str(before[0]["by"])
    return entry.by.name if entry.by else ""


def _side(entry: Entry) -> str:
    what, decision = entry.data.get("what"), entry.data.get("decision")
    if entry.kind == Kind.RECEIVED:
        return ALERT if what == "erase" or decision == WITHDRAWN else FROM_THE_PERSON
    if entry.kind in {Kind.ANSWER, Kind.RECORD}:
        return TO_THE_PERSON
    if entry.kind == Kind.EVENT:
        return ALERT if what == "withdrawn" else EVENT
    return OURS


def _theme(entry: Entry) -> str:
    what = entry.data.get("what")
    if entry.kind in {Kind.CONSENT, Kind.REFERRAL} or what == "consent" or what in _OF_CONSENTS:
        return CONSENTS
    return TALK if entry.kind in {Kind.RECEIVED, Kind.ANSWER, Kind.RECORD} else WORK
