"""Writing to two counsellors, 20 KB, sealed among cover and on the disk before the answer, against hello world; and what large files take of memory."""

from __future__ import annotations

from collections.abc import Callable
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
WARM_UP, UPLOADS = 20, 6
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
    """The most that a worker grew by while files of 10 MB were added and sent, as a multiple of the file: of photos or documents, whichever is more."""
    grown = {name: _grown(ground, name, make) for name, make in KINDS.items()}
    told = ", ".join(
        f"{name}: {most / MEGABYTE:.0f} MB at most, {kept / MEGABYTE:.0f} MB afterwards"
        for name, (most, kept) in grown.items()
    )
    return max(most for most, _kept in grown.values()) / FILE, f"{told}; for {FILE // MEGABYTE} MB"


def _grown(ground: Ground, name: str, make: Callable[[int], bytes]) -> tuple[int, int]:
    """By how many bytes a worker grew at most, and by how many it is larger afterwards."""
    instance = ground.copy("counselling-memory")
    with ground.schotten(instance) as server:
        for _ in range(WARM_UP):  # so that all code is loaded, in both workers
            _send(server.port, name, make(1000))
        begun = _workers(server, "VmRSS")
        for _ in range(UPLOADS if ground.pace.rounds > 1 else 2):
            _send(server.port, name, make(FILE))
        most, rests = _workers(server, "VmHWM"), _workers(server, "VmRSS")
        return max(most[pid] - begun[pid] for pid in begun), max(rests[pid] - begun[pid] for pid in begun)


def _send(port: int, name: str, content: bytes) -> None:
    visitor = Visitor(port)
    fields = filled_in(visitor) | {"step": ["files"], "go": ["upload"]}
    page = visitor.upload(PATH, fields, ("files-files", name, content))
    page = visitor.post(PATH, form_fields(page.body) | {"go": "next"})
    if name.encode() not in page.body:
        raise WrongAnswer("the file was not taken")
    if b'id="code"' not in visitor.post(PATH, form_fields(page.body) | {"go": "send"}).body:
        raise WrongAnswer("it was not sent")


def _photo(size: int) -> bytes:
    """As large as that, and no smaller once packed."""
    pixels = urandom(size - len(_START) - len(_END)).replace(b"\xff", b"\xfe")
    return _START + pixels + _END


def _document(size: int) -> bytes:
    """One page with such a photo on it, and an author."""
    photo = _photo(size - 800)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</P 4 0 R>>>>>>",
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode"
        b"/Length %d>>stream\n%b\nendstream" % (len(photo), photo),
        b"<</Author(Jemand)>>",
    ]
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj%b endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 6\n0000000000 65535 f \n" + table + b"trailer<</Size 6/Root 1 0 R/Info 5 0 R>>"
    return bytes(written + head + b"\nstartxref\n%d\n%%%%EOF\n" % len(written))


KINDS: dict[str, Callable[[int], bytes]] = {"photo.jpg": _photo, "document.pdf": _document}


def _workers(server: Server, what: str) -> dict[int, int]:
    """How many bytes each worker has, or has had at most."""
    found = {}
    for process in server.tree[1:]:
        lines = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
        found[process.pid] = next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))
    return found
