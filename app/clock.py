"""The one place that asks what time it is. Times in tables are UTC without a zone; days are the organisation's."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
_ZONE: ContextVar[ZoneInfo] = ContextVar("zone", default=BERLIN)


def utc_now() -> datetime:
    """Return the time in UTC, without a zone, as every table keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def today(zone: ZoneInfo | None = None) -> date:
    """Return the day in the organisation's time zone (UTC where none is given)."""
    return datetime.now(zone or UTC).date()


def keep_to(zone: ZoneInfo) -> None:
    """Say in which zone the organisation's days are counted, at the beginning of a request or a command."""
    _ZONE.set(zone)


def day_of(moment: datetime) -> date:
    """Return the organisation's day of a moment in UTC: between its midnight and Greenwich's the two have different dates."""
    return moment.replace(tzinfo=UTC).astimezone(_ZONE.get()).date()
