"""What the clients of a load do, each as a generator (see :mod:`bench.load`)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

from bench.load import Client, WrongAnswer
from bench.web import Cookies, get


def reader(_number: int, path: str, contains: str = "") -> Client:
    """GET one page again and again."""
    return readers(_number, [path], contains)


def readers(
    _number: int, paths: Sequence[str], contains: str = "", cookies: dict[str, str] | None = None
) -> Client:
    """GET some pages in turn. Every answer must be a 200, and each page must hold ``contains`` when it is first read."""
    requests = [get(path, Cookies(cookies or {})) for path in paths]
    for request in requests:
        response = yield request, False
        if response.status != 200 or contains.encode() not in response.body:
            raise WrongAnswer(f"{request[:80]!r} was answered {response.status}, without {contains!r}")
    for request in cycle(requests):
        response = yield request, True
        if response.status != 200:
            raise WrongAnswer(f"{request[:80]!r} was answered {response.status}")
