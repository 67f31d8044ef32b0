"""Published pages in Markdown. ``introduction`` is the organisation's own word above the list of postings."""

from __future__ import annotations

from collections.abc import Hashable

from app.shared.page_models import Page
from app.shared.prepared import Prepared

INTRODUCTION = "introduction"
FALLBACK = "de"


_ROWS = Prepared(lambda slug: Page.select().where(Page.slug == slug).order_by(Page.language))


def find(slug: str, language: str) -> Page | None:
    """Return a page in ``language``, else in German, else None."""
    found = {page.language: page for page in Page.select().where(Page.slug == slug)}
    return found.get(language) or found.get(FALLBACK)


def stand(slug: str) -> Hashable:
    """Return everything that :func:`find` chooses from: it changes with the page in any language."""
    return tuple(_ROWS.all(slug))
