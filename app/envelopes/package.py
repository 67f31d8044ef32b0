"""Something written down together with its files, as bytes; large files lie beside it.

package = length of the header (4 bytes, big-endian) | header (JSON, with names, types and sizes of the files) | the files' bytes, one after the other

Files that are large together don't stand in the package. Its header has a key of their own ("beside") instead, and their bytes, one after the
other and padded, are sealed under that key in pieces (:mod:`keys.streams`), so that nobody has to hold them at once. Where the package is signed,
the header has the SHA-256 of each, too: whoever may read the package has the key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate, chain
from typing import Any, Protocol

from keys.errors import CannotOpen
from keys.padding import Part, pad_parts, unpad_parts
from keys.randomness import token_bytes
from keys.sealing import bind
from keys.streams import open_pieces, seal_pieces
from keys.symmetric import KEY_LENGTH

FILES, BESIDE = "files", "beside"
ROOM = 32 * 1024
"""So much of files goes into a package, unless the caller knows better."""
_LENGTH = 4
_INFO = bind("files-beside")
Pieces = Callable[[], Iterable[bytes]]


class MalformedPackage(ValueError):
    """These bytes are no package."""


class Enclosure(Protocol):
    """A file to be sent, wherever its bytes are: they can be gone through as often as need be."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def media_type(self) -> str:
        """What it is."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    def parts(self) -> Iterator[bytes]:
        """The bytes."""


@dataclass(frozen=True)
class File:
    """A file that goes along. ``content`` is its bytes."""

    name: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.content)

    def parts(self) -> Iterator[bytes]:
        """The bytes."""
        yield self.content


@dataclass(frozen=True)
class FileBeside:
    """A file that lies beside the package that was read. It is opened as it is gone through, so that nobody has to hold it.

    ``start`` is where it begins among the others, ``sha256`` is empty where the package wasn't signed.
    """

    name: str
    media_type: str
    size: int
    start: int = field(repr=False)
    sha256: str = field(repr=False)
    key: bytes = field(repr=False)
    pieces: Pieces = field(repr=False, compare=False)

    @property
    def content(self) -> bytes:
        """Its bytes, all at once."""
        return b"".join(self.parts())

    def parts(self) -> Iterator[bytes]:
        """The bytes. Raises :class:`keys.errors.CannotOpen` where one isn't what was put there."""
        before, missing = self.start, self.size
        opened = open_pieces(self.key, self.pieces(), info=_INFO)
        while missing:
            piece = next(opened, b"")
            if not piece:
                raise CannotOpen("less than was said")
            part = piece[before : before + missing]
            before, missing = max(0, before - len(piece)), missing - len(part)
            if part:
                yield part


Enclosed = File | FileBeside
"""A file that came in a package."""


@dataclass(frozen=True)
class Beside:
    """Files that lie beside the package, and the key they are sealed under."""

    files: Sequence[Enclosure]
    key: bytes = field(default_factory=token_bytes, repr=False)

    def pieces(self) -> Iterator[bytes]:
        """Seal the files, piece by piece, as often as need be: each time with a salt of its own."""
        parts = chain.from_iterable(file.parts() for file in self.files)
        return seal_pieces(self.key, pad_parts(parts, _size(self.files)), info=_INFO)


def beside(files: Sequence[Enclosure], room: int = ROOM) -> Beside | None:
    """Say whether the files are too large for a package that has ``room`` for them."""
    return Beside(files) if _size(files) > room else None


def beside_already(files: Sequence[Enclosed]) -> Beside | None:
    """Say of files that were read from a package whether they lie beside it, for a package that is written anew."""
    key = next((file.key for file in files if isinstance(file, FileBeside)), None)
    return Beside(files, key) if key else None


def in_memory(files: Sequence[Enclosure]) -> list[File]:
    """Read files that a package has room for."""
    return [File(file.name, file.media_type, b"".join(file.parts())) for file in files]


def digest(file: Enclosure) -> str:
    """SHA-256 of a file, as hexadecimal signs."""
    hashed = sha256()
    for part in file.parts():
        hashed.update(part)
    return hashed.hexdigest()


def pack(
    header: Mapping[str, Any],
    files: Sequence[File] = (),
    *,
    large: Beside | None = None,
    signed: bool = False,
) -> bytes:
    """Write down a header (JSON) and files, these or the ``large`` ones. The header has no field "files" or "beside" of its own."""
    if large:
        described = [
            {**_described(file), **({"sha256": digest(file)} if signed else {})} for file in large.files
        ]
        return _written({**header, BESIDE: large.key.hex(), FILES: described}, ())
    return _written({**header, FILES: [_described(file) for file in files]}, files)


def unpack(
    content: bytes, pieces: Pieces = tuple, *, checked: bool = True
) -> tuple[dict[str, Any], list[Enclosed]]:
    """Return header and files; ``pieces`` gives what lies beside the package, now and as often as a file is read.

    Raises :class:`MalformedPackage`, and :class:`keys.errors.CannotOpen` where what lies beside isn't what was put there. That takes going
    through all of it once; ``checked`` False leaves it until a file is read.
    """
    try:
        end = _LENGTH + int.from_bytes(content[:_LENGTH])
        header = json.loads(content[_LENGTH:end])
        described = [_Described(**one) for one in header.pop(FILES)]
        key = bytes.fromhex(header.pop(BESIDE, ""))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise MalformedPackage("the header can't be read") from error
    total = sum(one.size for one in described)
    if len(key) not in {0, KEY_LENGTH} or len(content) != end + (0 if key else total):
        raise MalformedPackage("the files' sizes don't add up")
    starts = list(accumulate((one.size for one in described), initial=0))
    if not key:
        starts = [end + start for start in starts]
        return header, [
            File(one.name, one.type, content[start : start + one.size])
            for one, start in zip(described, starts, strict=False)
        ]
    files = [
        FileBeside(one.name, one.type, one.size, start, one.sha256, key, pieces)
        for one, start in zip(described, starts, strict=False)
    ]
    if checked:
        _check(files, unpad_parts(open_pieces(key, pieces(), info=_INFO), total))
    return header, list(files)


@dataclass(frozen=True)
class _Described:
    name: str
    type: str
    size: int
    sha256: str = ""

    def __post_init__(self) -> None:
        size: Any = self.size
        texts: list[Any] = [self.name, self.type, self.sha256]
        if not isinstance(size, int) or size < 0 or not all(isinstance(one, str) for one in texts):
            raise MalformedPackage("a file has no size")


def _check(files: Sequence[FileBeside], parts: Iterator[Part]) -> None:
    """Go through what lies beside, holding a piece of it."""
    rest = memoryview(b"")
    for file in files:
        hashed, missing = sha256(), file.size
        while missing:
            rest = rest or memoryview(next(parts, b""))
            if not rest:
                raise CannotOpen("less than was said")
            taken = rest[:missing]
            hashed.update(taken)
            rest, missing = rest[len(taken) :], missing - len(taken)
        if file.sha256 and hashed.hexdigest() != file.sha256:
            raise CannotOpen("a file is not the one that was put there")
    # The padding comes behind the last file, and with it the end, which shows that nothing is missing.
    for _more in parts:
        raise CannotOpen("more than was said")


def _written(header: Mapping[str, Any], files: Sequence[File]) -> bytes:
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join((len(text).to_bytes(_LENGTH), text, *(file.content for file in files)))


def _described(file: Enclosure) -> dict[str, Any]:
    return {"name": file.name, "type": file.media_type, "size": file.size}


def _size(files: Sequence[Enclosure]) -> int:
    return sum(file.size for file in files)
