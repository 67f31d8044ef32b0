"""Releasing figures to the board, in the name of two officers: the only place from which figures leave a compartment. Knows no Flask.

What may leave stands in :mod:`app.disclosure.registry`. A second version of a period is never sent: two versions could be subtracted from one another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app import faultpoints
from app.disclosure import Protected
from app.disclosure.periods import is_month, require_over
from app.disclosure.registry import ANNUAL_REPORT, AUDIT, PERSONS, PROTOCOL, leaving
from app.envelopes import outbox
from app.envelopes.letter import File
from app.vault.context import any_vault, current_vault
from app.vault.models import Release
from app.vault.proposals import Stale

TYPE = AUDIT
BOARD = "board"


class AlreadyReleased(Stale):
    """The figures of this period have gone to the board."""


class NotControlled(ValueError):
    """These figures aren't what may leave this compartment; nothing was sent."""


@dataclass(frozen=True)
class Released:
    """What went to the board."""

    period: str
    figures: Mapping[str, Any]
    released_by: tuple[str, ...]
    released_on: date


def period_of(day: date) -> str:
    """Return the month of a day, as in "2026-11"."""
    return f"{day:%Y-%m}"


def is_released(period: str, type_: str = TYPE) -> bool:
    """Whether the figures of a period have gone to the board."""
    return bool(Release.select().where(Release.type == type_, Release.period == period).exists())


def releases(most: int = 24, type_: str = TYPE) -> list[Released]:
    """Return what went to the board, newest first."""
    return [
        Released(row.period, json.loads(row.figures), tuple(json.loads(row.released_by)), row.released_on)
        for row in Release.select().where(Release.type == type_).order_by(Release.period.desc()).limit(most)
    ]


def release(period: str, figures: Mapping[str, int], *, released_by: tuple[str, str], day: date) -> None:
    """Send a month's sums of the protocol to the board, in the confirmation's transaction.

    Raises :class:`AlreadyReleased`, and :class:`NotControlled` for anything but the sums that are listed for this office.
    """
    listed = leaving(TYPE, current_vault().kind)
    if listed.counted != PROTOCOL or not set(figures) <= set(listed.figures) or not is_month(period):
        raise NotControlled("these aren't the sums of this office's protocol")
    if any(type(number) is not int or number < 0 for number in figures.values()):
        raise NotControlled("sums are whole numbers")
    body = {"period": period, "figures": dict(figures), "released_by": list(released_by)}
    _send(TYPE, period, dict(figures), body, released_by=released_by, day=day)


def release_report(
    year: str,
    texts: Mapping[str, Any],
    tables: Sequence[Protected],
    *,
    released_by: tuple[str, str],
    day: date,
    files: Sequence[File] = (),
) -> None:
    """Send a year's report to the board: texts that officers wrote, and tables under disclosure control. All numbers are in the tables.

    Raises :class:`AlreadyReleased`, ``NotOver`` before the year has ended, and :class:`NotControlled` for a table of a threshold below this office's.
    """
    listed = leaving(ANNUAL_REPORT, current_vault().kind)
    require_over(year, day)
    if listed.counted != PERSONS or any(not isinstance(table, Protected) for table in tables):
        raise NotControlled("counts of persons leave under disclosure control only")
    if any(table.k < (listed.k or table.k) for table in tables):
        raise NotControlled("the threshold of this office is higher")
    report = {**texts, "tables": [table.to_json() for table in tables]}
    body = {"year": year, "report": report, "released_by": list(released_by)}
    _send(ANNUAL_REPORT, year, report, body, released_by=released_by, day=day, files=files)


def _send(
    type_: str,
    period: str,
    kept: Mapping[str, Any],
    body: Mapping[str, Any],
    *,
    released_by: tuple[str, str],
    day: date,
    files: Sequence[File] = (),
) -> None:
    with any_vault.atomic("IMMEDIATE"):
        if is_released(period, type_):
            raise AlreadyReleased(period)
        Release.create(
            type=type_,
            period=period,
            figures=json.dumps(kept, ensure_ascii=False),
            released_by=json.dumps(list(released_by)),
            released_on=day,
        )
        outbox.send(type_, BOARD, body, files, day=day)
        faultpoints.reached("release.before-commit")
