"""What text fields of every form share: one way to clean what was typed, and bounds with errors in the reader's language.

Cleaning never guesses: it normalises (NFC, line ends), removes marks that only turn the direction of text around, and refuses what no
keyboard sends.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from wtforms.validators import DataRequired, Length, Optional, StopValidation, ValidationError

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")

LINE, PARAGRAPH, TEXT = 200, 2_000, 10_000
"""Usual bounds, in characters: a name, some sentences, a letter."""


def clean_text(value: Any) -> Any:
    """A WTForms filter: normalised and stripped. Raises ``ValueError`` (a field's error) on control characters.

    Direction overrides are removed: they make a name or a file look like another. Right-to-left text itself needs none.
    """
    if not isinstance(value, str):
        return value
    value = value.strip()
    if _NO_TEXT.search(value):
        raise ValueError(
            _("This holds characters that can't be shown. Please type it again, or paste it as plain text.")
        )
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _TURNING.sub("", text)).strip()


def clean_line(value: Any) -> Any:
    """The same for a single line: breaks and tabs become spaces."""
    text = clean_text(value)
    return " ".join(text.split()) if isinstance(text, str) else text


def required(message: Any, most: int = LINE) -> list[Any]:
    """Validators of a field that must be filled in, with at most ``most`` characters."""
    return [DataRequired(message), at_most(most)]


def optional(most: int = LINE) -> list[Any]:
    """Validators of a field that may stay empty."""
    return [Optional(strip_whitespace=True), at_most(most)]


def at_most(most: int) -> Length:
    """A bound with its number in the message, as the reader writes it; what is too long isn't looked at any further."""
    return _AtMost(max=most, message="")


class _AtMost(Length):
    def __call__(self, form: Any, field: Any) -> None:
        try:
            super().__call__(form, field)
        except ValidationError:
            message = _("Please use at most %(max)s characters.", max=format_decimal(self.max))
            raise StopValidation(message) from None
