"""Reads fields of letters from the other two offices. What isn't what it should be raises ``ValueError``, which refuses the letter."""

from __future__ import annotations

from datetime import date

from keys.codes import grouped
from keys.errors import MalformedCode

ID_SIGNS = 32
LONGEST_REASON = 500
MOST_CODES = 1_000_000
MOST = 10_000_000


def text(value: object, most: int = LONGEST_REASON) -> str:
    """A text of at most ``most`` characters."""
    if not isinstance(value, str) or len(value) > most:
        raise ValueError("not a text, or too long a one")
    return value


def identifier(value: object) -> str:
    """What another office calls something: at most 32 signs."""
    if not (found := text(value, ID_SIGNS)):
        raise ValueError("an identifier is missing")
    return found


def number(value: object, least: int = 0) -> int:
    """A whole number from ``least`` on."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST:
        raise ValueError("not a number that can be")
    return value


def day(value: object) -> date:
    """A day in ISO form."""
    return date.fromisoformat(text(value, 10))


def codes(value: object) -> list[str]:
    """A list of codes, each once, grouped. One that is no code at all stays as it came: it will be counted as unknown."""
    if not isinstance(value, list) or len(value) > MOST_CODES:
        raise ValueError("not a list of codes, or an endless one")
    return list(dict.fromkeys(_code(one) for one in value))


def _code(value: object) -> str:
    found = text(value)
    try:
        return grouped(found)
    except MalformedCode:
        return found
