"""Periods for which figures are released, and small steps from one to the next. Knows no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

_MONTH, _YEAR = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"), re.compile(r"[0-9]{4}")


class NotOver(ValueError):
    """The period is still running: what is released now could be subtracted from what is released later."""


def is_month(period: str) -> bool:
    """Whether this names a month, as in "2026-11"."""
    return bool(_MONTH.fullmatch(period))


def is_year(period: str) -> bool:
    """Whether this names a year, as in "2026"."""
    return bool(_YEAR.fullmatch(period))


def require_over(year: str, day: date) -> None:
    """Let figures of persons leave for a whole year only, and only after its end. Raises :class:`NotOver`, or ``ValueError`` for what is no year."""
    if not is_year(year):
        raise ValueError("figures of persons are released by the year")
    if day.year <= int(year):
        raise NotOver(year)


def small_steps(before: Mapping[str, int], now: Mapping[str, int], k: int) -> list[str]:
    """Return the figures that have moved by fewer than k, though they moved.

    Sums of a whole protocol tell of nobody; the difference between two of them may, to somebody who knows whom it was about.
    """
    return [name for name, number in now.items() if name in before and 0 < abs(number - before[name]) < k]
