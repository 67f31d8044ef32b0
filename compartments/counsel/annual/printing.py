"""The annual report as a tagged PDF, made in memory: typst brings its fonts along, reads no file and asks no network. Values are data, never markup."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import typst

from app.disclosure import TOTAL, Protected
from compartments.counsel.annual.markup import blocks

TEMPLATE = b"""
#let r = json(bytes(sys.inputs.report))
#set document(title: r.title, author: r.organisation)
#set page(paper: "a4", margin: 2.2cm, numbering: "1 / 1",
  header: if r.draft != "" { align(right, text(size: 9pt, weight: "bold", fill: rgb("#9c2a1c"), r.draft)) })
#set text(size: 10.5pt, lang: sys.inputs.language)
#set par(leading: 0.7em, spacing: 1em)
#show heading.where(level: 2): set block(above: 1.8em, below: 0.8em)
#let lines = 0.4pt + luma(180)
#let inline(nodes) = {
  for n in nodes {
    if n.kind == "text" { if n.text == "\\n" { linebreak() } else { n.text } }
    else if n.kind == "code" { raw(n.text) }
    else if n.kind == "strong" { strong[#inline(n.words)] }
    else if n.kind == "em" { emph[#inline(n.words)] }
    else if n.kind == "s" { strike[#inline(n.words)] }
    else if n.kind == "link" { link(n.to)[#underline[#inline(n.words)]] }
    else { inline(n.words) }
  }
}
#let blocks(all) = {
  for b in all {
    if b.kind == "heading" { heading(level: b.level)[#inline(b.words)] }
    else if b.kind == "list" and b.ordered { enum(start: b.start, ..b.items.map(item => [#blocks(item)])) }
    else if b.kind == "list" { list(..b.items.map(item => [#blocks(item)])) }
    else if b.kind == "quote" { quote(block: true)[#blocks(b.blocks)] }
    else if b.kind == "code" { raw(b.text, block: true) }
    else if b.kind == "rule" { line(length: 100%, stroke: lines) }
    else if b.kind == "table" {
      table(columns: b.columns, stroke: lines,
        table.header(..b.rows.first().map(cell => strong[#inline(cell)])),
        ..b.rows.slice(1).map(row => row.map(cell => [#inline(cell)])).flatten())
    }
    else { par[#inline(b.words)] }
  }
}
= #r.title
#text(fill: luma(90))[#r.organisation]
#if r.draft != "" { par(strong(r.draft)) }
#text(size: 9.5pt, fill: luma(70), r.method)
#for section in r.sections {
  heading(level: 2, section.title)
  blocks(section.blocks)
}
#let hatched = box(width: 1.6em, height: 0.8em, stroke: lines,
  fill: tiling(size: (4pt, 4pt), line(start: (0pt, 4pt), end: (4pt, 0pt), stroke: 0.6pt + luma(120))))
#for one in r.tables {
  block(breakable: false, width: 100%, above: 2em, {
    heading(level: 2, one.title)
    if one.bars.len() > 0 {
      figure(alt: one.alt, kind: "chart", supplement: none, block(width: 100%, {
        for bar in one.bars {
          grid(columns: (35%, 1fr, 3em), gutter: 6pt, align: (left, left, right), bar.label,
            if bar.number == none { hatched } else { box(width: bar.share * 1%, height: 0.8em, fill: rgb("#7a3b69")) },
            if bar.number == none { "\\u{2013}" } else { str(bar.number) })
        }
      }))
    }
    table(columns: one.columns.len(), stroke: lines, align: (x, y) => if x == 0 { left } else { right },
      table.header(..one.columns.map(c => strong(c))),
      ..one.rows.flatten())
  })
}
#if r.untold != "" { v(1em); par(r.untold) }
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
    number: str,
    untold: str,
    language: str,
    before: Mapping[str, Protected],
    year_before: str,
    draft: str = "",
) -> bytes:
    """Return the report as a PDF.

    ``labels`` are the words of one language (:func:`.words.labels`); ``total`` and ``number`` head a table's columns of sums, where it has others and
    where it has not; ``untold`` says of which tables nothing is told; ``before`` is what the year before had told, by table.
    """
    report = {
        "title": title,
        "organisation": organisation,
        "method": method,
        "draft": draft,
        "sections": [
            {"title": labels["texts"][name], "blocks": blocks(text)} for name, text in texts.items() if text
        ],
        "untold": untold,
        "tables": [_table(one, labels, total, number, before.get(one.name), year_before) for one in tables],
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
    one: Protected,
    labels: Mapping[str, Any],
    total: str,
    number: str,
    before: Protected | None,
    year_before: str,
) -> dict[str, Any]:
    first, *others = one.dimensions
    named = labels["categories"][first.name]
    across = labels["categories"][others[0].name] if others else {}
    columns = [across.get(code, total) for code in others[0].everything] if others else [number]
    rows = [(named.get(code, total), [_said(many) for many in cells]) for code, cells in one.rows()]
    if before is not None:
        past = {code: cells[-1] for code, cells in before.rows()}
        columns.append(year_before)
        for row, (code, _cells) in zip(rows, one.rows(), strict=True):
            row[1].append(_said(past.get(code)))
    sums = {code: cells[-1] for code, cells in one.rows() if code != TOTAL}
    most = max((many or 0 for many in sums.values()), default=0)
    bars = [
        {"label": named[code], "number": many, "share": round(100 * (many or 0) / most)}
        for code, many in sums.items()
        if most
    ]
    title = labels["titles"][one.name]
    return {
        "title": title,
        "alt": f"{title}: " + ", ".join(f"{named[code]} {_said(many)}" for code, many in sums.items()),
        "bars": bars,
        "columns": [labels["dimensions"][first.name], *columns],
        "rows": [[name, *cells] for name, cells in rows],
    }


def _said(number: int | None) -> str:
    return SMALL if number is None else str(number)
