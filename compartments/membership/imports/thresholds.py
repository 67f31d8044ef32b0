"""From how many people on an import, or its undoing, takes a second officer. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping

from compartments.membership.settings import change, kept
from compartments.membership.tables import OFFICE

KIND = "import-threshold"
PERCENT, LEAST = "percent", "least"
DEFAULTS = {PERCENT: 5, LEAST: 10}
BOUNDS = {PERCENT: (0, 100), LEAST: (1, 100_000)}


def numbers() -> dict[str, int]:
    """Return the percentage of members and the least number."""
    return {**DEFAULTS, **(kept(OFFICE, KIND) or {})}


def save(changed: Mapping[str, int]) -> None:
    """Agree on others; raises ``ValueError`` outside their bounds."""
    for name, number in changed.items():
        least, most = BOUNDS[name]
        if not least <= number <= most:
            raise ValueError(name)
    change(OFFICE, KIND, changed)


def exceeded(removed: int, members: int) -> bool:
    """Whether so many removals and locks, out of so many members, take a second officer."""
    agreed = numbers()
    return removed >= agreed[LEAST] and removed * 100 > agreed[PERCENT] * members
