"""A whole log-in against the Argon2id that is in it. One after the other, for with several at once the cores would be measured."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from bench.ground import Ground
from bench.load import WrongAnswer
from bench.pages import Visitor
from bench.web import form_fields
from keys.passphrase import RECOMMENDED, burn

PATH = "/login"
LOGINS_PER_ROUND = 4


def take(ground: Ground) -> tuple[float, str]:
    """How many times as long as Argon2id alone with production's parameters (medians)."""
    login = ground.login("desk")
    instance = ground.copy("login")
    with ground.schotten(instance) as server:
        visitor = Visitor(server.port)
        form = form_fields(visitor.get(PATH).body) | {
            "username": login.username,
            "passphrase": login.passphrase,
        }
        cookies = dict(visitor.cookies)

        def log_in() -> None:
            visitor.cookies.clear()
            visitor.cookies.update(cookies)
            response = visitor.post(PATH, form)
            if response.status != 303:
                raise WrongAnswer(f"the log-in was answered with {response.status}")

        def alone() -> None:
            burn(login.passphrase, RECOMMENDED)

        log_in()
        pairs = [(_time(alone), _time(log_in)) for _ in range(LOGINS_PER_ROUND * ground.pace.rounds)]
    argon2, whole = (statistics.median(times) for times in zip(*pairs, strict=True))
    return whole / argon2, f"{whole * 1000:.1f} ms, Argon2id alone {argon2 * 1000:.1f} ms"


def _time(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
