"""What is still to do in a case, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

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
    due_on = found[0].on.isoformat() if found else None
    if case.head.due_on != due_on:
        case.set_head(case.head.but(due_on=due_on), now=now)
