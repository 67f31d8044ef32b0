"""The texts of a report as trees: what counsellors mark up (CommonMark, tables, strikethrough, as on the pages), without HTML and pictures. Values only, no page."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_PARSER = (
    MarkdownIt("commonmark", {"html": False})
    .enable(["table", "strikethrough"])
    .disable(["image", "html_block", "html_inline"])
)
_BREAKS = {"softbreak", "hardbreak"}
_LEAVES = {"inline", "fence", "code_block"}


def tree(text: str) -> SyntaxTreeNode:
    """Return a text's tree; its children are the blocks."""
    return SyntaxTreeNode(_PARSER.parse(text))


def plain(text: str) -> list[str]:
    """Return what a text says, a line for each block: no marks, and no numbers but those that somebody wrote as words of the text."""
    return [_said(node) for node in tree(text).walk() if node.type in _LEAVES]


def _said(node: SyntaxTreeNode) -> str:
    if node.type != "inline":
        return node.content
    return "".join(_words(node))


def _words(node: SyntaxTreeNode) -> Iterator[str]:
    for child in node.children:
        if child.children:
            yield from _words(child)
        else:
            yield " " if child.type in _BREAKS else child.content
