"""Words as a search compares them: without case, accents and umlauts' dots."""

from __future__ import annotations

import unicodedata


def folded(*texts: str) -> str:
    """Return texts in one form that both the stored and the typed words take: ``Jürgen`` is found by ``jurgen`` and ``JÜRGEN``."""
    decomposed = unicodedata.normalize("NFKD", "\n".join(texts).casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
