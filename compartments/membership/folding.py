"""Makes spellings of a name meet: Müller, Mueller, Muller and MÜLLER fold to one word. Holds no data.

Every step keeps prefixes: the fold of a word's beginning is the beginning of the word's fold, so that a search finds while
it is being typed.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_WORD = 80
LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"æ": "a", "œ": "o", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŧ": "t"}
)
_VOWEL_WITH_E = re.compile(r"(?<=[aou])e")
_NO_WORD = re.compile(r"[\W_]")
_NO_ADDRESS = re.compile(r"[^\w@.+-]")


def fold(text: str) -> str:
    """Return ``text`` without case, accents and the ways to write umlauts; spaces and punctuation stay."""
    if text.isascii():
        return _VOWEL_WITH_E.sub("", text.lower())
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _VOWEL_WITH_E.sub("", letters.translate(LETTERS_WITHOUT_DECOMPOSITION))


def words_of(text: str) -> list[str]:
    """Return the folded words of a text, in order. An e-mail address is one word, which :func:`address_word` marks."""
    words = []
    for part in fold(text).split():
        if "@" in part[1:]:
            words.append(address_word(part))
        else:
            words += [word[:LONGEST_WORD] for word in _NO_WORD.sub(" ", part).split()]
    return words


def address_word(text: str) -> str:
    """Return an address, or its beginning, as one word that is no name's beginning."""
    return ("@" + _NO_ADDRESS.sub("", fold(text)))[:LONGEST_WORD]


def name_key(last_name: str, first_name: str) -> str:
    """Return what the register is sorted by: last name, then first name, folded."""
    return " ".join(words_of(_without_at(f"{last_name} {first_name}")))[:120]


def search_words(*, last_name: str, first_name: str, member_number: int, email: str) -> set[str]:
    """Return the words that find a person: names, number, address."""
    words = {*words_of(_without_at(f"{last_name} {first_name}")), str(member_number)}
    return {*words, address_word(email)} if email else words


def _without_at(text: str) -> str:
    return text.replace("@", " ")
