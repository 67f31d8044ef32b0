"""Kölner Phonetik: names that sound alike in German get the same digits (Meier, Mayr and Maier are all 67). Holds no data.

After Hans Joachim Postel, "Die Kölner Phonetik", IBM-Nachrichten 19 (1969), pages 925-931. Words in other scripts have no code.
"""

from __future__ import annotations

import re

from compartments.membership.folding import fold

_DIGITS = {
    **dict.fromkeys("aeijouy", "0"),
    **dict.fromkeys("bp", "1"),
    **dict.fromkeys("dt", "2"),
    **dict.fromkeys("fvw", "3"),
    **dict.fromkeys("gkq", "4"),
    "l": "5",
    **dict.fromkeys("mn", "6"),
    "r": "7",
    **dict.fromkeys("sz", "8"),
}
_DEPENDING = frozenset("cxpdt")
_HARD_AT_THE_START = frozenset("ahkloqrux")
_HARD = frozenset("ahkoqux")
_NO_LETTER = re.compile(r"[^a-z]")


def code(word: str) -> str:
    """Return the digits of one word; empty where it has no letter that sounds."""
    return code_of_folded(fold(word))


def code_of_folded(word: str) -> str:
    """The same for a word that is folded already."""
    letters = _NO_LETTER.sub("", word)
    digits = []
    for place, letter in enumerate(letters):
        if letter in _DEPENDING:
            before, after = letters[place - 1 : place], letters[place + 1 : place + 2]
            digits.append(_digits(letter, before, after, at_start=place == 0))
        else:
            digits.append(_DIGITS.get(letter, ""))
    sounds = "".join(digits)
    once = "".join([digit for place, digit in enumerate(sounds) if digit != sounds[place - 1 : place]])
    return once[:1] + once[1:].replace("0", "")


def _digits(letter: str, before: str, after: str, *, at_start: bool) -> str:
    if letter == "c":
        hard = after in _HARD_AT_THE_START if at_start else after in _HARD and before not in {"s", "z"}
        return "4" if hard else "8"
    if letter == "x":
        return "8" if before and before in "ckq" else "48"
    if letter == "p" and after == "h":
        return "3"
    if letter in "dt" and after and after in "csz":
        return "8"
    return _DIGITS.get(letter, "")
