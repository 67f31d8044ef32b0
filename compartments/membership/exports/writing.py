"""Writes a list as CSV (RFC 4180: commas, CRLF, quotes doubled) that a spreadsheet opens without executing anything. In memory only.

A byte order mark tells spreadsheets that it is UTF-8. What a cell begins with decides whether a spreadsheet takes it for a formula
(OWASP, CSV Injection): such a cell gets an apostrophe in front, also behind a separator inside of a cell, since a program that expects
another separator would begin a cell there. A telephone number keeps its meaning instead: +49 becomes 0049.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

BEGINS_A_FORMULA = re.compile(r"(^|[;,\t\r\n])([\s\u200b\ufeff]*)(?=[=+\-@|%\uff1d\uff0b\uff0d\uff20])")
_PHONE = re.compile(r"\+(?=[\d ()/.\-]+$)")


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    if not text or not BEGINS_A_FORMULA.search(text):
        return text
    return BEGINS_A_FORMULA.sub(r"\1\2'", _PHONE.sub("00", text, count=1) if _PHONE.match(text) else text)


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the whole file. Every cell stands in quotes."""
    held = io.BytesIO()
    with io.TextIOWrapper(held, encoding="utf-8-sig", newline="", write_through=True) as text:
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow([neutral(name) for name in header])
        writer.writerows([neutral(cell) for cell in row] for row in rows)
        text.flush()
        return held.getvalue()
