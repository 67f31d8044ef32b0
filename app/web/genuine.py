"""The token against forged requests (CSRF), where a whole form isn't needed to check it: making one also makes its next token."""

from __future__ import annotations

from flask import request
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

FOR_EVER = 10**10
"""Seconds: a token that is good as long as the cookie it belongs to."""


def is_genuine(within: int | None = None) -> bool:
    """Whether the token that came with the request was made by this server for this browser, not longer ago than ``within`` seconds (default: the settings')."""
    try:
        validate_csrf(request.form.get("csrf_token"), time_limit=within)
    except ValidationError:
        return False
    return True
