"""Names of countries in the reader's language."""

from __future__ import annotations

from babel import Locale
from flask_babel import get_locale

_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})


def countries(*, unknown: str | None = None) -> list[tuple[str, str]]:
    """Countries by code, in the reader's language; Germany first, since most live there."""
    locale = get_locale() or Locale("de")
    names = {
        code: name
        for code, name in locale.territories.items()
        if code.isalpha() and code not in _NO_COUNTRIES
    }
    ordered = sorted(names.items(), key=lambda item: (item[0] != "DE", item[1]))
    return ordered if unknown is None else [("", unknown), *ordered]


def country_name(code: str) -> str:
    """A country in the reader's language."""
    return str((get_locale() or Locale("de")).territories.get(code, code)) if code else ""
