"""Finds the numbers in a report's texts. One that tells how many people or incidents there were gives away what the tables hide, and only readers can
tell such a one from "after 6 pm": so two officers look at each. Knows no Flask.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from compartments.counsel.annual.markup import plain
from compartments.counsel.annual.models import TEXTS

AROUND = 40
_UNITS = (
    "ein|eins|zwei|zwo|drei|vier|f(?:ü|ue)nf|sechs|sech(?=zehn)|sieb(?:en)?|acht|neun|zehn|elf|zw(?:ö|oe)lf"
)
_TENS = "zwanzig|drei(?:ß|ss)ig|(?:vier|f(?:ü|ue)nf|sech|sieb|acht|neun)zig|hundert|tausend"
_GERMAN = (
    rf"(?!(?:und|ein|einfach)\b)(?:{_UNITS}|{_TENS}|und)+(?:mal|fach)?"
    rf"|ein(?:mal|zig\w*)|zu zweit|beide\w*|dutzend\w*|(?:hälfte|drittel|viertel|fünftel)\w*"
)
_ONES = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
_ENGLISH = (
    rf"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|{_ONES}|hundreds?|thousands?"
    r"|once|twice|both|single|dozens?|half|a third|a quarter|quarters?"
)
_ONE = (
    r"(?:nur|lediglich|genau|bloß)\s+ein\w{0,2}\b"
    r"|ein\w{0,2}\s+(?:person|fall|vorfall|mitglied|betroffene\w*|frau|mann|beratung)\b"
    r"|(?:only|just|exactly)\s+(?:one|an?)\b|one\s+(?:person|case|incident|member|woman|man|talk|of)\b"
)
_YEAR = r"(?:19|20)\d\d"
_NUMBER = re.compile(
    rf"(?<!\w)(?:(?!{_YEAR}(?!\d|[.,]\d))\d+(?:[.,]\d+)*|(?:{_ONE}|(?:{_GERMAN}|{_ENGLISH})(?!\w)))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Number:
    """A number in a text of the report (its name in ``TEXTS``), with what stands around it."""

    text: str
    before: str
    number: str
    after: str


def found_in(texts: Mapping[str, str]) -> list[Number]:
    """Return the numbers of a report's texts, in figures and words (German and English), in reading order. Years such as 2025 are none."""
    return [
        Number(name, *_around(line, match))
        for name in TEXTS
        for line in plain(texts[name])
        for match in _NUMBER.finditer(line)
    ]


def _around(line: str, match: re.Match[str]) -> tuple[str, str, str]:
    before, after = line[: match.start()], line[match.end() :]
    return (
        f"…{before[-AROUND:]}" if len(before) > AROUND else before,
        match.group(),
        f"{after[:AROUND]}…" if len(after) > AROUND else after,
    )
