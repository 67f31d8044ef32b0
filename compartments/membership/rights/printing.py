"""The access report as a PDF, made in memory: typst brings its fonts along, reads no file and asks no network. Values go in as data, never as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import typst

TEMPLATE = b"""
#let r = json(bytes(sys.inputs.report))
#let w = json(bytes(sys.inputs.words))
#set document(title: w.title, author: r.controller)
#set page(paper: "a4", margin: 2.2cm, numbering: "1 / 1")
#set text(size: 10pt, lang: sys.inputs.language)
#set heading(numbering: none)
= #w.title
#r.controller, #r.made_on
== #w.purposes
#for one in r.purposes [- #one]
== #w.recipients
#for one in r.recipients [- #one]
== #w.kept
#for one in r.kept [- #one.what: #one.years #w.years, #one.law]
#r.rights
#for (name, rows) in r.held {
  heading(level: 2, w.tables.at(name, default: name))
  for row in rows {
    table(columns: (1fr, 2fr), stroke: 0.4pt + luma(200),
      ..row.pairs().flatten())
  }
}
"""


def pdf(report: Mapping[str, Any], words: Mapping[str, Any], language: str) -> bytes:
    """Return the report as a tagged PDF. ``words`` are the headings, and the names of tables and fields, in ``language``."""
    made = typst.compile(
        TEMPLATE,
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(report), "words": json.dumps(words), "language": language},
    )
    if not isinstance(made, bytes):
        raise TypeError("one document makes one file")
    return made
