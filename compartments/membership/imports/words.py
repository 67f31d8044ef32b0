"""What is wrong with a row, the states of an import and the kinds of its rows, in the reader's language. Words only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from compartments.membership.details import DATES, from_text
from compartments.membership.imports.models import StagedRow
from compartments.membership.wording import FIELD_NAMES, Change, in_words

STATES = {
    "new": lazy_gettext("columns to be chosen"),
    "reading": lazy_gettext("being read"),
    "staged": lazy_gettext("waiting to be looked through"),
    "committed": lazy_gettext("taken into the register"),
    "undone": lazy_gettext("undone"),
    "dropped": lazy_gettext("dropped"),
    "closed": lazy_gettext("taken into the register for good"),
}
KINDS = {
    "add": lazy_gettext("New members"),
    "change": lazy_gettext("Changes"),
    "exit": lazy_gettext("Exits"),
    "bad": lazy_gettext("Bad rows"),
    "same": lazy_gettext("Unchanged"),
}
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "cp1252": "Windows-1252",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
TARGETS = {
    **FIELD_NAMES,
    "division_state": lazy_gettext("Division: state"),
    "division_district": lazy_gettext("Division: district"),
    "division_county": lazy_gettext("Division: county"),
}
_PROBLEMS = {
    "quotes": lazy_gettext("the quotes are broken"),
    "columns": lazy_gettext("it has another number of cells than the header"),
    "missing": lazy_gettext("it is missing"),
    "twice": lazy_gettext("the same member number stands further up, in line"),
    "merged": lazy_gettext("the record with this number was merged into another, or erased"),
    "division": lazy_gettext("no division, or more than one, has this name"),
    "control": lazy_gettext("it holds characters that can't be shown"),
    "encoding": lazy_gettext("it holds signs that could not be decoded"),
    "number": lazy_gettext("it is no member number"),
    "date": lazy_gettext("it is no date"),
    "day": lazy_gettext("this day can't be right"),
    "amount": lazy_gettext("it is no amount in euros"),
    "truth": lazy_gettext("it is neither yes nor no"),
    "country": lazy_gettext("no country is called that"),
    "language": lazy_gettext("no language is called that"),
    "email": lazy_gettext("it is no e-mail address"),
    "phone": lazy_gettext("it is no phone number"),
    "every": lazy_gettext("it doesn't say how often somebody pays"),
    "long": lazy_gettext("it is too long"),
    "postcode": lazy_gettext("a German postcode has five digits"),
    "entry": lazy_gettext("the entry lies before the birth"),
    "exit": lazy_gettext("the exit lies before the entry"),
    "reduction": lazy_gettext("reduced dues and their last day belong together"),
}


_ORDER = {name: place for place, name in enumerate(FIELD_NAMES)}
_ABOUT_A_DAY = frozenset({"day", "entry", "exit"})


def problem_of(row: StagedRow) -> tuple[str, str, str]:
    """Return what is wrong with a row: the field's name, the reason, and the cell's text."""
    code, field, shown = json.loads(row.problem)
    reason, cell = str(_PROBLEMS[code]), str(shown or "")
    if code == "twice":
        reason, cell = f"{reason} {cell}", ""
    elif code in _ABOUT_A_DAY and cell:
        cell = _said(field, cell, {})
    return str(TARGETS.get(field, "")), reason, cell


def changes_of(row: StagedRow, divisions: Mapping[int, str]) -> list[Change]:
    """Return what a row changes, field by field."""
    return [
        Change(name, str(FIELD_NAMES[name]), _said(name, old, divisions), _said(name, now, divisions))
        for name, (old, now) in json.loads(row.changes or "{}").items()
    ]


def given_of(row: StagedRow, divisions: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return what a row gives, as field and value, without number and name."""
    given = json.loads(row.given or "{}")
    return [
        (str(FIELD_NAMES[name]), _said(name, value, divisions))
        for name, value in sorted(given.items(), key=lambda one: _ORDER.get(one[0], len(_ORDER)))
        if name not in {"member_number", "last_name", "first_name"}
    ]


def name_of(row: StagedRow) -> str:
    """Return the name that a row gives, as the list has it."""
    given: dict[str, Any] = json.loads(row.given or "{}")
    return ", ".join(filter(None, (given.get("last_name"), given.get("first_name"))))


def _said(name: str, value: Any, divisions: Mapping[int, str]) -> str:
    plain = from_text(name, value) if name in DATES else value
    return in_words(name, plain, dict(divisions)) or _("nothing")
