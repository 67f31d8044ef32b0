"""Figures of the board compartment: aggregates only. No row here says anything of one applicant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from app.shared.models import Assignment, Posting
from app.shared.postings import PostingView, view
from compartments.board.models import (
    APPOINTED,
    DEFAULT_STAGES,
    OFFERED,
    REJECTED,
    WITHDRAWN,
    Application,
    Appointment,
    ErasedApplication,
    Wish,
)

STAGES = (*DEFAULT_STAGES, OFFERED, APPOINTED, REJECTED, WITHDRAWN)
REMINDERS = (183, 91, 31)
"""Days before the end of a term at which it is announced: about 6, 3 and 1 months."""


@dataclass(frozen=True)
class PostingFigures:
    """One posting: its seats, and how many applications stand where."""

    posting: PostingView
    state: str
    stages: Mapping[str, int]

    @property
    def applications(self) -> int:
        """All applications that are here, whatever became of them."""
        return sum(self.stages.values())

    @property
    def open(self) -> int:
        """Applications that the board still has to decide, or that the applicant has to answer."""
        return sum(self.stages.get(stage, 0) for stage in (*DEFAULT_STAGES, OFFERED))


@dataclass(frozen=True)
class Deadline:
    """A day that is coming. ``kind``: posting, offer, term, erasure. ``subject`` is a slug or a compartment; ``count`` how many fall on it."""

    day: date
    kind: str
    subject: str
    count: int = 1


def per_posting(language: str, day: date) -> list[PostingFigures]:
    """Return every posting with its figures, published ones first, then by title."""
    stages: dict[str, Counter[str]] = {}
    counted: Any = Wish.select(Wish.posting, Wish.stage, fn.COUNT(Wish.id)).group_by(Wish.posting, Wish.stage)
    for slug, stage, number in counted.tuples():
        stages.setdefault(slug, Counter())[stage] = number
    filled = _filled()
    rows = [
        PostingFigures(view(row, language, day, filled.get(row.slug, 0)), row.state, stages.get(row.slug, {}))
        for row in Posting.select()
    ]
    order = {"published": 0, "draft": 1, "closed": 2}
    return sorted(rows, key=lambda row: (order[row.state], row.posting.title.casefold()))


def vacancies(figures: Sequence[PostingFigures]) -> list[PostingFigures]:
    """Return the postings with fewer people than their minimum, drafts left out; the emptiest first."""
    short = [row for row in figures if row.state != "draft" and row.posting.seats.missing]
    return sorted(short, key=lambda row: -row.posting.seats.missing)


def offers_open() -> int:
    """Return how many offers wait for an answer."""
    return int(Appointment.select().where(Appointment.state.in_(("ordered", "offered"))).count())


def deadlines(day: date, within: timedelta = timedelta(days=31)) -> list[Deadline]:
    """Return what is coming up, the nearest first: deadlines of postings, offers to be answered, terms that end, erasures."""
    until = day + within
    found = [
        Deadline(row.deadline, "posting", row.slug)
        for row in Posting.select().where(Posting.state == "published", Posting.deadline.between(day, until))
        if row.deadline is not None
    ]
    found += [
        Deadline(row.answer_by, "offer", row.posting)
        for row in Appointment.select().where(
            Appointment.state.in_(("ordered", "offered")), Appointment.answer_by <= until
        )
    ]
    found += [
        Deadline(day_, "term", slug or kind or "", count) for day_, slug, kind, count in _ending_terms(day)
    ]
    erasures: Any = (
        Application.select(Application.retain_until, fn.COUNT(Application.id))
        .where(Application.retain_until <= until)
        .group_by(Application.retain_until)
    )
    found += [Deadline(day_, "erasure", "", count) for day_, count in erasures.tuples()]
    return sorted(found, key=lambda one: (one.day, one.kind))


def received_per_week(day: date, weeks: int = 12) -> list[tuple[date, int]]:
    """Return the Mondays of the last weeks and how many applications came in from each on, erased ones included."""
    monday = day - timedelta(days=day.weekday())
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(weeks))]
    days = [row.received_on for row in Application.select(Application.received_on)]
    days += [row.received_on for row in ErasedApplication.select(ErasedApplication.received_on)]
    counted = Counter(one - timedelta(days=one.weekday()) for one in days)
    return [(one, counted[one]) for one in mondays]


def _filled() -> dict[str, int]:
    counted: Any = (
        Assignment.select(Assignment.posting, fn.COUNT(Assignment.id))
        .where(Assignment.state != "ended", Assignment.posting.is_null(False))
        .group_by(Assignment.posting)
    )
    return dict(counted.tuples())


def _ending_terms(day: date) -> list[tuple[date, str | None, str | None, int]]:
    ending: Any = (
        Assignment.select(
            Assignment.ends_on, Assignment.posting, Assignment.compartment, fn.COUNT(Assignment.id)
        )
        .where(Assignment.state == "active", Assignment.ends_on <= day + timedelta(days=REMINDERS[0]))
        .group_by(Assignment.ends_on, Assignment.posting, Assignment.compartment)
    )
    return list(ending.tuples())
