"""What the server writes down: which route, which status, how long; errors by reference, type and place. No content, no address.

Exception messages are left out on purpose: they quote what was typed.
"""

from __future__ import annotations

import logging
import time
import traceback

from flask import Flask, Response, g, request

from app.web.security import is_static
from keys.randomness import token_hex

access = logging.getLogger("schotten.access")
errors = logging.getLogger("schotten.errors")


def init_logs(app: Flask) -> None:
    """Log one line per request, by route rather than by path."""
    app.logger.disabled = True
    app.before_request(_start)
    app.after_request(_line)


def leave_no_line() -> None:
    """Write nothing down of this request, not even that there was one. An error still leaves its reference, type and place."""
    g.goes_unlogged = True


def _start() -> None:
    g.started = time.perf_counter()


def _line(response: Response) -> Response:
    if not is_static() and not g.get("goes_unlogged"):
        milliseconds = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
        rule = request.url_rule.rule if request.url_rule else "-"
        access.info("%s %s %s %.0fms", request.method, rule, response.status_code, milliseconds)
    return response


def write_down(error: BaseException) -> str:
    """Log an unexpected error without its message; return the reference that the reader is shown."""
    reference = token_hex(4)
    places = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    chain = [type(error).__name__]
    while (error := error.__cause__ or error.__context__) is not None:  # type: ignore[assignment]
        chain.append(type(error).__name__)
    errors.error("%s %s at %s", reference, " from ".join(chain), " < ".join(reversed(places[-12:])))
    return reference


def configure(level: int = logging.INFO) -> None:
    """Send Schotten's logs to standard error, without content from libraries."""
    # Not in the lines, so not to be looked up for each (logging HOWTO, "Optimization").
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001  (the documented way)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    for name in ("schotten", "app", "compartments"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
