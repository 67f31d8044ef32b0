"""The token against forged requests (CSRF), where a whole form isn't needed to check it: making one also makes its next token."""

from __future__ import annotations

from flask import request
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError


def is_genuine() -> bool:
    """Whether the token that came with the request was made by this server for this browser, not too long ago."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True
