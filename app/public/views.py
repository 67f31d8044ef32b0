"""The public blueprint with all its pages; importing this module puts them on it."""

from __future__ import annotations

from app.public import applying, claim, contact, mailbox, membership, postings
from app.public.blueprint import blueprint
from app.public.counselling import views as counselling
from app.public.foreign import refuse_foreign_forms
from app.public.too_large import refuse_what_was_too_large

# Last of all, so that counsel's pages have seen to it that no line is written of them.
blueprint.before_request(refuse_foreign_forms)
blueprint.before_request(refuse_what_was_too_large)
PAGES = (postings, applying, membership, mailbox, claim, contact, counselling)

__all__ = ["PAGES", "blueprint"]
