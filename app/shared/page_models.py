"""Tables of what is published beside the postings: pages in Markdown, and when the participation platform will be away. Public facts only."""

from __future__ import annotations

from peewee import CharField, CompositeKey, DateTimeField, TextField

from app.shared.base import SharedModel
from app.shared.fields import JSONText, public


class Page(SharedModel):
    """A published page, in Markdown."""

    slug = public(CharField())
    language = public(CharField(max_length=2))
    title = public(CharField())
    body = public(TextField())

    class Meta:
        primary_key = CompositeKey("slug", "language")


class MaintenanceNotice(SharedModel):
    """A window in which the platform may be away. ``texts`` is ``{"de": what users will notice, "en": ...}``, as plain text."""

    id = public(CharField(primary_key=True, max_length=32))
    starts_at = public(DateTimeField())
    ends_at = public(DateTimeField())
    texts = public(JSONText())


PAGE_MODELS = (Page, MaintenanceNotice)
