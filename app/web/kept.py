"""Answers with pages that are the same for everybody, kept as they were rendered while what they show stays the same.

**Public facts only.** No page with a form, of somebody with a session, or of anything sealed is ever kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from flask import Flask, Response, current_app, request, session

from app.shared.kept import Kept
from app.web.i18n import chosen_language

EXTENSION = "schotten-kept-pages"
MOST = 200
FRESH_FOR = 60
"""Seconds for which browsers and proxies may show such a page again without asking."""

Page = tuple[bytes, int]


def init_kept(app: Flask) -> None:
    """Give the app room for pages."""
    app.extensions[EXTENSION] = Kept[Page](MOST)


def kept(facts: Hashable, render: Callable[[], tuple[str, int]]) -> Response:
    """Answer with the page of this path and language that shows ``facts``: everything in it that can change.

    ``render`` returns HTML and status. A reader for whom a message waits gets a page of their own, which nobody keeps.
    """
    if current_app.config["SESSION_COOKIE_NAME"] in request.cookies and "_flashes" in session:
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
