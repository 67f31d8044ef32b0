"""One page of a long list: what a pager needs to draw itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")
PER_PAGE = 25


@dataclass(frozen=True)
class Page(Generic[Row]):
    """``items`` of page number ``page`` (from 1), out of ``total`` rows."""

    items: Sequence[Row]
    page: int
    total: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return _pages(self.total, self.per_page)

    @property
    def has_prev(self) -> bool:
        """Whether there is a page before."""
        return self.page > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.page < self.pages


def nearest(number: int, total: int, per_page: int = PER_PAGE) -> int:
    """Return the number of the page that was asked for, or of the nearest one that there is."""
    return min(max(number, 1), _pages(total, per_page))


def page_of(query: Any, number: int, per_page: int = PER_PAGE) -> Page[Any]:
    """Return a page of what an ordered ``query`` finds; the nearest one where there is none of this number."""
    total = query.count()
    number = nearest(number, total, per_page)
    return Page(list(query.paginate(number, per_page)), number, total, per_page)


def _pages(total: int, per_page: int) -> int:
    return max(1, -(-total // per_page))
