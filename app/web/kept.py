"""Answers with pages that are the same for everybody, kept as they were rendered while what they show stays the same.

**Public facts only.** No page with a form, of somebody with a session, or of anything sealed is ever kept. Of a page that confirms something
to one reader only the frame is kept, which was rendered without a word of theirs (:func:`filled_in`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable

from flask import Flask, Response, current_app, render_template, request, session
from markupsafe import escape

from app.shared.kept import Kept
from app.web.i18n import chosen_language
from keys.randomness import token_hex

EXTENSION, FRAMES = "schotten-kept-pages", "schotten-kept-frames"
MOST = 200
FRESH_FOR = 60
"""Seconds for which browsers and proxies may show such a page again without asking."""

Page = tuple[bytes, int]
_MARK = token_hex()
_HOLE = re.compile(f"{_MARK}([a-z_]+){_MARK}")


def init_kept(app: Flask) -> None:
    """Give the app room for pages."""
    app.extensions[EXTENSION] = Kept[Page](MOST)
    app.extensions[FRAMES] = Kept[list[str]](MOST)


def kept(facts: Hashable, render: Callable[[], tuple[str, int]]) -> Response:
    """Answer with the page of this path and language that shows ``facts``: everything in it that can change.

    ``render`` returns HTML and status. A reader for whom a message waits gets a page of their own, which nobody keeps.
    """
    if _message_waits():
        html, status = render()
        return Response(html, status, mimetype="text/html")

    def make() -> Page:
        html, status = render()
        return html.encode(), status

    pages: Kept[Page] = current_app.extensions[EXTENSION]
    body, status = pages.get((request.script_root, request.path, chosen_language(), facts), make)
    response = Response(body, status, mimetype="text/html")
    response.headers["Cache-Control"] = f"public, max-age={FRESH_FOR}"
    return response


def filled_in(template: str, words: dict[str, str], **facts: Hashable) -> str:
    """Render a page whose frame is the same for everybody: ``words``, which the template only prints, are put in (escaped) at the end.

    What is kept is made of ``facts``, the language and the page's place alone; of ``words`` it has the names.
    """
    if _message_waits():
        return render_template(template, **words, **facts)

    def make() -> list[str]:
        holes = {name: f"{_MARK}{name}{_MARK}" for name in words}
        return _HOLE.split(render_template(template, **holes, **facts))

    frames: Kept[list[str]] = current_app.extensions[FRAMES]
    place = template, request.script_root, request.endpoint, chosen_language()
    frame = frames.get((place, tuple(words), tuple(facts.items())), make)
    # Split at its holes: every second piece is the name of one.
    return "".join(escape(words[piece]) if number % 2 else piece for number, piece in enumerate(frame))


def _message_waits() -> bool:
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies and "_flashes" in session
