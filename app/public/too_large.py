"""What the web server in front has refused as too large: the page that says so is ours, in the reader's language and with the way on."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

TOO_LARGE = "X-Too-Large"
"""As ``deploy/nginx`` says it. Whoever says it without a reason is refused without one."""


def refuse_what_was_too_large() -> None:
    """Answer with the page of what is too large. Raises ``RequestEntityTooLarge``; nothing of what was sent has come here."""
    if TOO_LARGE in request.headers:
        raise RequestEntityTooLarge
