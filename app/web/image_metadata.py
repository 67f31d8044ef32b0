"""Takes out of photos what they say besides the picture: place, time, device, author, thumbnails, what lies behind the end.

The picture itself is not decoded and not coded anew: its parts are copied, and only those that show something are. So nothing of its quality is
lost, and a hostile image meets no decoder here. Sources: ITU-T T.81 annex B (JPEG), CIPA DC-008 (Exif), W3C PNG 5 and 11.

Not in anybody's reach: what the picture shows, and a mark that a camera or a printer hid in its pixels.
"""

from __future__ import annotations

import re
import struct
import zlib

from keys.padding import Part

_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""Behind a scan's header: the next marker. Stuffed bytes (FF 00), restarts (D0 to D7) and fill bytes (FF FF) belong to the scan."""
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_JFIF, _EXIF, _ADOBE = 0xE0, 0xE1, 0xEE
_ADOBE_LENGTH = 14
_JFIF_LENGTH = 16
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_SHOWN = frozenset({*range(0xC0, 0xD0), _SOS, 0xDB, 0xDC, 0xDD} - {0xC8})
"""Frames, tables, scans, restarts: what a decoder needs."""
_ORIENTATION = 0x0112
_TURNS = range(2, 9)
_MOST_TAGS = 512

_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_SHOWN = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"acTL", b"fcTL", b"fdAT"}
)  # fmt: skip


class NotReadable(ValueError):
    """The file isn't built as its format demands; nothing can be promised of it."""


def bare_jpeg(content: bytes) -> list[Part]:
    """Return the parts of the picture that are needed to show it, and which way up it is. Raises :class:`NotReadable`.

    They are views of ``content``, which nothing is copied of: a photo may be large.
    """
    view = memoryview(content)
    parts: list[Part] = [b"\xff\xd8"]
    turn: bytes | None = None
    place = 2
    while True:
        place, marker = _next_marker(content, place)
        if marker == _EOI:
            parts.append(b"\xff\xd9")
            # What lies behind the end (a second picture, a film, the camera's notes) stays behind.
            break
        if marker in _WITHOUT_LENGTH:
            raise NotReadable("a marker that has no place here")
        end = _end_of_segment(content, place)
        if marker == _EXIF and turn is None:
            turn = _turned(content[place + 2 : end])
            if turn:
                parts.insert(1, turn)
        elif kept := _kept(marker, view[place - 2 : end]):
            parts.append(kept)
        place = end
        if marker == _SOS:
            found = _MARKER.search(content, place)
            if found is None:
                raise NotReadable("no end")
            parts.append(view[place : found.start()])
            place = found.start()
    return parts


def bare_png(content: bytes) -> list[Part]:
    """Return the parts of the picture that show something, and no others, as above. Raises :class:`NotReadable`."""
    view = memoryview(content)
    parts: list[Part] = [_PNG_START]
    place = len(_PNG_START)
    while place + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        if end > len(content):
            break
        if kind in _PNG_SHOWN:
            if zlib.crc32(view[place + 4 : end - 4]) != int.from_bytes(content[end - 4 : end]):
                raise NotReadable("a chunk is damaged")
            parts.append(view[place:end])
        elif not kind[0] & 0x20:
            raise NotReadable("a critical chunk that nobody knows")
        if kind == b"IEND":
            return parts
        place = end
    raise NotReadable("no end")


def _next_marker(content: bytes, place: int) -> tuple[int, int]:
    """Return the place behind the marker that begins here, and the marker."""
    if content[place : place + 1] != b"\xff":
        raise NotReadable("no marker")
    while content[place : place + 1] == b"\xff":
        place += 1
    if place >= len(content):
        raise NotReadable("no end")
    return place + 1, content[place]


def _end_of_segment(content: bytes, place: int) -> int:
    length = int.from_bytes(content[place : place + 2])
    if length < 2 or place + length > len(content):  # noqa: PLR2004 - the length counts itself
        raise NotReadable("a segment without its end")
    return place + length


def _kept(marker: int, segment: memoryview) -> bytes | memoryview | None:
    """What stays of a segment: all that decodes the picture; of the applications' own the one that says which colours are meant."""
    if marker == _JFIF:
        if bytes(segment[4:9]) == b"JFIF\0" and len(segment) >= 2 + _JFIF_LENGTH:
            # Without the thumbnail that may follow.
            return b"\xff\xe0\x00\x10" + bytes(segment[4:16]) + b"\0\0"
        return None
    if marker == _ADOBE and bytes(segment[4:9]) == b"Adobe":
        return segment[: 2 + _ADOBE_LENGTH] if len(segment) == 2 + _ADOBE_LENGTH else None
    return segment if marker in _SHOWN else None


def _turned(exif: bytes) -> bytes | None:
    """A new Exif segment that says which way up the picture is, where an old one does, and nothing else."""
    tiff = exif[6:]
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if exif[:6] != b"Exif\0\0" or order is None:
        return None
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for number in range(min(count, _MOST_TAGS)):
            tag, kind, many, turn = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if (tag, kind, many) == (_ORIENTATION, 3, 1) and turn in _TURNS:
                entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, turn, 0)
                said = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + entry + b"\0\0\0\0"
                return b"\xff\xe1" + (len(said) + 2).to_bytes(2) + said
    except struct.error:
        return None
    return None
