"""A word that stands nowhere else, typed into every field; and a search for it wherever a byte may have gone.

What is searched: every file of the instance (with -wal, -shm and journals), what the server printed, its TMPDIR, what is new in the
machine's temporary folders and in its memory file system, and every file that a process of the server holds open, deleted ones too.
Each in several spellings, since a leak needn't be in UTF-8.
"""

import base64
import os
import random
import string
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from tests.app.public.files import JPEG, PDF, chunk, odt, png
from tests.server import Server

SYSTEM_FOLDERS = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
LARGEST = 64_000_000
SPOOLED_FROM = 600_000  # bytes; from 500 kB on Werkzeug would put an upload into a temporary file


@dataclass
class Canary:
    """One word, and numbers and days for fields that take no words. `typed` notes into which fields they went."""

    word: str = field(default_factory=lambda: "".join(random.choices(string.ascii_lowercase, k=12)))
    typed: set[str] = field(default_factory=set)

    number = "1739264085"
    phone = "+49 7319 5552846"
    born = "1931-09-13"
    entered = "1953-08-27"
    left = "2019-03-29"
    dues = "73195,28"

    @property
    def email(self) -> str:
        return f"{self.word}@example.org"

    def text(self, name: str) -> str:
        """What is typed into a field of words."""
        self.typed.add(name)
        return f"Öl {self.word} ß"

    def spellings(self) -> dict[str, bytes]:
        """How the word and the numbers might look in a file, by the spelling's name."""
        written = {
            "the word": self.word,
            "the word backwards": self.word[::-1],
            "the word in capitals": self.word.upper(),
            "the number": self.number,
            "the telephone": self.phone,
            "the telephone's digits": "73195552846",
            "the day of birth": self.born,
            "the day of birth in German": "13.09.1931",
            "the day of entry": self.entered,
            "the dues": self.dues,
            "the dues in cents": "7319528",
        }
        return {
            **{
                f"{name} in {encoding}": text.encode(encoding)
                for name, text in written.items()
                for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")
            },
            **{
                f"{name} in {encoding}, Base64 from byte {place}": _base64(text.encode(encoding), place)
                for name, text in (("the word", self.word), ("the number", self.number))
                for encoding in ("utf-8", "utf-16-le")
                for place in range(3)
            },
            "the word in hexadecimal": self.word.encode().hex().encode(),
            "the word in capital hexadecimal": self.word.encode().hex().upper().encode(),
            "the word as an address": "".join(f"%{byte:02X}" for byte in self.word.encode()).encode(),
            "the word in Base32": base64.b32encode(self.word.encode()).rstrip(b"=")[:-2],
        }

    def files(self) -> list[tuple[str, bytes]]:
        """A file of each kind, with the word in its name, its text and what programs note beside the text; one of them is large."""
        word = self.word.encode()
        end = chunk(b"IEND", b"")
        note = chunk(b"tEXt", b"Comment\0" + word) + chunk(
            b"tEXt", b"Title\0" + word * (SPOOLED_FROM // len(word))
        )
        return [
            (f"{self.word} 1.pdf", PDF.replace(b"%%EOF", b"/Author (" + word + b")\n%%EOF")),
            (f"{self.word} 2.png", png().removesuffix(end) + note + end),
            (f"{self.word} 3.odt", odt(word, more=[(f"Pictures/{self.word}", word), ("meta.xml", word)])),
            (
                f"{self.word} 4.jpg",
                JPEG[:2] + b"\xff\xfe" + (len(word) + 2).to_bytes(2, "big") + word + JPEG[2:],
            ),
        ]


def _base64(text: bytes, place: int) -> bytes:
    """The part of the text's Base64 that doesn't depend on what stands before and behind, if `place` bytes stand before."""
    whole = base64.b64encode(b"\0" * place + text)
    start = (0, 2, 3)[place]
    return whole[start : (place + len(text)) // 3 * 4]


@dataclass
class Search:
    """Looks for a canary wherever a server may have put a byte. `since` is when the server was started first."""

    server: Server
    canary: Canary
    since: float = field(default_factory=lambda: time.time() - 1)

    def __post_init__(self) -> None:
        self.spellings = self.canary.spellings()

    def findings(self) -> list[str]:
        """Where the canary is, and in which spelling."""
        elsewhere = self._in(self._new_files_of_the_machine(), only="the word")
        return self.of_the_server() + elsewhere

    def of_the_server(self) -> list[str]:
        """The same without the machine's folders: fast enough to be done all the time."""
        return self._in(self._own_files()) + self._in(self._open_files())

    def _in(self, places: Iterable[tuple[str, bytes]], only: str = "") -> list[str]:
        # Other programs on the machine may well write down the same number or day, but not the same word.
        spellings = {name: spelling for name, spelling in self.spellings.items() if name.startswith(only)}
        return [
            f"{place}: {name}"
            for place, content in places
            for name, spelling in spellings.items()
            if spelling in content
        ]

    def _own_files(self) -> Iterator[tuple[str, bytes]]:
        folders = (self.server.home.instance, self.server.temporary)
        files = [path for folder in folders for path in folder.rglob("*")]
        for path in [*files, self.server.out, self.server.err]:
            # A name can tell as much as a content.
            yield f"the name of {path}", str(path).encode()
            yield str(path), _content(path)

    def _open_files(self) -> Iterator[tuple[str, bytes]]:
        for process in self.server.processes():
            for entry in _entries(Path(f"/proc/{process.pid}/fd")):
                try:
                    target = str(entry.readlink())
                except OSError:
                    continue
                if target.startswith("/") and not target.startswith(
                    ("/dev/null", "/dev/pts", "/dev/urandom")
                ):
                    yield f"{target}, open in process {process.pid}", _content(entry)

    def _new_files_of_the_machine(self) -> Iterator[tuple[str, bytes]]:
        for folder in SYSTEM_FOLDERS:
            for parent, folders, names in os.walk(folder):
                # pytest's own folders hold this test's instance, which is searched anyway, and other tests' canaries.
                folders[:] = [name for name in folders if not name.startswith(("pytest-of-", "bash_jobs"))]
                for name in names:
                    path = Path(parent, name)
                    try:
                        known = path.lstat()
                    except OSError:
                        continue
                    if known.st_ctime >= self.since and known.st_size < LARGEST:
                        yield str(path), _content(path)


class Watch(threading.Thread):
    """Searches the server's files over and over while something goes on."""

    def __init__(self, search: Search) -> None:
        super().__init__(daemon=True)
        self.search, self.rounds, self.found, self.over = search, 0, set(), threading.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()

    def run(self) -> None:
        while not self.over.is_set():
            self.found |= set(self.search.of_the_server())
            self.rounds += 1
            self.over.wait(0.05)


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except (OSError, psutil.Error):
        return []


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:
        return b""
