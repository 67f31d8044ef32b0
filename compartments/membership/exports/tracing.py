"""Which download a list that has turned up was: by the invented person in it, and by the order of its lines. What is looked at isn't kept."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from peewee import Select

from compartments.membership.exports import marking
from compartments.membership.exports.models import Download, Export

LEAST_NUMBERS = 12
ENOUGH = 0.9
"""Of twelve numbers in a random order, nine in ten neighbours ascend by chance less than once in a million times."""
LARGEST = 20_000_000
_NUMBER = re.compile(r"0*([1-9]\d{0,9})")


@dataclass(frozen=True)
class Trace:
    """A download that fits. ``share`` of the lines in its order, None where the order says nothing."""

    export: Export
    download: Download
    invented: bool
    share: float | None


def trace(text: str) -> list[Trace]:
    """Return the downloads that a list may have come from, the likeliest first."""
    columns = _columns(text)
    found = []
    query: Select = Download.select(Download, Export).join(Export).order_by(Download.id.desc())
    for one in query:
        share = max((marking.in_order(one.mark, numbers) for numbers in columns), default=0.0)
        named = "last_name" in json.loads(one.export.columns)
        invented = bool(one.invented) and _is_in(json.loads(one.invented), text, named=named)
        if invented or share >= ENOUGH:
            found.append(Trace(one.export, one, invented, share if share >= ENOUGH else None))
    return sorted(found, key=lambda one: (one.invented, one.share or 0), reverse=True)


def _is_in(invented: dict[str, object], text: str, *, named: bool) -> bool:
    """Whether somebody invented stands in one of the lines: the last name with the first or the number; a file without names has the number."""
    last, first = str(invented["last_name"]), str(invented["first_name"])
    number = re.compile(rf"(?<!\d)0*{invented['member_number']}(?!\d)")
    return any(
        (last in line and (first in line or number.search(line))) if named else number.search(line)
        for line in text.splitlines()
    )


def _columns(text: str) -> list[Sequence[int]]:
    """Return the columns that hold numbers only, all different, as member numbers do."""
    first = text.partition("\n")[0]
    separator = max(",;\t|", key=first.count)
    try:
        rows = list(csv.reader(text.splitlines(), delimiter=separator))
    except csv.Error:
        # No table, but text. Somebody's name may still be in it.
        return []
    found: list[Sequence[int]] = []
    for at in range(max((len(row) for row in rows), default=0)):
        cells = [row[at].strip().strip("'") for row in rows if len(row) > at and row[at].strip()]
        numbers = [int(match[1]) for cell in cells if (match := _NUMBER.fullmatch(cell))]
        if len(numbers) >= max(LEAST_NUMBERS, len(cells) - 1) and len(set(numbers)) == len(numbers):
            found.append(numbers)
    return found
