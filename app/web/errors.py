"""Error pages: what happened and what to do, in the reader's language. Unexpected ones show a reference, never a trace."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.web.logs import write_down

PAGES = frozenset({400, 403, 404, 405, 413, 429, 500, 503})
TOO_LARGE = "X-Too-Large"
"""How a web server in front says that it has refused what came with this request, so that the page says it in our words (``deploy/nginx``)."""


def init_errors(app: Flask) -> None:
    """Answer every error with a page."""
    app.before_request(_refused_in_front)
    app.register_error_handler(HTTPException, _expected)
    app.register_error_handler(Exception, _unexpected)


def _refused_in_front() -> None:
    if TOO_LARGE in request.headers:
        raise RequestEntityTooLarge


def _expected(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    page = (
        error.code if error.code in PAGES else 400 if error.code < HTTPStatus.INTERNAL_SERVER_ERROR else 500
    )
    return render_template(f"errors/{page}.html", reference=None), error.code


def _unexpected(error: Exception) -> ResponseReturnValue:
    return render_template("errors/500.html", reference=write_down(error)), 500
