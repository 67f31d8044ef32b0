"""The days of the month on which a reconciliation is due, and what an office is told of them. Knows no Flask, and nothing of what is reconciled.

Each of the three offices has its own days, since none of them knows another's settings; by default they agree.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = (1, 15)
REMIND_DAYS_BEFORE = 3
SOON, TODAY, OVERDUE = "soon", "today", "overdue"


@dataclass(frozen=True)
class Reminder:
    """What is due on ``day``: ``state`` is soon, today or overdue, ``days`` how far off it is, or how late."""

    state: str
    day: date
    days: int


def last(days: Collection[int], today: date) -> date:
    """Return the latest such day up to ``today``. All of ``days`` are days that every month has."""
    month_before = today.replace(day=1) - timedelta(days=1)
    return max(one for one in _in(days, month_before, today) if one <= today)


def following(days: Collection[int], today: date) -> date:
    """Return the next such day after ``today``."""
    month_after = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return min(one for one in _in(days, today, month_after) if one > today)


def reminder(days: Collection[int], today: date, done: date | None) -> Reminder | None:
    """Return what to remind of, where the latest list is one of the day ``done``; None where there is nothing to say.

    A list of the days just before, when the reminder was there already, counts for the day that it was made for.
    """
    ahead = timedelta(days=REMIND_DAYS_BEFORE)
    due, coming = last(days, today), following(days, today)
    if done is None or done < due - ahead:
        late = (today - due).days
        return Reminder(OVERDUE if late else TODAY, due, late)
    if coming - today <= ahead and done < coming - ahead:
        return Reminder(SOON, coming, (coming - today).days)
    return None


def as_file(days: Collection[int], today: date, *, title: str, name: str) -> str:
    """Return the days as a calendar file (RFC 5545): one event that recurs, with an alarm as early as our own reminder.

    ``title`` is read by whoever sees the officer's calendar, so it says nothing but that something is due. ``name`` tells the file's event
    from those of other offices.
    """
    first = following(days, today)
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Schotten//EN",
        "BEGIN:VEVENT",
        f"UID:{name}@schotten",
        f"DTSTAMP:{today:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
        f"RRULE:FREQ=MONTHLY;BYMONTHDAY={','.join(str(one) for one in sorted(set(days)))}",
        f"SUMMARY:{_escaped(title)}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(title)}",
        f"TRIGGER:-P{REMIND_DAYS_BEFORE}D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    return "\r\n".join(lines)


def _in(days: Collection[int], *months: date) -> list[date]:
    return [month.replace(day=number) for month in months for number in days]


def _escaped(text: str) -> str:
    """A text as RFC 5545, 3.3.11, writes it."""
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")
