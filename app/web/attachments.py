"""What people may hand in with a form: PDF, ODT, PNG and JPEG, told by content, bounded in size and number, under a harmless name.

Nothing is written to the disk here, and nothing of a file but its name is ever repeated in a message.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.web.file_formats import JPEG, ODT, PDF, PNG, Bomb, recognise
from app.web.i18n import file_size
from keys.padding import Part

MOST_FILES = 10
LONGEST_NAME = 100
EXTENSIONS = {PDF: ("pdf",), ODT: ("odt",), PNG: ("png",), JPEG: ("jpg", "jpeg")}
_KNOWN = [extension for known in EXTENSIONS.values() for extension in known]
ACCEPT = ",".join(f".{extension}" for extension in _KNOWN)
"""For the ``accept`` attribute of file inputs: a help while choosing, no check."""

_NOT_IN_NAMES = frozenset('<>:"|?*%;')
_LONGEST_EXTENSION = 5


class Problem(StrEnum):
    """Why a file isn't taken."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    TOO_LARGE_TOGETHER = "too-large-together"
    TOO_MANY = "too-many"
    UNKNOWN = "unknown"
    BOMB = "bomb"


class Refused(ValueError):
    """A file isn't taken; ``name`` is its harmless name."""

    def __init__(self, problem: Problem, name: str) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.name = name


@dataclass(frozen=True)
class Attachment:
    """A file that may be kept: ``name`` is harmless, ``media_type`` is what its content says.

    Its bytes are given in ``parts`` that follow one another: what is left of a photo is not put together anew.
    """

    name: str
    media_type: str
    parts: Sequence[Part] = field(repr=False)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return sum(map(len, self.parts))


@dataclass(frozen=True)
class Room:
    """What may still be added: ``limit`` bytes for all files together, ``used`` and ``count`` of them taken."""

    limit: int
    used: int = 0
    count: int = 0

    def after(self, added: Attachment) -> Room:
        """Return the room left once a file was added."""
        return Room(self.limit, self.used + added.size, self.count + 1)


def check(name: str | None, content: bytes, room: Room) -> Attachment:
    """Return the file as it may be kept. Raises :class:`Refused`."""
    clean = harmless_name(name)
    if room.count >= MOST_FILES:
        raise Refused(Problem.TOO_MANY, clean)
    if not content:
        raise Refused(Problem.EMPTY, clean)
    if len(content) > room.limit:
        raise Refused(Problem.TOO_LARGE, clean)
    if room.used + len(content) > room.limit:
        raise Refused(Problem.TOO_LARGE_TOGETHER, clean)
    try:
        media_type = recognise(content)
    except Bomb as error:
        raise Refused(Problem.BOMB, clean) from error
    if media_type is None:
        raise Refused(Problem.UNKNOWN, clean)
    return Attachment(_with_extension(clean, media_type), media_type, (content,))


def take(uploads: Sequence[FileStorage], room: Room) -> tuple[list[Attachment], list[Refused]]:
    """Check what came with a form; empty file inputs don't count. What is sound is taken even where another file isn't."""
    taken: list[Attachment] = []
    refused: list[Refused] = []
    for upload in uploads:
        if not upload or not upload.filename:
            continue
        try:
            taken.append(check(upload.filename, _content(upload), room))
        except Refused as problem:
            refused.append(problem)
        else:
            room = room.after(taken[-1])
    return taken, refused


def explain(refused: Refused, limit: int) -> str:
    """Say in the reader's language why a file isn't taken, and what to do."""
    name, size = refused.name, file_size(limit)
    sentences: dict[Problem, str] = {
        Problem.EMPTY: _("“%(name)s” is empty. Please choose the file again.", name=name),
        Problem.TOO_LARGE: _(
            "“%(name)s” is larger than %(size)s. Please choose a smaller file.", name=name, size=size
        ),
        Problem.TOO_LARGE_TOGETHER: _(
            "“%(name)s” doesn't fit any more: all files together may have %(size)s.", name=name, size=size
        ),
        Problem.TOO_MANY: _(
            "“%(name)s” was not added: there may be %(most)s files at most.", name=name, most=MOST_FILES
        ),
        Problem.UNKNOWN: _unreadable(name),
        Problem.BOMB: _(
            "“%(name)s” unpacks to far more than a document holds, so it was not taken. Please save it as a PDF.",
            name=name,
        ),
    }
    return sentences[refused.problem]


def _unreadable(name: str) -> str:
    if _split(name)[1][1:].lower() in _KNOWN:
        text = _(
            "“%(name)s” can't be read as PDF, ODT, PNG or JPEG, whatever its name says. Please save it in one of these formats.",
            name=name,
        )
    else:
        text = _(
            "“%(name)s” was not added: only PDF, ODT, PNG and JPEG can be. Please save it in one of these formats.",
            name=name,
        )
    return str(text)


def harmless_name(name: str | None) -> str:
    """The last part of a path, without control and direction signs, without what file systems mind, not too long."""
    last = unicodedata.normalize("NFC", name or "").replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if not unicodedata.category(sign).startswith("C") or sign == " ")
    kept = "".join("_" if sign in _NOT_IN_NAMES else sign for sign in kept)
    stem, extension = _split(" ".join(kept.split()).strip(". "))
    stem = stem[: LONGEST_NAME - len(extension)].strip(". ") or "document"
    return stem + extension


def _content(upload: FileStorage) -> bytes:
    """What the request holds in memory anyway (:class:`app.web.security.MemoryRequest`), and no copy of it; from now on the caller's alone."""
    content = upload.stream.getvalue() if isinstance(upload.stream, BytesIO) else upload.read()
    upload.stream.close()
    return content


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or len(extension) > _LONGEST_EXTENSION or not extension.isalnum():
        return name, ""
    return stem, dot + extension


def _with_extension(name: str, media_type: str) -> str:
    """An extension that says something else than the content does is replaced."""
    stem, extension = _split(name)
    if extension[1:].lower() in EXTENSIONS[media_type]:
        return name
    stem = stem if extension[1:].lower() in _KNOWN else name
    ending = f".{EXTENSIONS[media_type][0]}"
    return stem[: LONGEST_NAME - len(ending)] + ending
