"""Releasing an office's sums to the board: once a month, in the name of two officers. Knows no Flask.

A second version of a month is never sent: two versions could be subtracted from one another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app import faultpoints
from app.envelopes import outbox
from app.vault.context import any_vault
from app.vault.models import Release
from app.vault.proposals import Stale

TYPE = "audit-figures"
BOARD = "board"


class AlreadyReleased(Stale):
    """The figures of this month have gone to the board."""


@dataclass(frozen=True)
class Released:
    """What went to the board."""

    period: str
    figures: Mapping[str, int]
    released_by: tuple[str, ...]
    released_on: date


def period_of(day: date) -> str:
    """Return the month of a day, as in "2026-11"."""
    return f"{day:%Y-%m}"


def is_released(period: str) -> bool:
    """Whether a month's figures have gone to the board."""
    return bool(Release.select().where(Release.period == period).exists())


def releases(most: int = 24) -> list[Released]:
    """Return what went to the board, newest first."""
    return [
        Released(row.period, json.loads(row.figures), tuple(json.loads(row.released_by)), row.released_on)
        for row in Release.select().order_by(Release.period.desc()).limit(most)
    ]


def release(period: str, figures: Mapping[str, int], *, released_by: tuple[str, str], day: date) -> None:
    """Send a month's figures to the board, in the confirmation's transaction. Raises :class:`AlreadyReleased`."""
    with any_vault.atomic("IMMEDIATE"):
        if is_released(period):
            raise AlreadyReleased(period)
        names = list(released_by)
        Release.create(
            period=period, figures=json.dumps(dict(figures)), released_by=json.dumps(names), released_on=day
        )
        outbox.send(TYPE, BOARD, {"period": period, "figures": dict(figures), "released_by": names}, day=day)
        faultpoints.reached("release.before-commit")
