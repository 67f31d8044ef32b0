"""What a rule of the office was before and after, and by whom: kept for each kind of rule, and never thrown away. Nothing of members."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.office.authors import Author
from compartments.membership.tables import RuleChange

SHOWN = 100


@dataclass(frozen=True)
class Past:
    """One change: the whole rule before and after. ``confirmed_by`` is empty where one officer may decide."""

    before: dict[str, Any]
    after: dict[str, Any]
    who: str
    confirmed_by: str
    at: datetime


def note(
    kind: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    by: Author,
    now: datetime,
    confirmed_by: str = "",
) -> None:
    """Write a change down, in the transaction that makes it."""
    RuleChange.create(
        kind=kind,
        before=json.dumps(dict(before)),
        after=json.dumps(dict(after)),
        officer=by.id,
        officer_name=by.name,
        confirmed_by_name=confirmed_by,
        at=now,
    )


def past(kind: str) -> list[Past]:
    """Return the changes of a rule, newest first."""
    rows = RuleChange.select().where(RuleChange.kind == kind).order_by(RuleChange.id.desc()).limit(SHOWN)
    return [
        Past(json.loads(row.before), json.loads(row.after), row.officer_name, row.confirmed_by_name, row.at)
        for row in rows
    ]
