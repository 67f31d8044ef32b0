"""Padding, so that the size of what is sealed tells little about what it is.

Padme (Nikitin, Barman, Lueks, Underwood, Hubaux, Ford: "Reducing Metadata Leakage from Encrypted Files and
Communication with PURBs", PoPETs 2019): a length keeps only its leading bits, which leaks O(log log n) bits and
costs at most 12 percent. For short messages that would still be nearly exact, so nothing is shorter than FLOOR.

    padded = length of the data (8 bytes, big-endian) | data | zeros

What is too large to be held at once is padded in parts, by who knows its length from elsewhere: data | zeros, of the same length in all.
"""

from collections.abc import Iterable, Iterator

from keys.errors import CannotOpen

Part = bytes | bytearray | memoryview

FLOOR = 1024
_PREFIX = 8
_MOST_AT_ONCE = 64 * 1024


def padme(length: int) -> int:
    """The smallest length Padme allows that is not below `length`. Raises ValueError for a negative one."""
    if length < 0:
        raise ValueError("a length is not negative")
    if length < 2:  # noqa: PLR2004 - the logarithms begin at 2
        return length
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


def padded_length(length: int, *, floor: int = FLOOR) -> int:
    """How long `length` bytes of data are once padded, `floor` bytes at least. Raises ValueError for a negative length."""
    if length < 0:
        raise ValueError("a length is not negative")
    return max(floor, padme(length + _PREFIX))


def pad(data: bytes, *, floor: int = FLOOR) -> bytes:
    """`data` with its length in front and zeros behind, `padded_length(len(data), floor=floor)` bytes."""
    length = padded_length(len(data), floor=floor)
    # Joined in one go: a large file is held in memory as few times as can be.
    return b"".join((len(data).to_bytes(_PREFIX), data, bytes(length - _PREFIX - len(data))))


def unpad(padded: bytes, *, floor: int = FLOOR) -> bytes:
    """The data. Raises CannotOpen unless `padded` is exactly what `pad` makes of it with this `floor`."""
    length = int.from_bytes(padded[:_PREFIX])
    end = _PREFIX + length
    # The first comparison keeps a made-up length from being calculated with.
    if end > len(padded) or len(padded) != padded_length(length, floor=floor) or padded[end:].strip(b"\0"):
        raise CannotOpen("not padded as agreed")
    return padded[_PREFIX:end]


def pad_parts(parts: Iterable[Part], length: int) -> Iterator[Part]:
    """Data of `length` bytes, part by part, with zeros behind. Raises ValueError where it has another length."""
    given = 0
    for part in parts:
        given += len(part)
        yield part
    if given != length:
        raise ValueError("the data is longer or shorter than was said")
    missing = padded_length(length) - length
    while missing:
        zeros = bytes(min(missing, _MOST_AT_ONCE))
        missing -= len(zeros)
        yield zeros


def unpad_parts(parts: Iterable[bytes], length: int) -> Iterator[bytes]:
    """The data, part by part. Raises CannotOpen, at the end, unless this is what `pad_parts` makes of `length` bytes."""
    place, whole = 0, padded_length(length)
    for part in parts:
        data = part[: max(0, length - place)]
        place += len(part)
        if place > whole or part[len(data) :].strip(b"\0"):
            raise CannotOpen("not padded as agreed")
        if data:
            yield data
    if place != whole:
        raise CannotOpen("not padded as agreed")
