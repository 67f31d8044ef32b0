"""Postings as readers see them: what is published, in whose language, how many seats are filled and open, until when.

Public facts only; who applied for a posting is nowhere in the shared layer. Texts stand in ``Posting.texts`` by language, each with the
names in :data:`TEXTS`; ``requirements`` and ``questions`` are lists of ``{"id", "texts": {"de": ..., "en": ...}, "required"}``, a requirement
also says with ``"evidence"`` whether something is to be handed in for it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from app.offices import OFFICES, SEPARATION_RULES, SeparationRule
from app.shared.kept import Kept
from app.shared.models import Assignment, Posting
from app.shared.prepared import Prepared

TEXTS = (
    "title", "summary", "tasks", "brings", "not_for", "gets", "portrait", "selection", "team", "reports_to",
)  # fmt: skip
"""Names of a posting's texts. ``title`` and ``summary`` are plain lines, ``reports_to`` a plain name, the others Markdown."""

PLUS, AT_LEAST = "plus", "at-least"
"""How a call with an open end words its seats: "1+", or "at least 2"."""

FALLBACK = "de"


@dataclass(frozen=True)
class Seats:
    """How many people are looked for. ``maximum`` None has no upper end; ``filled`` counts offers that are still open too."""

    minimum: int
    maximum: int | None
    wording: str
    filled: int

    @property
    def figure(self) -> str:
        """The number as in the call, without words: ``2``, ``2–4``, ``1+``."""
        if self.maximum is None:
            return f"{self.minimum}+" if self.wording == PLUS else str(self.minimum)
        return str(self.minimum) if self.minimum == self.maximum else f"{self.minimum}–{self.maximum}"

    @property
    def says_at_least(self) -> bool:
        """Whether the figure is read as "at least ..."."""
        return self.maximum is None and self.wording == AT_LEAST

    @property
    def missing(self) -> int:
        """Seats that have to be filled and aren't: a vacancy in the board's report."""
        return max(0, self.minimum - self.filled)

    @property
    def open(self) -> int | None:
        """Seats that can still be filled; None where there is no upper end."""
        return None if self.maximum is None else max(0, self.maximum - self.filled)


@dataclass(frozen=True)
class Asked:
    """A question, or a requirement, of a posting. ``evidence``: something is to be handed in for it."""

    id: str
    text: str
    required: bool
    evidence: bool = False


@dataclass(frozen=True)
class PostingView:
    """One posting in one language, on one day."""

    slug: str
    compartment: str | None
    role: str
    employed: bool
    seats: Seats
    deadline: date | None
    first_deadline: date | None
    term_months: int | None
    published_on: date | None
    open: bool
    texts: Mapping[str, str]
    requirements: Sequence[Asked]
    questions: Sequence[Asked]

    @property
    def title(self) -> str:
        """The posting's name."""
        return self.texts["title"]

    @property
    def strict(self) -> bool:
        """Whether whoever holds it may hold no other strict office."""
        return self.compartment is not None and OFFICES[self.compartment].strict

    @property
    def extended(self) -> bool:
        """Whether the deadline has been moved since the call was published."""
        return None not in {self.deadline, self.first_deadline} and self.deadline != self.first_deadline


def open_postings(language: str, day: date) -> list[PostingView]:
    """Return what one can apply for on ``day``: nearest deadline first, then by title."""
    views = _VIEWS.get((stand_of_open(day), language, day), lambda: _open_postings(language, day))
    return list(views)


def open_among(slugs: Iterable[str], language: str, day: date) -> list[PostingView]:
    """Return those of a few postings that one can apply for on ``day``, in the same order."""
    found = [_kept_view(slug, language, day) for slug in slugs]
    return sorted((one for one in found if one and one.open), key=_nearest_first)


def _kept_view(slug: str, language: str, day: date) -> PostingView | None:
    facts = stand(slug)
    return _VIEW.get((facts, language, day), lambda: find(slug, language, day)) if facts is not None else None


def _nearest_first(one: PostingView) -> tuple[date, str]:
    return one.deadline or date.max, one.title.casefold()


def _open_postings(language: str, day: date) -> list[PostingView]:
    rows = list(Posting.select().where(_is_open(day)))
    filled = _filled([row.slug for row in rows])
    views = [view(row, language, day, filled.get(row.slug, 0)) for row in rows]
    return sorted(views, key=_nearest_first)


def stand_of_open(day: date) -> Hashable:
    """Return everything that the open postings are made from: it changes with any of them."""
    return tuple(_OPEN_ROWS.all(day.isoformat())), tuple(_TAKEN.all())


def stand(slug: str) -> Hashable | None:
    """Return everything that the page of a posting is made from but the day; None as :func:`find`."""
    return _ROW.first(slug)


def find(slug: str, language: str, day: date) -> PostingView | None:
    """Return a posting that is or was published; None for a draft, and for one that isn't there."""
    row = Posting.get_or_none(Posting.slug == slug, Posting.state != "draft")
    return view(row, language, day, _filled([slug]).get(slug, 0)) if row else None


def view(row: Posting, language: str, day: date, filled: int) -> PostingView:
    """Return a row of any state in one language; ``filled`` is the number of live assignments to it."""
    return PostingView(
        slug=row.slug,
        compartment=row.compartment,
        role=row.role,
        employed=row.employed,
        seats=Seats(row.min_seats, row.max_seats, row.seats_wording, row.filled_before + filled),
        deadline=row.deadline,
        first_deadline=row.first_deadline,
        term_months=row.term_months,
        published_on=row.published_on,
        open=row.state == "published" and (row.deadline is None or row.deadline >= day),
        texts=_texts(row, language),
        requirements=[_asked(one, language) for one in row.requirements],
        questions=[_asked(one, language) for one in row.questions],
    )


def filled_seats(slug: str) -> int:
    """Return how many live assignments a posting has, offers that are still open included."""
    return _filled([slug]).get(slug, 0)


def exclusions(postings: Iterable[PostingView]) -> list[tuple[SeparationRule, list[PostingView]]]:
    """Return the separation rules that nobody could keep who took all of ``postings``, each with those that it concerns."""
    chosen = list(postings)
    concerned = [
        (rule, [one for one in chosen if one.compartment in rule.offices]) for rule in SEPARATION_RULES
    ]
    return [(rule, ones) for rule, ones in concerned if len({one.compartment for one in ones}) > rule.at_most]


def _is_open(day: date | str) -> Any:
    return (Posting.state == "published") & (Posting.deadline.is_null() | (Posting.deadline >= day))


def _is_taken() -> Any:
    return (Assignment.state != "ended") & Assignment.posting.is_null(False)


_NUMBER = fn.COUNT(Assignment.id)
_OPEN_ROWS = Prepared(lambda day: Posting.select().where(_is_open(day)).order_by(Posting.slug))
_TAKEN = Prepared(
    lambda: Assignment.select(Assignment.posting, _NUMBER).where(_is_taken()).group_by(Assignment.posting),
    places=0,
)
_ROW = Prepared(
    lambda slug: Posting.select(
        Posting, Assignment.select(_NUMBER).where(_is_taken(), Assignment.posting == Posting.slug)
    ).where(Posting.slug == slug, Posting.state != "draft")
)
_VIEWS: Kept[list[PostingView]] = Kept(8)
_VIEW: Kept[PostingView | None] = Kept(64)


def _filled(slugs: Sequence[str]) -> dict[str, int]:
    number = fn.COUNT(Assignment.id)
    counted: Any = (
        Assignment.select(Assignment.posting, number)
        .where(Assignment.posting.in_(slugs), Assignment.state != "ended")
        .group_by(Assignment.posting)
    )
    return dict(counted.tuples())


def _texts(row: Posting, language: str) -> dict[str, str]:
    """The texts in ``language``; each that is missing there in German, so that nothing of a call goes unsaid."""
    wanted, fallback = row.texts.get(language, {}), row.texts.get(FALLBACK, {})
    texts = {name: wanted.get(name) or fallback.get(name) or "" for name in TEXTS}
    return {**texts, "title": texts["title"] or row.slug, "reports_to": texts["reports_to"] or row.reports_to}


def _asked(entry: Mapping[str, Any], language: str) -> Asked:
    texts = entry["texts"]
    text = texts.get(language) or texts.get(FALLBACK) or next(iter(texts.values()), "")
    return Asked(entry["id"], text, bool(entry.get("required")), bool(entry.get("evidence")))
