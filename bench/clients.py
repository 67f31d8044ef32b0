"""What the clients of a load do, each as a generator (see :mod:`bench.load`)."""

from __future__ import annotations

from bench.load import Client, WrongAnswer
from bench.web import Cookies, get


def reader(_number: int, path: str, contains: str = "", cookies: dict[str, str] | None = None) -> Client:
    """GET one page again and again. Every answer must be a 200, the first one must hold ``contains``."""
    request = get(path, Cookies(cookies or {}))
    response = yield request, False
    if contains.encode() not in response.body:
        raise WrongAnswer(f"{path} doesn't show {contains!r} but {response.status}")
    while response.status == 200:
        response = yield request, True
    raise WrongAnswer(f"{path} answered {response.status}")
