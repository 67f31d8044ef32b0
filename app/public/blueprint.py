"""The blueprint of everything that anybody may see, and what its pages have in common."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import get_locale, lazy_gettext

from app.web.i18n import DEFAULT
from app.web.navigation import NavItem, add_nav
from app.web.seats import seats_open, seats_wanted, term_in_words

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


def language() -> str:
    """The reader's language."""
    return str(get_locale() or DEFAULT)
