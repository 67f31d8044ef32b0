"""Codes that people type: reference keys, invite codes, receipts, enrolment.

Twenty of 28 signs are 96.1 bits: nobody guesses one, so no slow derivation is needed. No vowels, so that no word
appears; no 0, 1 or l, so that none is mistaken for another.
"""

import re
import secrets
import unicodedata

from keys.binding import bind
from keys.errors import MalformedCode
from keys.symmetric import derive

ALPHABET = "bcdfghjkmnpqrstvwxyz23456789"
LENGTH = 20
_GROUP = 5
_LONGEST_INPUT = 200
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212._/]+")
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """A fresh code, grouped: "bcdfg-hjkmn-pqrst-vwxyz"."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def derive_code(secret: bytes, *, info: bytes) -> str:
    """The code, grouped, that belongs to a secret and a purpose: always the same, and told from random by nobody.

    The 256 bits derived are read as a number and reduced modulo 28**20; the bias of that is below 2**-159.
    Raises as `keys.symmetric.derive` does.
    """
    number = int.from_bytes(derive(secret, info=bind("code", info), length=32))
    signs = []
    for _ in range(LENGTH):
        number, index = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[index])
    return grouped("".join(signs))


def normalise(text: str) -> str:
    """The bare twenty signs of a code as somebody typed it: case, spaces, dashes, dots and slashes are forgiven.

    Raises MalformedCode for anything else; signs that are in no code are never guessed at.
    """
    if len(text) > _LONGEST_INPUT:
        raise MalformedCode("a code has twenty signs")
    code = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).lower()
    if not _CODE.fullmatch(code):
        raise MalformedCode("a code has twenty signs, letters without vowels and digits from 2 to 9")
    return code


def signs_in(text: str) -> int:
    """How many signs of a code somebody has typed, without what is forgiven."""
    return len(_SEPARATORS.sub("", text[:_LONGEST_INPUT]))


def grouped(code: str) -> str:
    """A code in four groups of five, as it is shown and printed. Raises MalformedCode."""
    signs = normalise(code)
    return "-".join(signs[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))
