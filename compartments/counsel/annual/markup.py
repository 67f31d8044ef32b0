"""The texts of a report as trees: what counsellors mark up (CommonMark, tables, strikethrough, as on the pages), without HTML and pictures. Values only, no page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

Node = dict[str, Any]
HIGHEST, LOWEST = 3, 6
"""Of headings in a text: the report's own sections are of the second level."""
_PARSER = (
    MarkdownIt("commonmark", {"html": False})
    .enable(["table", "strikethrough"])
    .disable(["image", "html_block", "html_inline"])
)
_WITHOUT_MARKS = MarkdownIt("zero")
DEEPEST = 12
"""A text whose marks lie deeper than anybody means is taken as it was typed: neither this nor what prints it goes down without end."""
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}
_LEAVES = {"inline", "fence", "code_block"}
_SCHEMES = ("https://", "http://", "mailto:")


def plain(text: str) -> list[str]:
    """Return what a text says, a line for each block: no marks, and no numbers but those that somebody wrote as words of the text."""
    return ["".join(_words(node)) for node in _tree(text).walk() if node.type in _LEAVES]


def blocks(text: str) -> list[Node]:
    """Return a text's blocks as plain values, each with its ``kind``: paragraph, heading, list, quote, table, rule or code."""
    found = _tree(text)
    outline = _outline([int(node.tag[1]) for node in found.walk() if node.type == "heading"])
    return [_block(node, outline) for node in found.children]


def _outline(levels: list[int]) -> Iterator[int]:
    """The levels of the headings in the report, in their order: none skips one, for whoever goes from heading to heading."""
    highest, last = min(levels, default=1), HIGHEST - 1
    for level in levels:
        last = min(LOWEST, level - highest + HIGHEST, last + 1)
        yield last


def _tree(text: str) -> SyntaxTreeNode:
    tokens = _PARSER.parse(text)
    return SyntaxTreeNode(tokens if _depth(tokens) <= DEEPEST else _WITHOUT_MARKS.parse(text))


def _depth(tokens: Sequence[Token]) -> int:
    """How deep marks lie within marks."""
    depth = deepest = 0
    for token in tokens:
        depth += token.nesting
        deepest = max(deepest, depth + _depth(token.children or ()))
    return deepest


def _words(node: SyntaxTreeNode) -> Iterator[str]:
    if node.children:
        for child in node.children:
            yield from _words(child)
    else:
        yield _BREAKS.get(node.type, "").replace("\n", " ") or node.content


def _block(node: SyntaxTreeNode, outline: Iterator[int]) -> Node:
    kind = node.type
    if kind == "heading":
        return {"kind": "heading", "level": next(outline), "words": _inline(node)}
    if kind in {"bullet_list", "ordered_list"}:
        items = [[_block(part, outline) for part in item.children] for item in node.children]
        start = int(node.attrs.get("start", 1))
        return {"kind": "list", "ordered": kind == "ordered_list", "start": start, "items": items}
    if kind == "blockquote":
        return {"kind": "quote", "blocks": [_block(part, outline) for part in node.children]}
    if kind == "table":
        rows = [[_inline(cell) for cell in row.children] for part in node.children for row in part.children]
        return {"kind": "table", "rows": rows, "columns": len(rows[0])}
    if kind == "paragraph":
        return {"kind": "paragraph", "words": _inline(node)}
    return {"kind": "rule"} if kind == "hr" else {"kind": "code", "text": node.content}


def _inline(node: SyntaxTreeNode) -> list[Node]:
    return [_span(child) for inline in node.children for child in inline.children]


def _span(node: SyntaxTreeNode) -> Node:
    kind = node.type
    if kind in _BREAKS:
        return {"kind": "text", "text": _BREAKS[kind]}
    if kind == "code_inline":
        return {"kind": "code", "text": node.content}
    if not node.children:
        return {"kind": "text", "text": node.content}
    found: Node = {"kind": kind, "words": [_span(child) for child in node.children]}
    if kind == "link":
        address = str(node.attrs.get("href", ""))
        found |= {"to": address} if address.startswith(_SCHEMES) else {"kind": "text-in"}
    return found
