"""The settings of the platform and what follows from them. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from compartments.administration.platform.connector import Address
from compartments.administration.platform.models import CONNECTION, Platform
from compartments.administration.tables import database


class ChangedMeanwhile(Exception):
    """Somebody else has saved the settings since they were read."""


def read() -> Platform:
    """Return the settings; the defaults where none were saved."""
    found: Platform | None = Platform.get_or_none()
    return found or Platform(id=1, revision=0)


def save(values: Mapping[str, Any], *, revision: int) -> Platform:
    """Save the settings as read at ``revision``; raises :class:`ChangedMeanwhile`."""
    with database.atomic("IMMEDIATE"):
        settings = read()
        if settings.revision != revision:
            raise ChangedMeanwhile
        for name, value in values.items():
            setattr(settings, name, value)
        settings.revision = revision + 1
        settings.save(force_insert=revision == 0)
        return settings


def is_connected(settings: Platform) -> bool:
    """Whether the platform is reached by a connection, and not by files."""
    return settings.way == CONNECTION and bool(settings.host and settings.dbname)


def address(settings: Platform) -> Address:
    """Return where the platform is."""
    return Address(
        settings.host, settings.dbname, settings.user, settings.password, settings.port, settings.sslmode
    )


def numbers(text: str) -> list[int]:
    """Return the numbers in a list that somebody typed ("1, 15"); raises ``ValueError``."""
    return [int(part) for part in text.replace(";", ",").split(",") if part.strip()]


def expiry(settings: Platform, day: date) -> date | None:
    """Return from which day on a code created today is not to be used for the first time."""
    return day + timedelta(days=settings.expires_after_days) if settings.expires_after_days else None


def as_moment(day: date | None) -> datetime | None:
    """Return the beginning of a day, as the platform stores it."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
