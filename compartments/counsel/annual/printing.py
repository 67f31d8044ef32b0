"""The annual report as a tagged PDF, made in memory: typst brings its fonts along, reads no file and asks no network. Values are data, never markup."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import typst
from markdown_it import MarkdownIt

from app.disclosure import TOTAL, Protected

TEMPLATE = b"""
#let r = json(bytes(sys.inputs.report))
#set document(title: r.title, author: r.organisation)
#set page(paper: "a4", margin: 2.2cm, numbering: "1 / 1",
  header: if r.draft != "" { align(right, text(size: 9pt, weight: "bold", fill: rgb("#9c2a1c"), r.draft)) })
#set text(size: 10.5pt, lang: sys.inputs.language)
#set par(leading: 0.7em, spacing: 1em)
#show heading.where(level: 2): set block(above: 1.8em, below: 0.8em)
= #r.title
#text(fill: luma(90))[#r.organisation]
#if r.draft != "" { par(strong(r.draft)) }
#for section in r.sections {
  heading(level: 2, section.title)
  for block in section.blocks {
    if block.kind == "heading" { heading(level: 3, block.text) }
    else if block.kind == "item" { list(block.text) }
    else { par(block.text) }
  }
}
#for one in r.tables {
  heading(level: 2, one.title)
  if one.bars.len() > 0 {
    figure(alt: one.alt, kind: "chart", supplement: none, block(width: 100%, {
      for bar in one.bars {
        grid(columns: (35%, 1fr, 3em), gutter: 6pt, align: (left, left, right),
          bar.label, box(width: bar.share * 1%, height: 0.8em, fill: rgb("#7a3b69")), str(bar.number))
      }
    }))
  }
  table(columns: one.columns.len(), stroke: 0.4pt + luma(180), align: (x, y) => if x == 0 { left } else { right },
    table.header(..one.columns.map(c => strong(c))),
    ..one.rows.flatten())
}
#v(1em)
#text(size: 9pt, fill: luma(80), r.method)
"""

SMALL = "\u2013"


def pdf(
    title: str,
    organisation: str,
    texts: Mapping[str, str],
    tables: Sequence[Protected],
    labels: Mapping[str, Any],
    *,
    method: str,
    total: str,
    language: str,
    before: Mapping[str, Protected],
    year_before: str,
    draft: str = "",
) -> bytes:
    """Return the report as a PDF. ``labels`` are the words of one language (:func:`.words.labels`); ``before`` what the year before had told, by table."""
    report = {
        "title": title,
        "organisation": organisation,
        "method": method,
        "draft": draft,
        "sections": [
            {"title": labels["texts"][name], "blocks": _blocks(text)} for name, text in texts.items() if text
        ],
        "tables": [_table(one, labels, total, before.get(one.name), year_before) for one in tables],
    }
    inputs = {"report": json.dumps(report), "language": language}
    try:
        return _made(inputs, accessible=True)
    except typst.TypstError:
        # A sign that no font of typst's has, say: such a page can't be told in full, but it can be printed.
        return _made(inputs, accessible=False)


def _made(inputs: dict[str, str], *, accessible: bool) -> bytes:
    """``accessible``: as PDF/UA-1 (ISO 14289-1). Then typst refuses what can't be told to somebody who doesn't see it, a chart without a text, say."""
    made = typst.compile(
        TEMPLATE,
        ignore_system_fonts=True,
        sys_inputs=inputs,
        pdf_standards="ua-1" if accessible else None,
    )
    if not isinstance(made, bytes):
        raise TypeError("one document makes one file")
    return made


def _table(
    one: Protected, labels: Mapping[str, Any], total: str, before: Protected | None, year_before: str
) -> dict[str, Any]:
    first, *others = one.dimensions
    named = labels["categories"][first.name]
    across = labels["categories"][others[0].name] if others else {}
    columns = [across.get(code, total) for code in others[0].everything] if others else [total]
    rows = [(named.get(code, total), [_said(number) for number in cells]) for code, cells in one.rows()]
    if before is not None:
        past = {code: cells[-1] for code, cells in before.rows()}
        columns.append(year_before)
        for row, (code, _cells) in zip(rows, one.rows(), strict=True):
            row[1].append(_said(past.get(code)))
    sums = [(code, cells[-1]) for code, cells in one.rows() if code != TOTAL and cells[-1]]
    most = max((number for _code, number in sums), default=0) or 1
    bars = [
        {"label": named[code], "number": number, "share": round(100 * number / most)} for code, number in sums
    ]
    title = labels["titles"][one.name]
    return {
        "title": title,
        "alt": f"{title}: " + ", ".join(f"{bar['label']} {bar['number']}" for bar in bars),
        "bars": bars,
        "columns": [labels["dimensions"][first.name], *columns],
        "rows": [[name, *cells] for name, cells in rows],
    }


def _said(number: int | None) -> str:
    return SMALL if number is None else str(number)


def _blocks(text: str) -> list[dict[str, str]]:
    """Markdown as plain blocks: headings, items of lists, paragraphs."""
    blocks, kind = [], "text"
    for token in MarkdownIt("commonmark", {"html": False}).parse(text):
        if token.type == "heading_open":
            kind = "heading"
        elif token.type == "list_item_open":
            kind = "item"
        elif token.type in {"heading_close", "list_item_close"}:
            kind = "text"
        elif token.type == "inline":
            blocks.append({"kind": kind, "text": _plain(token)})
    return blocks


def _plain(token: Any) -> str:
    return "".join(
        " " if child.type in {"softbreak", "hardbreak"} else child.content for child in token.children or []
    )
