"""Recognises the four kinds of files that may be handed in, by their content. Nothing is decoded and nothing is inflated.

Each check returns whether the bytes are such a file from its first to its last part, as far as that can be told without unpacking: sizes
that an archive or an image declares are believed only to refuse it. Sources: ISO 32000-2 7.5 (PDF), W3C PNG 5, ITU-T T.81 B (JPEG),
OASIS OpenDocument 1.3 part 2 (packages), PKWARE APPNOTE 4.3 (ZIP).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

PDF, ODT, PNG, JPEG = (
    "application/pdf",
    "application/vnd.oasis.opendocument.text",
    "image/png",
    "image/jpeg",
)

MOST_PIXELS = 100_000_000
MOST_MEMBERS = 1_000
MOST_UNPACKED = 128 * 1024 * 1024
MOST_RATIO = 200
SMALL_MEMBER = 1024 * 1024

_PDF_TAIL = 2048
_PNG_START = b"\x89PNG\r\n\x1a\n"
_ZIP_MEMBER, _ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
_ZIP_END_LENGTH, _ZIP_LONGEST_COMMENT = 22, 65_535
_PNG_IHDR_LENGTH = 13
_MARK = 0xFF
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_JPEG_SCAN = 0xDA
_MOST_PARTS = 50_000  # so that a hostile file made of nothing but tiny parts costs no time
_JPEG_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})


class Bomb(ValueError):
    """The file declares that it becomes far larger than it is."""


def recognise(content: bytes) -> str | None:
    """Return the media type; None for everything else. Raises :class:`Bomb`."""
    return next((media_type for media_type, check in CHECKS.items() if check(content)), None)


def is_pdf(content: bytes) -> bool:
    """Header at the very start, end-of-file marker near the end."""
    return content.startswith((b"%PDF-1.", b"%PDF-2.")) and b"%%EOF" in content[-_PDF_TAIL:]


def is_png(content: bytes) -> bool:
    """Signature, a sound IHDR first, and chunks that follow one another to IEND. Raises :class:`Bomb`."""
    if not content.startswith(_PNG_START):
        return False
    place = len(_PNG_START)
    for part in range(_MOST_PARTS):
        if place + 12 > len(content):
            break
        length, kind = struct.unpack_from(">I4s", content, place)
        if part == 0 and not _is_sound_ihdr(content, place, length, kind):
            break
        if kind == b"IEND":
            return bool(length == 0)
        place += 12 + length
    return False


def is_jpeg(content: bytes) -> bool:
    """SOI, marker segments with a frame among them up to the scan, and an EOI behind it."""
    if not content.startswith(b"\xff\xd8\xff"):
        return False
    place, framed = 2, False
    for _part in range(_MOST_PARTS):
        if place + 4 > len(content) or content[place] != _MARK:
            break
        marker = content[place + 1]
        if marker == _JPEG_SCAN:
            return framed and content.find(b"\xff\xd9", place) > 0
        framed = framed or marker in _JPEG_FRAMES
        place += _length_of_segment(content, place, marker)
    return False


def is_odt(content: bytes) -> bool:
    """A ZIP package that begins with the type, stored, and holds a text's parts. Raises :class:`Bomb`."""
    if not content.startswith(_ZIP_MEMBER) or not _begins_with_type(content, ODT):
        return False
    if _declared_members(content) > MOST_MEMBERS:
        raise Bomb("too many members")
    try:
        with ZipFile(BytesIO(content)) as package:
            members = package.infolist()
    except (BadZipFile, LargeZipFile, NotImplementedError, ValueError, OSError, struct.error):
        return False
    names = {member.filename for member in members}
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Bomb("unpacks to far more than it is")
    if any(_is_bomb(member) for member in members):
        raise Bomb("a member unpacks to far more than it is")
    return {"content.xml", "META-INF/manifest.xml"} <= names


CHECKS: Mapping[str, Callable[[bytes], bool]] = {PDF: is_pdf, PNG: is_png, JPEG: is_jpeg, ODT: is_odt}


def _length_of_segment(content: bytes, place: int, marker: int) -> int:
    """With its marker. A marker may be preceded by any number of fill bytes, which count one by one."""
    if marker == _MARK:
        return 1
    return (
        2
        if marker in _JPEG_WITHOUT_LENGTH
        else 2 + max(2, int.from_bytes(content[place + 2 : place + 4], "big"))
    )


def _is_sound_ihdr(content: bytes, place: int, length: int, kind: bytes) -> bool:
    if kind != b"IHDR" or length != _PNG_IHDR_LENGTH or place + 25 > len(content):
        return False
    described = content[place + 4 : place + 21]
    width, height = struct.unpack_from(">II", described, 4)
    if zlib.crc32(described) != int.from_bytes(content[place + 21 : place + 25], "big"):
        return False
    if width * height > MOST_PIXELS:
        raise Bomb("an image of that many pixels is no document")
    return bool(width and height)


def _begins_with_type(content: bytes, media_type: str) -> bool:
    """The first member is called ``mimetype``, is stored, has no extra field, and says the type."""
    expected = b"mimetype" + media_type.encode()
    if len(content) < 30 + len(expected):
        return False
    method, _t, _d, _crc, packed, size, name, extra = struct.unpack_from("<HHHIIIHH", content, 8)
    lengths_fit = (packed, size, name, extra) == (len(media_type), len(media_type), len("mimetype"), 0)
    return bool(method == 0 and lengths_fit and content[30 : 30 + len(expected)] == expected)


def _declared_members(content: bytes) -> int:
    """The number in the end record, read before anything makes a list of that length."""
    place = content.rfind(_ZIP_END, max(0, len(content) - _ZIP_END_LENGTH - _ZIP_LONGEST_COMMENT))
    if place < 0 or place + _ZIP_END_LENGTH > len(content):
        return 0
    members: int = struct.unpack_from("<H", content, place + 10)[0]
    return members


def _is_bomb(member: ZipInfo) -> bool:
    return member.file_size > SMALL_MEMBER and member.file_size > MOST_RATIO * max(1, member.compress_size)
