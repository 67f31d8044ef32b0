"""The numbers that the office has agreed on: thresholds, the batch floor, the days of the month. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from compartments.membership.settings import keep, kept
from compartments.membership.tables import OFFICE

KIND = "reconciliation"
THRESHOLD, FLOOR, FIRST_DAY, SECOND_DAY = "threshold-percent", "batch-floor", "first-day", "second-day"
DEFAULTS = {THRESHOLD: 5, FLOOR: 5, FIRST_DAY: 1, SECOND_DAY: 15}
BOUNDS = {THRESHOLD: (1, 100), FLOOR: (2, 1000), FIRST_DAY: (1, 28), SECOND_DAY: (1, 28)}


def numbers() -> dict[str, int]:
    """Return every rule's number, the default where the office has agreed on nothing else."""
    return {**DEFAULTS, **(kept(OFFICE, KIND) or {})}


def save(changed: Mapping[str, int]) -> None:
    """Agree on other numbers; raises ``ValueError`` outside their bounds, ``KeyError`` for a rule that there is not."""
    for name, number in changed.items():
        least, most = BOUNDS[name]
        if not least <= number <= most:
            raise ValueError(name)
    keep(OFFICE, KIND, "", {**numbers(), **changed})


def last_due(day: date) -> date:
    """Return the latest day up to ``day`` on which a regular reconciliation was due."""
    known = numbers()
    days = (known[FIRST_DAY], known[SECOND_DAY])
    month_before = day.replace(day=1) - timedelta(days=1)
    candidates = [month.replace(day=number) for month in (day, month_before) for number in days]
    return max(one for one in candidates if one <= day)


def next_due(day: date) -> date:
    """Return the next day after ``day`` on which one is due."""
    known = numbers()
    days = (known[FIRST_DAY], known[SECOND_DAY])
    month_after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    candidates = [month.replace(day=number) for month in (day, month_after) for number in days]
    return min(one for one in candidates if one > day)
