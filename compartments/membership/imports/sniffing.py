"""Reads a file of unknown making: which encoding, which delimiter, and its records with the lines they begin on. Touches no table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice

DELIMITERS = ";,\t"
MOST_LINES = 60
"""Lines that one record may go over. A quote that is never closed would swallow the rest of the file."""
FEWEST_COLUMNS, MOST_COLUMNS = 2, 200
_LOOKED_AT = 4096
_SAMPLE = 50


class Unreadable(ValueError):
    """This is no list: no text, or no header with several columns."""


class _TooLong(csv.Error):
    """A record goes over too many lines."""


@dataclass(frozen=True)
class Table:
    """How a file is read, and its header."""

    encoding: str
    delimiter: str
    columns: list[str]


def encoding_of(content: bytes) -> str:
    """Guess the encoding: a byte order mark says it, NULs in every other byte are UTF-16, and what isn't UTF-8 is Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = content[:_LOOKED_AT]
    half = max(len(start) // 2, 1)
    if start[1::2].count(0) > half // 2:
        return "utf-16-le"
    if start[0::2].count(0) > half // 2:
        return "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def decode(content: bytes, encoding: str) -> str:
    """Decode; what can't be decoded becomes U+FFFD, which makes its row a bad one and leaves the others alone."""
    return content.decode(encoding, errors="replace").removeprefix("\ufeff")


def table_of(content: bytes) -> Table:
    """Find out how to read a file; raises :class:`Unreadable`."""
    encoding = encoding_of(content)
    text = decode(content, encoding)
    delimiter = max(DELIMITERS, key=lambda sign: _evenness(text, sign))
    header = next(records(text, delimiter), (0, None))[1]
    if header is None or not FEWEST_COLUMNS <= len(header) <= MOST_COLUMNS:
        raise Unreadable
    columns = [" ".join(name.split())[:80] for name in header]
    if any(not name.isprintable() for name in columns):
        raise Unreadable
    return Table(encoding, delimiter, columns)


def records(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the line on which each record begins, and its cells; None where quotes are broken, and then the next line is tried.

    Empty lines are left out.
    """
    lines = list(StringIO(text, newline=""))
    start = 0
    while start < len(lines):
        feed = _Feed(lines, start)
        try:
            for row in csv.reader(feed, delimiter=delimiter, strict=True):
                line, feed.begun = start + feed.begun + 1, feed.read
                if any(row):
                    yield line, row
        except csv.Error:
            yield start + feed.begun + 1, None
            start += feed.begun + 1
        else:
            return


class _Feed:
    """Lines for a reader of CSV, which knows how many the present record has taken."""

    def __init__(self, lines: list[str], start: int) -> None:
        self.rest = islice(lines, start, None)
        self.read = self.begun = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.read - self.begun >= MOST_LINES:
            raise _TooLong
        line = next(self.rest)
        self.read += 1
        return line


def _evenness(text: str, delimiter: str) -> float:
    """How far the first records look as if ``delimiter`` parted them: columns, times the share of records that have so many."""
    sample = [row for _, row in islice(records(text[: _LOOKED_AT * 8], delimiter), _SAMPLE) if row]
    if not sample:
        return 0
    columns = len(sample[0])
    return (columns - 1) * sum(len(row) == columns for row in sample) / len(sample)
