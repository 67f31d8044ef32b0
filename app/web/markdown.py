"""Texts that officers write in Markdown, turned into HTML that is safe to show.

Two lines of defence: markdown-it is told to know no HTML and no images, and nh3 (ammonia) then passes only the tags and
attributes listed here. Nothing in the result loads anything from anywhere.
"""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

BLOCKS = {"p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
TAGS = BLOCKS | TABLES | {"a", "strong", "em", "s", "code"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"https", "http", "mailto"}

_parser = (
    MarkdownIt("commonmark", {"html": False, "breaks": False})
    .enable(["table", "strikethrough"])
    .disable(["image", "html_block", "html_inline"])
)


def render_markdown(text: str | None, *, top: int = 2) -> Markup:
    """`text` as safe HTML; its highest heading becomes <h{top}> so that the page keeps one <h1> and an unbroken outline."""
    tokens = _shifted(_parser.parse(text or ""), top)
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
    )
    return Markup(clean)  # noqa: S704 - cleaned on the line above


def _shifted(tokens: list[Token], top: int) -> list[Token]:
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    highest = min((int(token.tag[1]) for token in headings), default=top)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) - highest + top)}"
    return tokens
