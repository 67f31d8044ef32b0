"""The blueprint of everything that anybody may see, and what its pages have in common."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask_babel import lazy_gettext

from app.web.i18n import chosen_language
from app.web.navigation import NavItem, add_nav
from app.web.seats import seats_open, seats_wanted, term_in_words
from app.web.state import state

DAYS_IN_A_MONTH = 30.44

blueprint = Blueprint("public", __name__)
add_nav(
    blueprint,
    "public",
    NavItem(lazy_gettext("Postings"), ".index", order=10, section=(".posting", ".apply")),
    NavItem(lazy_gettext("My mailbox"), ".mailbox", order=20, section=(".mailbox",)),
    NavItem(lazy_gettext("Contact"), ".contact", order=30),
)
blueprint.add_app_template_filter(seats_wanted, "seats_wanted")
blueprint.add_app_template_filter(seats_open, "seats_open")
blueprint.add_app_template_filter(term_in_words, "term_in_words")


@blueprint.context_processor
def _context() -> dict[str, Any]:
    """``retention``: after how many months an application that was turned down is erased."""
    return {"retention": round(state().settings.application_retention.days / DAYS_IN_A_MONTH)}


def language() -> str:
    """The reader's language: "de" or "en"."""
    return chosen_language()
