"""Published pages in Markdown. ``introduction`` is the organisation's own word above the list of postings."""

from __future__ import annotations

from app.shared.models import Page

INTRODUCTION = "introduction"
FALLBACK = "de"


def find(slug: str, language: str) -> Page | None:
    """Return a page in ``language``, else in German, else None."""
    found = {page.language: page for page in Page.select().where(Page.slug == slug)}
    return found.get(language) or found.get(FALLBACK)
