"""What is still to do in a case, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from compartments.counsel.cases import deadlines
from compartments.counsel.cases.models import CLOSED
from compartments.counsel.cases.opened import Entry, Kind, OpenCase

TICKED_OFF = (Kind.NEED, Kind.STEP, Kind.FOLLOW_UP)
"""What one press says to be done."""
REFERRED = "referral"
"""The step outside that somebody answers."""


@dataclass(frozen=True)
class Due:
    """A date of a case. ``what``: "follow-up", "step", "acknowledge", "answer" or "erase"; ``entry``: what is ticked off when it is done."""

    what: str
    on: date
    text: str = ""
    entry: str = ""


def dates(case: OpenCase) -> list[Due]:
    """Return what is due, earliest first."""
    head = case.head
    if case.row.state == CLOSED:
        return [Due("erase", case.row.erase_on)] if case.row.erase_on else []
    found = [
        Due(str(one.kind), date.fromisoformat(day), one.data["text"], one.id)
        for one in case.entries(Kind.FOLLOW_UP, Kind.STEP)
        if is_open(one) and (day := one.data.get("due_on") or one.data.get("until"))
    ]
    if head.whistleblower and head.received_on:
        received = date.fromisoformat(head.received_on)
        acknowledged = date.fromisoformat(head.acknowledged_on) if head.acknowledged_on else None
        if acknowledged is None:
            found.append(Due("acknowledge", received + deadlines.ACKNOWLEDGE_WITHIN))
        if not head.told_on:
            found.append(Due("answer", deadlines.answer_by(received, acknowledged)))
    return sorted(found, key=lambda one: (one.on, one.what))


def still_to_do(case: OpenCase) -> list[Entry]:
    """Return what is open and has no date: needs, steps, and referrals that nobody has answered; oldest first."""
    found = case.entries(Kind.NEED, Kind.STEP, Kind.REFERRAL)
    return [one for one in found if is_open(one) and not one.data.get("until")]


def is_open(entry: Entry) -> bool:
    """Whether something is still to be done about an entry."""
    if entry.kind in {Kind.NEED, Kind.STEP}:
        return not entry.data.get("done")
    if entry.kind == Kind.FOLLOW_UP:
        return not entry.data.get("done_on")
    return entry.kind == Kind.REFERRAL and entry.data["step"] == REFERRED and not entry.data["answered_on"]


def note_next(case: OpenCase, now: datetime) -> None:
    """Let the first sheet say which date is the next, for the list and the start page."""
    found = dates(case)
    on, what = (found[0].on.isoformat(), found[0].what) if found else (None, "")
    if (case.head.due_on, case.head.due_what) != (on, what):
        case.set_head(case.head.but(due_on=on, due_what=what), now=now)


def as_calendar(days: Iterable[date], today: date, *, title: str, look_in: str) -> str:
    """Return these days as a calendar file (RFC 5545), each once and with an alarm in its morning, and a look into the office every week.

    Somebody else may see the calendar: it says that something is due, and neither what nor whose. The day is its event's name, so that a newer
    file takes the place of an older one.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Schotten//EN"]
    for day in sorted(set(days)):
        lines += _event(f"{day:%Y%m%d}", max(day, today), today, title)
    lines += _event("look-in", today + timedelta(days=7), today, look_in, "RRULE:FREQ=WEEKLY")
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _event(name: str, day: date, today: date, title: str, *more: str) -> list[str]:
    alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{title}", "TRIGGER:PT9H", "END:VALARM"]
    event = [
        f"UID:{name}@counsel.schotten",
        f"DTSTAMP:{today:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
    ]
    return ["BEGIN:VEVENT", *event, *more, f"SUMMARY:{title}", "TRANSP:TRANSPARENT", *alarm, "END:VEVENT"]
