"""Writing to two counsellors, 20 KB, sealed among cover and on the disk before the answer, against hello world; and what a large file takes of memory."""

from __future__ import annotations

from os import urandom
from pathlib import Path

from bench.ground import Ground, hello
from bench.load import Load, WrongAnswer
from bench.pages import Visitor
from bench.seekers import PATH, filled_in
from bench.serving import MEGABYTE, Server
from bench.web import form_fields

CLIENT = "bench.seekers:seeker"
FILE = 10 * MEGABYTE
UPLOADS = 6
_START = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffc0000b080001000101011100ffda0008010100003f00"
)
_END = b"\xff\xd9"


def take(ground: Ground) -> tuple[float, str]:
    """The share of hello world's requests per second, and what it would be at best."""
    instance = ground.copy("counselling")
    with ground.module("bench.baseline", instance) as baseline, ground.schotten(instance) as server:
        writing = Load(server.port, CLIENT, {"port": server.port})
        with ground.floor("counselling-floor", writing) as floor:
            return ground.against(hello(baseline.port), writing, floor)


def take_memory(ground: Ground) -> tuple[float, str]:
    """The most that a worker grew by while photos of 10 MB were added and sent, as a multiple of the photo."""
    instance = ground.copy("counselling-memory")
    with ground.schotten(instance) as server:
        _send_photo(server.port, _photo(1000))  # so that all code is loaded
        begun = _workers(server, "VmRSS")
        for _ in range(UPLOADS if ground.pace.rounds > 1 else 2):
            _send_photo(server.port, _photo(FILE))
        most, rests = _workers(server, "VmHWM"), _workers(server, "VmRSS")
        grown = max(most[pid] - begun[pid] for pid in begun)
        kept = max(rests[pid] - begun[pid] for pid in begun)
        return (
            grown / FILE,
            f"{grown / MEGABYTE:.0f} MB at most, {kept / MEGABYTE:.0f} MB afterwards, for {FILE // MEGABYTE} MB",
        )


def _send_photo(port: int, photo: bytes) -> None:
    visitor = Visitor(port)
    fields = filled_in(visitor) | {"step": ["files"], "go": ["upload"]}
    page = visitor.upload(PATH, fields, ("files-files", "photo.jpg", photo))
    page = visitor.post(PATH, form_fields(page.body) | {"go": "next"})
    if b"photo.jpg" not in page.body:
        raise WrongAnswer("the photo was not taken")
    if b'id="code"' not in visitor.post(PATH, form_fields(page.body) | {"go": "send"}).body:
        raise WrongAnswer("it was not sent")


def _photo(size: int) -> bytes:
    """As large as that, and no smaller once packed."""
    pixels = urandom(size - len(_START) - len(_END)).replace(b"\xff", b"\xfe")
    return _START + pixels + _END


def _workers(server: Server, what: str) -> dict[int, int]:
    """How many bytes each worker has, or has had at most."""
    found = {}
    for process in server.tree[1:]:
        lines = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
        found[process.pid] = next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))
    return found
