"""What is compared of a person: folded words, how they sound, the date, the addresses. Plain values, no table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from compartments.membership.folding import fold, words_of
from compartments.membership.phonetics import code_of_folded

DIFFERENT = 50_000
"""So many different names are remembered during a run."""
PARTICLES = frozenset({"von", "van", "de", "der", "den", "zu", "zur", "vom", "del", "di", "da", "dr", "prof"})
_STREET = re.compile(r"(?<=\w)str(asse|\.|$|(?=\s))|\bstr(asse|\.)?(?=\W|$)")
_SPACES = re.compile(r"[\W_]+")


class Comparable(Protocol):
    """What a record must have to be compared: a person of the register, or what was typed of one."""

    @property
    def last_name(self) -> str: ...
    @property
    def first_name(self) -> str: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def email(self) -> str: ...
    @property
    def street(self) -> str: ...
    @property
    def postcode(self) -> str: ...
    @property
    def city(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Name:
    """A word of a name and how it sounds."""

    word: str
    sound: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One person as the comparison sees them. ``id`` is None for somebody who isn't in the register yet."""

    id: int | None
    last: tuple[Name, ...]
    first: tuple[Name, ...]
    born: date | None
    email: str
    street: str
    postcode: str
    city: str


class Reader:
    """Makes profiles of many people: names and towns, which repeat, are folded once. Make one per run and let it go at its end."""

    def __init__(self) -> None:
        self._names = lru_cache(DIFFERENT)(_names)
        self._city = lru_cache(DIFFERENT)(_city)

    def profile(self, record: Comparable, *, id_: int | None = None) -> Profile:
        """Return what is compared of ``record``."""
        return _profile(record, id_, self._names, self._city)


def profile(record: Comparable, *, id_: int | None = None) -> Profile:
    """Return what is compared of ``record``."""
    return _profile(record, id_, _names, _city)


def _profile(
    record: Comparable,
    id_: int | None,
    names: Callable[[str], tuple[Name, ...]],
    city: Callable[[str], str],
) -> Profile:
    return Profile(
        id_,
        names(record.last_name),
        names(record.first_name),
        record.birth_date,
        _email(record.email),
        _street(record.street),
        record.postcode.strip().casefold(),
        city(record.city),
    )


def _city(text: str) -> str:
    return fold(text).strip()


def _names(text: str) -> tuple[Name, ...]:
    """The words of a name that tell people apart: without "von" and "Dr.", unless there is nothing else."""
    words = words_of(text.replace("@", " "))
    telling = [word for word in words if word not in PARTICLES] or words
    return tuple(Name(word, code_of_folded(word)) for word in dict.fromkeys(telling))


def _email(text: str) -> str:
    """An address without case and without what follows a plus sign."""
    local, at, domain = text.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" if at else ""


def _street(text: str) -> str:
    """Street and number, whether written Straße, Str. or str."""
    return _SPACES.sub("", _STREET.sub("str", fold(text)))
