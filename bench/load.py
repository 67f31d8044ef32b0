"""The load: some clients at once over kept-alive connections, in a process of its own that does as little as it can.

A client is a generator: it yields ``(request, counted)`` and is sent the response. One thread drives all of them with non-blocking sockets,
so that what is measured is the server and not Python's threads in the client.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from bench.web import Response

Client = Generator[tuple[bytes, bool], Response, None]
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNK = 1 << 16
REQUESTS_PER_CONNECTION = 40
SECONDS_TO_WARM_UP = 0.4


class WrongAnswer(RuntimeError):
    """The server answered something else than the measure is about; figures of errors are worth nothing."""


@dataclass(frozen=True)
class Load:
    """What to send: the client ``module:function`` is called with ``arguments``."""

    port: int
    client: str
    arguments: dict[str, Any]
    clients: int = 8
    seconds: float = 2.0


def offer(load: Load) -> float:
    """Run a load in a fresh process; return the counted requests per second."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(vars(load)),
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise WrongAnswer(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "the client died")
    return float(done.stdout)


class _Connection:
    """One client: its connection, what it is waiting for, and how often it got it."""

    def __init__(self, port: int, client: Client, selector: selectors.BaseSelector) -> None:
        self.port, self.client, self.selector = port, client, selector
        self.counted = False
        self.sent = 0
        self.received = bytearray()
        self.connect()
        self.send(next(client))

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(self.socket, selectors.EVENT_READ, self)

    def send(self, step: tuple[bytes, bool]) -> None:
        self.request, self.counted = step
        self.sent += 1
        # The kernel may give all of few connections to one worker; new ones now and then even that out.
        if self.sent % REQUESTS_PER_CONNECTION == 0:
            self._reconnect()
        self.socket.sendall(self.request)

    def read(self) -> Response | None:
        """Take what has come; return the response when it is whole."""
        piece = self.socket.recv(CHUNK)
        if not piece:
            return self._again()
        self.received += piece
        end = self.received.find(b"\r\n\r\n")
        length = CONTENT_LENGTH.search(self.received, 0, end) if end >= 0 else None
        if end < 0 or len(self.received) < end + 4 + int(length[1] if length else 0):
            return None
        head = self.received[:end].decode("latin-1")
        response = Response(int(head[9:12]), head, bytes(self.received[end + 4 :]))
        self.received.clear()
        if "\r\nconnection: close" in head.lower():
            self._reconnect()
        return response

    def _again(self) -> None:
        """The server closed an idle connection: like a browser, connect anew and repeat."""
        if self.received:
            raise WrongAnswer("the connection broke in the middle of a response")
        self._reconnect()
        self.socket.sendall(self.request)

    def _reconnect(self) -> None:
        self.selector.unregister(self.socket)
        self.socket.close()
        self.connect()


def drive(load: Load, make: Callable[..., Client]) -> float:
    """Drive the clients for a while; return the counted requests per second after warming up."""
    with selectors.DefaultSelector() as selector:
        for number in range(load.clients):
            _Connection(load.port, make(number, **load.arguments), selector)
        _turn(selector, time.perf_counter() + SECONDS_TO_WARM_UP)
        began = time.perf_counter()
        counted = _turn(selector, began + load.seconds)
        return counted / (time.perf_counter() - began)


def _turn(selector: selectors.BaseSelector, until: float) -> int:
    counted = 0
    while time.perf_counter() < until:
        for key, _events in selector.select(timeout=1):
            connection: _Connection = key.data
            response = connection.read()
            if response is not None:
                counted += connection.counted
                connection.send(connection.client.send(response))
    return counted


def main() -> None:
    """Read a load from standard input, print the figure."""
    load = Load(**json.load(sys.stdin))
    module, _, function = load.client.partition(":")
    print(drive(load, getattr(import_module(module), function)))


if __name__ == "__main__":
    main()
