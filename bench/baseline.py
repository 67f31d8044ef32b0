"""Serves the baseline exactly as `schotten serve` serves Schotten: same workers, threads, preloading and memory settings."""

from __future__ import annotations

from flask import Flask

from app.cli.server import Server
from app.config import Settings
from bench.hello import app


class Baseline(Server):
    """Schotten's gunicorn with another app in it."""

    def load(self) -> Flask:
        """Return the smallest app there is."""
        return app


if __name__ == "__main__":
    Baseline(Settings.from_environment(), None, "the baseline is served\n").run()
