"""A posting's page, as anybody reads it, against hello world."""

from __future__ import annotations

from bench.ground import HELLO, Ground, hello
from bench.load import Load
from bench.pages import first_posting


def take(ground: Ground) -> tuple[float, str]:
    """The share of hello world's requests per second."""
    instance = ground.copy("public-page")
    with ground.module("bench.baseline", instance) as baseline, ground.schotten(instance) as server:
        path = first_posting(server.port)
        page = Load(server.port, HELLO, {"path": path, "contains": "<h1"})
        return ground.against(hello(baseline.port), page)
