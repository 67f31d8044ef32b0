"""What two board members wrote into the same posting: the difference, field by field. The changes themselves are in :mod:`app.shared.posting_changes`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

UNWRITTEN = frozenset({"revision", "slug", "csrf_token"})


@dataclass(frozen=True)
class Difference:
    """One field that stands differently now (``theirs``) from what the other member typed (``yours``)."""

    field: str
    part: str
    theirs: str
    yours: str


def differences(theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> list[Difference]:
    """Return where two sets of a form's values differ. ``part`` is the text's name, or the number of the row, if the field has parts."""
    found = []
    ours, others = _flat(yours), _flat(theirs)
    for field, part in dict.fromkeys((*others, *ours)):
        their, your = others.get((field, part), ""), ours.get((field, part), "")
        if their != your:
            found.append(Difference(field, part, their, your))
    return found


def _flat(values: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    flat: dict[tuple[str, str], str] = {}
    for field, value in values.items():
        if field in UNWRITTEN:
            continue
        if isinstance(value, Mapping):
            flat |= {(field, part): _text(one) for part, one in value.items()}
        elif isinstance(value, Sequence) and not isinstance(value, str):
            filled = [row for row in value if row.get("de")]
            flat |= {(field, str(place)): _row(row) for place, row in enumerate(filled, start=1)}
        else:
            flat[field, ""] = _text(value)
    return flat


def _row(row: Mapping[str, Any]) -> str:
    marks = "".join(" ✓" for name in ("required", "evidence") if row.get(name))
    return " / ".join(row[language] for language in ("de", "en") if row.get(language)) + marks


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).strip()
