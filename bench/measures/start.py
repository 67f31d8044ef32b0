"""`make run` once the demo is there: how long until the first page."""

from __future__ import annotations

import statistics
import time

from bench.ground import Ground
from bench.load import WrongAnswer
from bench.serving import ROOT, free_port, serving

STARTS = 3


def take(ground: Ground) -> tuple[float, str]:
    """Seconds from the command to the whole first page (median of some starts)."""
    if not (ROOT / ".venv" / ".installed").exists():
        raise WrongAnswer("nothing is installed in .venv: this would measure the first start")
    instance = ground.copy("start")
    times = []
    for _ in range(1 + min(STARTS, ground.pace.rounds)):
        port = free_port()
        environment = ground.environment(instance, SCHOTTEN_PORT=str(port), SCHOTTEN_HTTPS="0")
        # What a `make bench` around this one was given is not for this one.
        environment |= {"MAKEFLAGS": "", "MFLAGS": "", "ARGS": ""}
        began = time.monotonic()
        with serving(["make", "--no-print-directory", "run"], environment, port, ground.folder / "start.log"):
            times.append(time.monotonic() - began)
    # The first one may still have compiled Python's modules.
    return statistics.median(
        times[1:]
    ), f"{len(times) - 1} starts in {ROOT.name}/, {min(times):.1f} to {max(times):.1f} s"
