"""Who reads the page that is being made: the officer, the language, the day; and the titles of postings in that language."""

from __future__ import annotations

from collections.abc import Mapping

from app.shared.models import Posting
from app.web.guard import officer
from app.web.i18n import chosen_language
from app.web.state import state
from compartments.board.applications.history import Actor, Seen
from compartments.board.forms import ActForm


def language() -> str:
    """The reader's language: "de" or "en"."""
    return chosen_language()


def actor() -> Actor:
    """The officer who acts."""
    account = officer().account
    return Actor(account.id, account.display_name)


def seen(form: ActForm) -> Seen:
    """What a validated form brings along of the page that it was on."""
    return Seen(form.revision.data, form.once.data)


def title_of(posting: Posting, tongue: str) -> str:
    """A posting's title in a language, else in German, else its slug."""
    return str(
        posting.texts.get(tongue, {}).get("title") or posting.texts.get("de", {}).get("title") or posting.slug
    )


def titles(tongue: str | None = None) -> Mapping[str, str]:
    """The titles of all postings by slug."""
    tongue = tongue or language()
    return {row.slug: title_of(row, tongue) for row in Posting.select(Posting.slug, Posting.texts)}


def organisation() -> str:
    """The organisation's name."""
    return state().settings.organisation
