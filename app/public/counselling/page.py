"""What all pages of the counsellors have in common: headers, a way out, a language that leaves no cookie, and no line in the log.

Their addresses and titles say nothing but where one is: whoever looks into the history, or over a shoulder at the tab, learns that somebody
was on these pages at most, not what they read, and not whether they wrote or came back. So the pages that one reads have numbers, and whatever
is sent goes to the one address that everybody opens first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import get_locale, refresh
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.envelopes.directory import follow
from app.public.blueprint import blueprint, language
from app.public.uploads import limit
from app.shared import counsellors
from app.shared.counsellors import Counsellor
from app.web.i18n import LANGUAGES
from app.web.kept import filled_in
from app.web.logs import leave_no_line, write_down
from app.web.state import state

PREFIX = "public.counselling"
LANGUAGE, OTHER_LANGUAGE = "lang", "to-lang"
START = "start"
"""What the two ways in send: it shows a first page and does nothing else."""
SIGNED = "dgs"
HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noarchive"}


def is_ours() -> bool:
    """Whether one of these pages was asked for."""
    return (request.endpoint or "").startswith(PREFIX)


def not_stored(error: Exception) -> str:
    """Say that something could not be written for now, and note it without a word of it."""
    write_down(error)
    return str(
        _(
            "This could not be stored just now. Everything you wrote still stands here. Please press the button again in a few minutes: it arrives once, however often you press."
        )
    )


def tongue() -> str | None:
    """The language that was chosen on these pages: it travels in addresses and forms, for a cookie would stay."""
    try:
        given = request.form if request.method == "POST" else request.args
    except RequestEntityTooLarge:
        # The page that says so needs a language, too.
        given = request.args
    chosen = given.get(OTHER_LANGUAGE) or given.get(LANGUAGE, "")
    return chosen if chosen in LANGUAGES else None


@blueprint.before_request
def _prepare() -> None:
    if not is_ours():
        return
    leave_no_line()
    if chosen := tongue():
        g.language = chosen
        refresh()


@blueprint.after_request
def _guard(response: Response) -> Response:
    if is_ours():
        response.headers.update(HEADERS)
    return response


@blueprint.context_processor
def _context() -> dict[str, Any]:
    if not is_ours():
        return {}
    return {
        "quick_exit": to(".counselling_leave"),
        "to": to,
        "most": limit(),
        "tongue": tongue() or "",
        "in_words": in_words,
        "language_name": language_name,
        # These change the address only. What answers a POST has a button instead, which sends what was typed along.
        "language_links": [] if request.method == "POST" else [_language_link(code) for code in LANGUAGES],
        # What is typed is lost by following a link: where somebody writes there is nothing but what they need.
        **({"nav_items": list} if request.method == "POST" else {}),
        "other_languages": {code: name for code, name in LANGUAGES.items() if code != language()},
    }


def to(endpoint: str, **values: Any) -> str:
    """Return the address of one of these pages, in the language that was chosen."""
    address: dict[str, Any] = {**values, LANGUAGE: tongue()}
    return url_for(endpoint, **address)


def filled(template: str, words: dict[str, str], **facts: Any) -> str:
    """Render a page whose frame is kept (:func:`app.web.kept.filled_in`): its links carry the language that was chosen."""
    return filled_in(template, words, **facts, chosen=tongue() or "")


def published() -> list[Counsellor]:
    """Who can be written to, as their compartment's present key vouches for it."""
    return counsellors.published(follow(state().pinned("counsel"))[0].keys.signing)


def accepting(everybody: Sequence[Counsellor]) -> list[Counsellor]:
    """Who takes something new at present."""
    return [one for one in everybody if one.accepts]


def language_name(code: str) -> str:
    """What a language is called in the reader's own; the code where nobody knows it."""
    if code == SIGNED:
        return str(_("German Sign Language"))
    names: Any = get_locale().languages
    return str(names.get(code, code))


def in_words(texts: Any) -> str:
    """A counsellor's own text: in the reader's language, or else in the one it was written in."""
    return str(texts.get(language()) or next((text for text in texts.values() if text), ""))


def _language_link(code: str) -> dict[str, Any]:
    address: dict[str, Any] = {**(request.view_args or {}), LANGUAGE: code}
    url = url_for(request.endpoint or ".counselling", **address)
    return {"code": code, "name": LANGUAGES[code], "url": url, "here": code == language()}
