"""An application of five fields, sealed and on the disk before the answer, against hello world."""

from __future__ import annotations

from bench.ground import Ground, hello
from bench.load import Load
from bench.pages import first_posting

CLIENT = "bench.applicants:applicant"


def take(ground: Ground) -> tuple[float, str]:
    """The share of hello world's requests per second, and what it would be at best."""
    instance = ground.copy("application")
    with ground.module("bench.baseline", instance) as baseline, ground.schotten(instance) as server:
        sending = Load(
            server.port, CLIENT, {"port": server.port, "path": f"{first_posting(server.port)}/apply"}
        )
        with ground.floor("application-floor", sending) as floor:
            return ground.against(hello(baseline.port), sending, floor)
