"""What a cell of a list means: numbers, dates in German and ISO form, amounts with decimal commas, countries, yes and no. Touches no table.

Values are as the register's rows hold them, days in ISO form. A cell that can't be right raises :class:`BadCell` with a code, never with its text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import cache

from babel import Locale

from compartments.membership.folding import fold
from compartments.membership.tables import LANGUAGES

Cell = str | int | bool
EARLIEST = "1880-01-01"
HIGHEST_NUMBER, MOST_EURO = 2_000_000_000, 1_000_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_TURNING = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_GERMAN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?: 0{1,2}:00(?::00)?)?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]0{1,2}:00(?::00)?(?:\.0+)?)?")
_THOUSANDS = re.compile(r"(?<=\d)[.,'\u202f\u00a0 ](?=\d{3}(?:\D|$))")
_AMOUNT = re.compile(r"\d{1,7}(?:[.,]\d{1,2}0*)?")
_PHONE = re.compile(r"\+?[\d ()/.\-]{3,40}")
_DIGITS = re.compile(r"[0-9]{1,20}")
_TWO_DIGITS = 2
_LONGEST_ADDRESS = 254
_CODE = re.compile(r"[A-Z]{2}")
_EMAIL = re.compile(r"[^\s@<>\",;:]{1,64}@[^\s@<>\",;:.]+(?:\.[^\s@<>\",;:.]+)+")
_YES = frozenset({"1", "-1", "ja", "j", "yes", "y", "wahr", "true", "x"})
_NO = frozenset({"0", "nein", "n", "no", "falsch", "false", "-"})
_EVERY = {
    "monatlich": 1,
    "monthly": 1,
    "vierteljahrlich": 3,
    "quartalsweise": 3,
    "quarterly": 3,
    "halbjahrlich": 6,
    "jahrlich": 12,
    "yearly": 12,
}
_REASONS = (
    ("died", ("verst", "tod", "gestorben", "died", "dead")),
    ("expelled", ("ausgeschl", "ausschlus", "expel")),
    ("struck-off", ("gestrich", "streich", "struck")),
    ("resigned", ("austritt", "ausgetr", "kundig", "gekundig", "resign")),
    ("moved", ("moved", "wechsel", "ubertritt")),
)


class BadCell(ValueError):
    """A cell that can't be right. ``code`` says how."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def line(text: str) -> str:
    """One line of text: normalised, breaks become spaces. Raises :class:`BadCell` for what no keyboard sends."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return " ".join(paragraph(text).split())


def paragraph(text: str) -> str:
    """Text that may go over several lines."""
    if _CONTROL.search(text):
        raise BadCell("control")
    if "\ufffd" in text:
        raise BadCell("encoding")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _TURNING.sub("", text)).strip()


def number(text: str) -> int:
    """A member number."""
    digits = "".join(text.split())
    if not (_DIGITS.fullmatch(digits) and 0 < int(digits) <= HIGHEST_NUMBER):
        raise BadCell("number")
    return int(digits)


def day(text: str) -> str:
    """A day in German or ISO form, as ISO; two digits of a year are of the last hundred years."""
    if found := _ISO.fullmatch(text):
        year, month, of_month = map(int, found.groups())
    elif found := _GERMAN.fullmatch(text):
        of_month, month, year = map(int, found.groups())
        if len(found[3]) == _TWO_DIGITS:
            year += 2000 if year <= date.today().year % 100 else 1900  # noqa: DTZ011 - the century only
    else:
        raise BadCell("date")
    try:
        return date(year, month, of_month).isoformat()
    except ValueError:
        raise BadCell("date") from None


def cents(text: str) -> int:
    """An amount in euros, as cents."""
    bare = _THOUSANDS.sub("", text[:40].replace("€", "").replace("EUR", "").strip())
    if not _AMOUNT.fullmatch(bare):
        raise BadCell("amount")
    whole, _, fraction = bare.replace(",", ".").partition(".")
    found = int(whole) * 100 + int(fraction[:2].ljust(2, "0") or 0)
    if found > MOST_EURO * 100:
        raise BadCell("amount")
    return found


def truth(text: str) -> bool:
    """Yes or no."""
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadCell("truth")


def country(text: str) -> str:
    """A country's code, from the code or the name."""
    code = text.upper() if text.upper() in _codes() else _countries().get(fold(text), "")
    if code not in _codes():
        raise BadCell("country")
    return code


def email(text: str) -> str:
    """An address for mail."""
    if not _EMAIL.fullmatch(text) or len(text) > _LONGEST_ADDRESS:
        raise BadCell("email")
    return text


def phone(text: str) -> str:
    """A phone number."""
    if not _PHONE.fullmatch(text):
        raise BadCell("phone")
    return text


def language(text: str) -> str | None:
    """The language of mails. One that nobody here writes in says nothing: the person gets what the office has set for all."""
    known = _languages()
    code = known.get(fold(text)) or known.get(fold(text[:2]) if text[2:3] in {"-", "_"} else "")
    if code is None:
        raise BadCell("language")
    base = code.partition("_")[0]
    return base if base in LANGUAGES else None


def every(text: str) -> int:
    """In how many months somebody pays once."""
    found = _EVERY.get(fold(text)) or (int(text) if text in {"1", "3", "6", "12"} else 0)
    if not found:
        raise BadCell("every")
    return found


def reason(text: str) -> str:
    """The reason for an exit."""
    word = fold(text)
    return next((code for code, stems in _REASONS if any(stem in word for stem in stems)), "other")


def _of(most: int) -> Callable[[str], str]:
    def bounded(text: str) -> str:
        if len(text) > most:
            raise BadCell("long")
        return text

    return bounded


@cache
def _countries() -> dict[str, str]:
    known = {
        fold(name): code for language in ("en", "de") for code, name in Locale(language).territories.items()
    }
    return {**known, "brd": "DE"}


@cache
def _languages() -> dict[str, str]:
    """Names and codes of languages, folded; names in English and in German."""
    known = {fold(name): code for own in LANGUAGES for code, name in Locale(own).languages.items()}
    return {**known, **{fold(code): code for code in known.values()}, "deu": "de", "ger": "de", "eng": "en"}


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("de").territories) if _CODE.fullmatch(code))


READ: dict[str, Callable[[str], Cell | None]] = {
    "member_number": number,
    "last_name": _of(120),
    "first_name": _of(120),
    "birth_date": day,
    "street": _of(200),
    "postcode": _of(12),
    "city": _of(120),
    "country": country,
    "email": email,
    "phone": phone,
    "language": language,
    "citizenship": country,
    "entered_on": day,
    "left_on": day,
    "exit_reason": reason,
    "may_vote": truth,
    "voting_by": _of(120),
    "voting_on": day,
    "dues_cents": cents,
    "dues_every": every,
    "reduced_cents": cents,
    "reduced_until": day,
    "reduction_reason": _of(200),
    "consent_news_on": day,
    "consent_phone_on": day,
    "notes": _of(2000),
}
"""Field -> how its cell is read, once it is a clean line (``notes``: a paragraph)."""
