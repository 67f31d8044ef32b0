"""The one place that asks what time it is. Times in tables are UTC without a zone; days are the organisation's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def utc_now() -> datetime:
    """Return the time in UTC, without a zone, as every table keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def today(zone: ZoneInfo | None = None) -> date:
    """Return the day in the organisation's time zone (UTC where none is given)."""
    return datetime.now(zone or UTC).date()
