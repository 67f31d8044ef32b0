"""The words by which people of one import will be found, and what they are sorted by. Make one :class:`Words` per import and let it go.

Names and days repeat, so each is worked out once. That may be kept for as long as the import runs, and nowhere longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from compartments.membership import months
from compartments.membership.folding import address_word, words_of
from compartments.membership.sounds import sound_words

Values = Mapping[str, Any]
LONGEST_KEY = 120


class Words:
    """What has been worked out for one import."""

    def __init__(self) -> None:
        self._name = lru_cache(maxsize=None)(_name)
        self.owed = lru_cache(maxsize=None)(_owed)

    def of(self, values: Values) -> tuple[str, set[str]]:
        """Return what the register is sorted by, and the words: names, their sounds, the number, the address."""
        last, last_words = self._name(values["last_name"])
        first, first_words = self._name(values.get("first_name", ""))
        words = {*last_words, *first_words, str(values["member_number"])}
        if email := values.get("email"):
            words.add(address_word(email))
        return f"{last} {first}".strip()[:LONGEST_KEY], words


def _name(name: str) -> tuple[str, frozenset[str]]:
    spelled = words_of(name.replace("@", " "))
    return " ".join(spelled), frozenset([*spelled, *sound_words(name)])


def _owed(entered_on: str) -> str:
    """Until when nothing is owed by who entered on this day."""
    return months.owed_from(date.fromisoformat(entered_on)).isoformat()
