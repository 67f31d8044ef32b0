"""The page that confirms what was sent, with the receipt code: the same for everybody but for some words (:func:`app.web.kept.filled_in`)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date

from flask import url_for
from flask_babel import format_date

from app.web.kept import filled_in


def confirmed(
    template: str, code: str, erase_on: date, more: Mapping[str, str] | None = None, **facts: Hashable
) -> str:
    """Render a confirmation. The template prints ``code``, the ``day`` of erasure, the ``address`` of the mailbox, and ``more`` texts."""
    words = {
        "code": code,
        "day": format_date(erase_on, "long"),
        "address": url_for(".mailbox", _external=True),
        **(more or {}),
    }
    return filled_in(template, words, **facts)
