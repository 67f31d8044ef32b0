"""The counted incidents of a year, page by page, the newer half first; within it in no order that tells when they were counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compartments.counsel.incidents.models import Incident

PER_PAGE = 25


@dataclass(frozen=True)
class Listed:
    """One page of a year's incidents."""

    incidents: Sequence[Incident]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PER_PAGE))

    @property
    def has_prev(self) -> bool:
        """Whether there is a page before."""
        return self.page > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.page < self.pages


def page(year: int, number: int) -> Listed:
    """Return a page; the nearest one where there is none of this number."""
    found = Incident.select().where(Incident.half.startswith(f"{year}-"))
    total = found.count()
    number = min(max(number, 1), max(1, -(-total // PER_PAGE)))
    shown = found.order_by(Incident.half.desc(), Incident.id).paginate(number, PER_PAGE)
    return Listed(list(shown), total, number)
