"""One page of an import's rows: what a pager needs to draw itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

PER_PAGE = 50


class Page:
    """Page number ``page`` (from 1, brought into bounds) out of ``total`` rows."""

    def __init__(self, page: int, total: int) -> None:
        self.total = total
        self.per_page = PER_PAGE
        self.pages = max(1, -(-total // PER_PAGE))
        self.page = min(max(page, 1), self.pages)
        self.has_prev = self.page > 1
        self.has_next = self.page < self.pages
        self.items: Sequence[Any] = ()
