"""What the office and single officers have set: the rule of eligibility, saved filters, chosen columns. Nothing of members."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compartments.membership.tables import OFFICE, PERSONS, Setting, database

TALLY, COLUMNS, FILTER = "tally", "columns", "filter"

LONGEST_NAME = 80


def kept(owner: str, kind: str, name: str = "") -> Any:
    """Return what was set, or None."""
    row = (
        Setting.select(Setting.value)
        .where(Setting.owner == owner, Setting.kind == kind, Setting.name == name)
        .tuples()
        .first()
    )
    return json.loads(row[0]) if row else None


def every(owner: str, kind: str) -> dict[str, Any]:
    """Return name -> what was set, in the order of names."""
    query = Setting.select(Setting.name, Setting.value).where(Setting.owner == owner, Setting.kind == kind)
    rows: Any = query.order_by(Setting.name).tuples()
    return {name: json.loads(value) for name, value in rows}


@dataclass(frozen=True)
class Desk:
    """What a page of the register needs besides the lines: how many persons there are, the officer's columns and saved filters."""

    total: int
    columns: list[str] | None
    filters: dict[str, dict[str, str]]


def desk(owner: str) -> Desk:
    """Read it all at once: the table is small, and each look-up costs a page of the register time."""
    rows: Any = Setting.select(Setting.kind, Setting.name, Setting.value).where(
        Setting.owner.in_((OFFICE, owner)), Setting.kind.in_((TALLY, COLUMNS, FILTER))
    )
    found = {(kind, name): json.loads(value) for kind, name, value in rows.tuples()}
    saved = {name: value for (kind, name), value in sorted(found.items()) if kind == FILTER}
    return Desk(found[TALLY, PERSONS[2]], found.get((COLUMNS, "")), saved)


def keep(owner: str, kind: str, name: str, value: Any) -> None:
    """Set it; the last one counts."""
    text = json.dumps(value, ensure_ascii=False)
    row = {"owner": owner, "kind": kind, "name": name[:LONGEST_NAME], "value": text}
    Setting.insert(row).on_conflict_replace().execute()


def change(owner: str, kind: str, changed: Mapping[str, Any]) -> None:
    """Set some of several that are kept together. In one transaction: what a colleague sets at the same moment stays."""
    with database.atomic("IMMEDIATE"):
        keep(owner, kind, "", {**(kept(owner, kind) or {}), **changed})


def forget(owner: str, kind: str, name: str = "") -> None:
    """Unset it."""
    Setting.delete().where(Setting.owner == owner, Setting.kind == kind, Setting.name == name).execute()
