"""Bounds on how often one address may try something costly. Counted in memory only: no address is ever stored (P10)."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from app.config import Settings

limiter = Limiter(
    get_remote_address, storage_uri="memory://", strategy="moving-window", headers_enabled=False
)

TRIES = "30 per minute"
"""For pages that check a passphrase or a code; people behind one address (Tor, an office) share it."""


def init_limits(app: Flask, settings: Settings) -> None:
    """Set the limits up, or switch them off where the settings say so (load tests)."""
    app.config["RATELIMIT_ENABLED"] = settings.rate_limits
    limiter.init_app(app)
