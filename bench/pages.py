"""One visitor at a time, with cookies: finds its way through the pages as a browser without JavaScript would."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping

from bench.load import CONTENT_LENGTH, WrongAnswer
from bench.web import Cookies, Response, get, post, upload

POSTING = re.compile(r'href="(/postings/[a-z0-9-]+)"')


class Visitor:
    """Sends one request after the other, each on a connection of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies = Cookies()

    def get(self, path: str) -> Response:
        """Read a page."""
        return self._sent(get(path, self.cookies))

    def post(self, path: str, fields: Mapping[str, str | list[str]]) -> Response:
        """Send a form."""
        return self._sent(post(path, fields, self.cookies))

    def upload(self, path: str, fields: Mapping[str, list[str]], file: tuple[str, str, bytes]) -> Response:
        """Send a form with a file."""
        return self._sent(upload(path, fields, file, self.cookies))

    def _sent(self, request: bytes) -> Response:
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(request)
            response = _whole(connection)
        self.cookies.take(response)
        return response


def _whole(connection: socket.socket) -> Response:
    received = b""
    while piece := connection.recv(1 << 16):
        received += piece
        head, separator, body = received.partition(b"\r\n\r\n")
        length = CONTENT_LENGTH.search(head)
        if separator and len(body) >= int(length[1] if length else 0):
            text = head.decode("latin-1")
            return Response(int(text[9:12]), text, body)
    raise WrongAnswer("the connection broke before the response was whole")


def first_posting(port: int) -> str:
    """The path of the first posting on the list; raises :class:`~bench.load.WrongAnswer` where there is none."""
    found = POSTING.search(Visitor(port).get("/").body.decode())
    if found is None:
        raise WrongAnswer("no posting is open")
    return found[1]
