"""The numbers that the office has agreed on: thresholds, the batch floor, the days of the month. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from app.office.calendar import DAYS
from compartments.membership.settings import change, kept
from compartments.membership.tables import OFFICE

KIND = "reconciliation"
THRESHOLD, FLOOR, FIRST_DAY, SECOND_DAY = "threshold-percent", "batch-floor", "first-day", "second-day"
DEFAULTS = {THRESHOLD: 5, FLOOR: 5, FIRST_DAY: DAYS[0], SECOND_DAY: DAYS[1]}
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
    change(OFFICE, KIND, changed)


def days() -> tuple[int, int]:
    """Return the days of the month on which a regular reconciliation is due."""
    known = numbers()
    return known[FIRST_DAY], known[SECOND_DAY]
