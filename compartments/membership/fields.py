"""Form fields that the register needs: money, member numbers, divisions. Bounds and words, no rules of the office."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import ValidationError

from compartments.membership.models import Division

MOST_EURO = 1_000_000
LONGEST_AMOUNT = 40
HIGHEST_NUMBER = 2_000_000_000
_THOUSANDS = re.compile(r"(?<=\d)[.,'\u202f\u00a0 ](?=\d{3}(?:\D|$))")
_AMOUNT = re.compile(r"\d{1,7}(?:[.,]\d{1,2})?")


class MoneyField(StringField):
    """Euros as people write them (48, 48,00, 1.200,50, € 48.00), as a number of cents."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return euros(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; empty is None."""
        text = str(valuelist[0]).strip() if valuelist else ""
        if not text:
            self.data = None
            return
        bare = _THOUSANDS.sub("", text[:LONGEST_AMOUNT].replace("€", "").strip())
        if len(text) > LONGEST_AMOUNT or not _AMOUNT.fullmatch(bare):
            self.data = None
            raise ValueError(_("Enter an amount in euros, for example 48.00."))
        whole, _separator, cents = bare.replace(",", ".").partition(".")
        self.data = int(whole) * 100 + int(cents.ljust(2, "0") or 0)
        if self.data > MOST_EURO * 100:
            raise ValueError(_("This amount is too high."))


def euros(cents: int | None) -> str:
    """Write cents as an amount, with the decimal sign of the reader's language."""
    if cents is None:
        return ""
    sign = "," if str(get_locale()) == "de" else "."
    return f"{cents // 100}{sign}{cents % 100:02d}"


class NumberField(StringField):
    """A member number: digits, with or without leading zeros and spaces."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; empty is None."""
        text = "".join(str(valuelist[0])[:60].split()) if valuelist else ""
        self.data = None
        if not text:
            return
        if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= HIGHEST_NUMBER:
            raise ValueError(_("A member number is made of digits, for example 1024."))
        self.data = int(text)


def divisions(known: Iterable[Division]) -> list[tuple[str, str]]:
    """The tree of divisions as choices, each below the one it belongs to."""
    children: dict[int | None, list[Division]] = {}
    for division in known:
        children.setdefault(division.__data__["parent"], []).append(division)

    def below(parent: int | None, depth: int) -> Iterable[tuple[str, str]]:
        for division in sorted(children.get(parent, []), key=lambda one: one.name):
            yield str(division.id), "\u2003" * depth + division.name
            yield from below(division.id, depth + 1)

    return [("", ""), *below(None, 0)]


def plausible_phone(_form: Any, field: Any) -> None:
    """A validator: digits and what one writes between them."""
    if field.data and not re.fullmatch(r"\+?[\d ()/.\-]{3,40}", field.data):
        raise ValidationError(
            _("A phone number is made of digits, spaces and a leading +, for example +49 221 123456.")
        )
