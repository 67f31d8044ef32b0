"""The second kind of word that finds a person: how their names sound (Kölner Phonetik). Holds no data."""

from __future__ import annotations

from compartments.membership.folding import words_of
from compartments.membership.phonetics import code

SHORTEST = 3
"""Letters that a typed word has at least, before it is looked for by its sound."""


def sound_words(text: str, *, shortest: int = 1) -> list[str]:
    """Return one word per name in ``text``. It is no name's beginning, and none is another's: 65 must not find 657."""
    codes = [code(word) for word in words_of(text.replace("@", " ")) if len(word) >= shortest]
    return list(dict.fromkeys(f"~{sound}." for sound in codes if sound))


def typed_sounds(text: str) -> list[str]:
    """Return the sounds to look for, none where something isn't a name: a number, an address, an initial."""
    words = words_of(text)
    if not words or any(len(word) < SHORTEST or not word.isalpha() for word in words):
        return []
    return sound_words(text)
