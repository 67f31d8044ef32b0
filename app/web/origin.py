"""Which of the configured addresses this page is at, for what browsers bind to an address. The request only chooses; it adds none."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from app.web.state import state
from keys.passkeys import Site


def site() -> Site | None:
    """Return the site for passkeys; None where they can't be used at this address."""
    for origin in state().settings.passkey_origins:
        if urlsplit(origin).netloc == request.host:
            return Site(origin)
    return None
