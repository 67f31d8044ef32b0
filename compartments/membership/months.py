"""Months, as dues are counted: paid until the end of a month, and in arrears by the months begun since. Holds no data."""

from __future__ import annotations

from datetime import date, timedelta


def end_of_month(day: date) -> date:
    """Return the last day of a day's month."""
    return _before_first(day.year * 12 + day.month)


def months_later(end: date, months: int) -> date:
    """Return the end of the month that many months after ``end``, or before it where negative. Stops at the calendar's ends."""
    return _before_first(end.year * 12 + end.month + months)


def owed_from(entered_on: date) -> date:
    """Return until when nothing is owed: the end of the month before the entry."""
    return months_later(entered_on, -1)


def between(paid_until: date, day: date) -> int:
    """Return the months begun since ``paid_until``, that of ``day`` included; negative where somebody has paid ahead."""
    return (day.year - paid_until.year) * 12 + day.month - paid_until.month


def arrears(paid_until: date, day: date, dues_cents: int | None) -> int:
    """Return how many months somebody is in arrears on ``day``. Who owes nothing is in none."""
    return 0 if dues_cents == 0 else max(0, between(paid_until, day))


def latest_paid(day: date, months: int) -> date:
    """Return until when somebody has paid who is ``months`` months in arrears on ``day``."""
    return months_later(day, -months)


def _before_first(month: int) -> date:
    """The day before the first of the month after ``month``, counted from the year 0."""
    following = min(max(month, 13), 9998 * 12)
    return date(following // 12, following % 12 + 1, 1) - timedelta(days=1)
