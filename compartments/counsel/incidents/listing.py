"""The counted incidents of a year, page by page, the newer half first; within it in no order that tells when they were counted."""

from __future__ import annotations

from app.paging import Page, page_of
from compartments.counsel.incidents.models import Incident


def page(year: int, number: int) -> Page[Incident]:
    """Return a page; the nearest one where there is none of this number."""
    found = Incident.select().where(Incident.half.startswith(f"{year}-"))
    return page_of(found.order_by(Incident.half.desc(), Incident.id), number)
