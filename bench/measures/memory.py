"""How much memory two workers with all faces take after some work."""

from __future__ import annotations

from bench.ground import Ground
from bench.load import WrongAnswer
from bench.pages import Visitor, first_posting
from bench.web import form_fields

REQUESTS = 1000


def take(ground: Ground) -> tuple[float, str]:
    """Megabytes of the server's whole process tree, shared pages counted once (PSS), after 1,000 requests."""
    instance = ground.copy("memory")
    with ground.schotten(instance) as server:
        begun = server.memory()
        posting = first_posting(server.port)
        anybody, officers = (
            Visitor(server.port),
            [_logged_in(ground, server.port, name) for name in ("desk", "board")],
        )
        paths = ["/", posting, f"{posting}/apply", "/mailbox", "/contact", "/login"]
        for number in range(REQUESTS):
            visitor, path = anybody, paths[number % len(paths)]
            if number % 3 == 0:
                name, visitor = officers[number % len(officers)]
                path = f"/{name}/inbox"
            if (status := visitor.get(path).status) != 200:
                raise WrongAnswer(f"{path} answered {status}")
        return server.memory(), f"{begun:.0f} MB before them, {len(server.tree)} processes"


def _logged_in(ground: Ground, port: int, compartment: str) -> tuple[str, Visitor]:
    login, visitor = ground.login(compartment), Visitor(port)
    form = form_fields(visitor.get("/login").body)
    visitor.post("/login", form | {"username": login.username, "passphrase": login.passphrase})
    return compartment, visitor
