"""Error pages: what happened and what to do, in the reader's language. Unexpected ones show a reference, never a trace."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from app.web.logs import write_down

PAGES = frozenset({400, 403, 404, 405, 413, 429, 500, 503})


def init_errors(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(HTTPException, _expected)
    app.register_error_handler(Exception, _unexpected)


def _expected(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    page = (
        error.code if error.code in PAGES else 400 if error.code < HTTPStatus.INTERNAL_SERVER_ERROR else 500
    )
    return render_template(f"errors/{page}.html", reference=None), error.code


def _unexpected(error: Exception) -> ResponseReturnValue:
    return render_template("errors/500.html", reference=write_down(error)), 500
