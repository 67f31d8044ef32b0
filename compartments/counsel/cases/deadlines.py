"""Until when something about a case is due: what the whistleblower law sets (HinSchG), counted as BGB §§ 187 and 188 count, and when a case is erased."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

ACKNOWLEDGE_WITHIN = timedelta(days=7)
"""HinSchG § 17 (1) 1, after Directive (EU) 2019/1937 article 9 (1) b: the receipt of a report is acknowledged."""
ANSWER_WITHIN_MONTHS = 3
"""HinSchG § 17 (2): three months after the acknowledgement, or after the seven days, the person learns what was done. Calendar months:
91 days would be a day late from December to March."""
ERASE_AFTER = timedelta(days=183)
"""Without any law that asks for more: half a year after the end."""
ERASE_A_REPORT_AFTER_YEARS = 3
"""HinSchG § 11 (5): three years after the procedure has ended. Calendar years: 1,096 days would be a day short or long, as leap years fall."""


def answer_by(received: date, acknowledged: date | None) -> date:
    """Return until when the person learns what was done. A late acknowledgement doesn't put it off."""
    seven_days = received + ACKNOWLEDGE_WITHIN
    return months_later(min(acknowledged or seven_days, seven_days), ANSWER_WITHIN_MONTHS)


def erase_on(ended: date, *, whistleblower: bool) -> date:
    """Return the day on which a case that ended on ``ended`` is erased."""
    return years_later(ended, ERASE_A_REPORT_AFTER_YEARS) if whistleblower else ended + ERASE_AFTER


def years_later(day: date, years: int) -> date:
    """Return the day of the same date, or the last of February where that year has no 29th."""
    return months_later(day, 12 * years)


def months_later(day: date, months: int) -> date:
    """Return the day of the same number, or the month's last where it has none (BGB § 188 (2) and (3)). ``months`` may be negative."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))
