"""Writing postings: what the board may change, when, and what the log of acts is told. Public facts only.

Every change names the revision that was seen. Who saw an older one is refused with :class:`StalePosting` and may compare; nothing is overwritten
unseen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from app.offices import OFFICER, OFFICES
from app.shared import acts
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.models import Posting
from app.shared.postings import AT_LEAST, FALLBACK, PLUS

DRAFT, PUBLISHED, CLOSED = "draft", "published", "closed"
SEATS_WORDINGS = (PLUS, AT_LEAST)
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTH = 80


class PostingError(Exception):
    """A change to a posting is refused."""


class UnknownPosting(PostingError):
    """There is no posting of that slug."""


class SlugTaken(PostingError):
    """Another posting has that slug."""


class StalePosting(PostingError):
    """Somebody else has changed the posting since it was read; ``current`` is how it stands now."""

    def __init__(self, current: Posting) -> None:
        super().__init__("the posting was changed by somebody else")
        self.current = current


class WrongState(PostingError):
    """The posting isn't in the state that this needs (publish a draft, extend a published one, ...)."""


class PlaceIsFixed(PostingError):
    """Compartment and role don't change once a posting has been published: applicants have relied on them."""


class IncompletePosting(PostingError):
    """A title or summary is missing in German; ``missing`` names the parts."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("a posting needs a title and a summary")
        self.missing = tuple(missing)


class DeadlineTooEarly(PostingError):
    """The deadline isn't after the day, or not after the one that it extends."""


@dataclass(frozen=True)
class PostingDraft:
    """What the board writes of a posting. ``deadline`` counts while it is a draft; later it is extended, never edited."""

    compartment: str | None = None
    role: str = OFFICER
    employed: bool = False
    min_seats: int = 1
    max_seats: int | None = None
    seats_wording: str = PLUS
    filled_before: int = 0
    deadline: date | None = None
    term_months: int | None = None
    reports_to: str = ""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    requirements: Sequence[Mapping[str, Any]] = ()
    questions: Sequence[Mapping[str, Any]] = ()

    def __post_init__(self) -> None:
        office = OFFICES.get(self.compartment) if self.compartment else None
        if self.compartment and (office is None or self.role not in office.roles):
            raise ValueError("no such compartment, or it has no such role")
        if self.min_seats < 0 or (self.max_seats is not None and self.max_seats < max(self.min_seats, 1)):
            raise ValueError("the seats make no sense")
        if self.seats_wording not in SEATS_WORDINGS or self.filled_before < 0:
            raise ValueError("the seats make no sense")


def slug_for(title: str) -> str:
    """Return a slug made of a title: ``Vertrauenspersonen (Bund)`` becomes ``vertrauenspersonen-bund``."""
    for sign, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        title = title.lower().replace(sign, plain)
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace(":", "")).strip("-")[:SLUG_LENGTH].strip("-")


def create(slug: str, draft: PostingDraft) -> Posting:
    """Store a new posting as a draft that nobody outside sees; raises :class:`SlugTaken`."""
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_LENGTH:
        raise ValueError("a slug has small letters, digits and single hyphens")
    with write_transaction(shared_database):
        if Posting.get_or_none(Posting.slug == slug):
            raise SlugTaken(slug)
        return Posting.create(slug=slug, **_columns(draft))


def save(slug: str, draft: PostingDraft, *, revision: int) -> Posting:
    """Write a posting's content. Raises :class:`StalePosting`, :class:`PlaceIsFixed`, :class:`IncompletePosting`."""
    with _changing(slug, revision) as posting:
        columns = _columns(draft)
        if posting.state != DRAFT:
            if (posting.compartment, posting.role) != (draft.compartment, draft.role):
                raise PlaceIsFixed(slug)
            columns.pop("deadline")
            _require_texts(draft.texts)
        for name, value in columns.items():
            setattr(posting, name, value)
    return posting


def publish(slug: str, *, revision: int, day: date, actor: str) -> Posting:
    """Show a draft to everybody. Raises :class:`IncompletePosting` and :class:`DeadlineTooEarly`."""
    with _changing(slug, revision) as posting:
        _require_state(posting, DRAFT)
        _require_texts(posting.texts)
        if posting.deadline is not None and posting.deadline < day:
            raise DeadlineTooEarly(slug)
        posting.state, posting.published_on, posting.first_deadline = PUBLISHED, day, posting.deadline
        acts.record(acts.Kind.POSTING_PUBLISHED, compartment="board", actor=actor, subject=slug)
    return posting


def extend(slug: str, deadline: date, *, revision: int, day: date, actor: str) -> Posting:
    """Give a published posting a later deadline; the first one stays to be shown beside it. Raises :class:`DeadlineTooEarly`."""
    with _changing(slug, revision) as posting:
        _require_state(posting, PUBLISHED)
        if posting.deadline is None or deadline <= posting.deadline or deadline < day:
            raise DeadlineTooEarly(slug)
        posting.deadline = deadline
        acts.record(acts.Kind.POSTING_EXTENDED, compartment="board", actor=actor, subject=slug)
    return posting


def close(slug: str, *, revision: int, actor: str) -> Posting:
    """Take no more applications."""
    with _changing(slug, revision) as posting:
        _require_state(posting, PUBLISHED)
        posting.state = CLOSED
        acts.record(acts.Kind.POSTING_CLOSED, compartment="board", actor=actor, subject=slug)
    return posting


def reopen(slug: str, deadline: date | None, *, revision: int, day: date, actor: str) -> Posting:
    """Publish a closed posting again, with a deadline from today on or none. It shows as extended if that is later than the first."""
    with _changing(slug, revision) as posting:
        _require_state(posting, CLOSED)
        if deadline is not None and deadline < day:
            raise DeadlineTooEarly(slug)
        posting.state, posting.deadline = PUBLISHED, deadline
        posting.first_deadline = posting.first_deadline and deadline and min(posting.first_deadline, deadline)
        acts.record(acts.Kind.POSTING_PUBLISHED, compartment="board", actor=actor, subject=slug)
    return posting


@contextmanager
def _changing(slug: str, revision: int) -> Iterator[Posting]:
    """Hold the posting for one change and write it back with the next revision."""
    with write_transaction(shared_database):
        posting = Posting.get_or_none(Posting.slug == slug)
        if posting is None:
            raise UnknownPosting(slug)
        if posting.revision != revision:
            raise StalePosting(posting)
        posting.revision = revision + 1
        yield posting
        # The condition makes it safe on engines where two transactions may have read the same row.
        changed = {name: getattr(posting, name) for name in (*_CHANGEABLE, "revision")}
        if not Posting.update(**changed).where(Posting.slug == slug, Posting.revision == revision).execute():
            raise StalePosting(Posting.get_by_id(slug))


_CHANGEABLE = (*PostingDraft.__dataclass_fields__, "state", "published_on", "first_deadline")


def _columns(draft: PostingDraft) -> dict[str, Any]:
    return asdict(draft)


def _require_state(posting: Posting, state: str) -> None:
    if posting.state != state:
        raise WrongState(f"{posting.slug} is {posting.state}")


def _require_texts(texts: Mapping[str, Mapping[str, str]]) -> None:
    missing = [part for part in ("title", "summary") if not texts.get(FALLBACK, {}).get(part, "").strip()]
    if missing:
        raise IncompletePosting(missing)
