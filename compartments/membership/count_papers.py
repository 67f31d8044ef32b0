"""A signed count of members on paper: a PDF that brings the signed document along, attached and as QR codes; and the way back. Knows no Flask."""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

import segno
import typst
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from compartments.membership.member_counts import NotGenuine

MARK = "SCHOTTEN-COUNT"
PER_CODE = 1000
"""So many signs fit into a code that a telephone still reads off paper."""
LARGEST = 5_000_000
_PIECE = re.compile(r"\s+(\d{1,3})/(\d{1,3})\s+([A-Z2-7\s]+)")
_TEMPLATE = b"""
#let r = json(bytes(sys.inputs.report))
#set document(title: r.title, author: r.organisation)
#set page(paper: "a4", margin: 2.2cm, numbering: "1 / 1")
#set text(size: 10.5pt, lang: sys.inputs.language)
#set par(leading: 0.7em, spacing: 1em)
#pdf.attach(r.file, bytes(sys.inputs.document), mime-type: "application/json", description: r.title)
= #r.title
#text(fill: luma(90))[#r.organisation]
#v(0.5em)
#block(below: 1.4em)[#text(size: 26pt, weight: "bold")[#r.members] #h(0.3em) #r.members_word]
#table(columns: (1fr, auto, auto), stroke: 0.4pt + luma(180), align: (left, right, right),
  table.header(..r.columns.map(c => strong(c))),
  ..r.rows.map(((depth, name, own, total)) => (h(depth * 1em) + name, own, total)).flatten())
#block(breakable: false, above: 1.6em)[
  #r.signed \\
  #r.fingerprint_word \\
  #raw(r.fingerprint)
]
#text(size: 9pt, fill: luma(80), r.how)
#pagebreak()
== #r.codes_title
#r.codes_how
#grid(columns: (1fr, 1fr), gutter: 0.8cm, align: center,
  ..r.codes.map(one => block(breakable: false)[#image(bytes(one.picture), format: "svg", width: 100%, alt: one.name) #one.name]))
"""


def pdf(
    document: str, statement: Mapping[str, Any], words: Mapping[str, str | list[str]], language: str
) -> bytes:
    """Return a signed document as a PDF, made in memory. ``words`` are what stands on it in ``language``, numbers and days included."""
    codes = pieces(document)
    report = {
        **words,
        "organisation": statement["organisation"],
        "file": f"members-{statement['day']}.json",
        "codes": [
            {"name": f"{place}/{len(codes)}", "picture": _picture(code)}
            for place, code in enumerate(codes, 1)
        ],
    }
    made = typst.compile(
        _TEMPLATE,
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(report), "document": document, "language": language},
    )
    if not isinstance(made, bytes):
        raise TypeError("one document makes one file")
    return made


def pieces(document: str) -> list[str]:
    """Return a signed document as texts for QR codes: letters and digits only, each with its place."""
    letters = base64.b32encode(zlib.compress(document.encode(), 9)).decode().rstrip("=")
    size = -(-len(letters) // -(-len(letters) // PER_CODE))
    parts = [letters[start : start + size] for start in range(0, len(letters), size)]
    return [f"{MARK} {place}/{len(parts)} {part}" for place, part in enumerate(parts, 1)]


def document_in(content: bytes) -> str:
    """Find the signed document in a file: the document itself, a PDF of it, or what was read off its QR codes, in any order.

    Raises :class:`~compartments.membership.member_counts.NotGenuine`.
    """
    if len(content) > LARGEST:
        raise NotGenuine
    if content.lstrip().startswith(b"%PDF"):
        return _attached(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotGenuine from error
    return _joined(text) if MARK in text else text


def _attached(content: bytes) -> str:
    try:
        files = [file for some in PdfReader(io.BytesIO(content)).attachments.values() for file in some]
        (only,) = files
        return bytes(only).decode()
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError) as error:
        raise NotGenuine from error


def _joined(text: str) -> str:
    found = {}
    for part in text.split(MARK)[1:]:
        if piece := _PIECE.match(part):
            found[int(piece[1]), int(piece[2])] = "".join(piece[3].split())
    many = {of for _, of in found}
    if len(many) != 1 or {place for place, _ in found} != set(range(1, max(many) + 1)):
        raise NotGenuine
    letters = "".join(found[key] for key in sorted(found))
    try:
        packed = base64.b32decode(letters + "=" * (-len(letters) % 8))
        return zlib.decompressobj().decompress(packed, LARGEST).decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError) as error:
        raise NotGenuine from error


def _picture(text: str) -> str:
    file = io.BytesIO()
    segno.make(text, error="l", micro=False).save(file, kind="svg", border=4, xmldecl=False)
    return file.getvalue().decode()
