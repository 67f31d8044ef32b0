"""Figures of the clearing compartment: how many pairs are in which state. Aggregates only; released by two officers, once per period."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.envelopes import outbox
from compartments.clearing.keysets import service as keysets
from compartments.clearing.tables import AuditRelease, database


class AlreadyReleased(Exception):
    """The figures of this period have gone to the board. They aren't sent twice: two versions could be subtracted."""


@dataclass(frozen=True)
class SetFigures:
    """One key set's share; it stays in this office."""

    name: str
    issued: int
    claimed: int
    open: int
    deactivated: int


def audit_figures() -> dict[str, int]:
    """Return the sums for the board: issued = claimed + open + deactivated, and accounts are at most claimed + deactivated_claimed."""
    total = keysets.total()
    return {
        "issued": total.issued,
        "claimed": total.claimed,
        "open": total.open,
        "deactivated": total.deactivated,
        "deactivated_claimed": total.withdrawn,
    }


def per_set() -> list[SetFigures]:
    """Return the same per key set, newest first."""
    return [
        SetFigures(
            line.key_set.name,
            line.counts.issued,
            line.counts.claimed,
            line.counts.open,
            line.counts.deactivated,
        )
        for line in keysets.lines()
    ]


def period(day: date) -> str:
    """Return the period that a day belongs to: its month, as in "2026-11"."""
    return f"{day:%Y-%m}"


def is_released(name: str) -> bool:
    """Whether the figures of a period have gone to the board."""
    return bool(AuditRelease.select().where(AuditRelease.period == name).exists())


def releases() -> list[AuditRelease]:
    """Return what went to the board, newest first."""
    return list(AuditRelease.select().order_by(AuditRelease.period.desc()))


def release(name: str, figures: Mapping[str, int], *, released_by: tuple[str, str], day: date) -> None:
    """Send a period's figures to the board, in the name of two officers. Raises :class:`AlreadyReleased`."""
    with database.atomic("IMMEDIATE"):
        if is_released(name):
            raise AlreadyReleased(name)
        AuditRelease.create(
            period=name,
            figures=json.dumps(dict(figures)),
            released_by=json.dumps(list(released_by)),
            released_on=day,
        )
        body = {"period": name, "figures": dict(figures), "released_by": list(released_by)}
        outbox.send("audit-figures", "board", body, day=day)
