"""What is counted of a case: its talks and its steps outside, worked out of the case each time, so that the counts follow what is corrected there.

A row says of itself for which margins of its table it is the first one of its person in its year. So the report can tell how many different
people stand behind a number, while no two rows can be seen to be one person's. Knows no Flask.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.clock import day_of
from compartments.counsel.cases.opened import Entry, Kind, OpenCase
from compartments.counsel.incidents.models import Consultation, Outward

ONLINE = "online"


@dataclass(frozen=True)
class Talk:
    """A talk, or an answer on the page. ``counted`` is the id of its row."""

    counted: str
    day: date
    channel: str


def half_of(day: date) -> str:
    """Return the half-year of a day, such as "2026-1"."""
    return f"{day.year}-{1 if day.month <= 6 else 2}"  # noqa: PLR2004


def talks(case: OpenCase) -> list[Talk]:
    """Return the talks of a case in the order of their days. The first of them is the first talk with this person, whoever wrote it down when."""
    found = [_talk(entry) for entry in case.entries(Kind.CONTACT, Kind.ANSWER) if entry.data.get("counted")]
    return sorted(found, key=lambda one: one.day)


def recount(case: OpenCase) -> None:
    """Let the rows be what the case is now. Call it in a transaction, and only where the person agrees to be counted."""
    _count_talks(case)
    _count_steps(case)


def _talk(entry: Entry) -> Talk:
    if entry.kind == Kind.ANSWER:
        return Talk(str(entry.data["counted"]), day_of(datetime.fromisoformat(entry.at)), ONLINE)
    return Talk(str(entry.data["counted"]), date.fromisoformat(entry.data["day"]), str(entry.data["channel"]))


def _count_talks(case: OpenCase) -> None:
    seen: set[tuple[Any, ...]] = set()
    for place, talk in enumerate(talks(case)):
        first, year = place == 0, talk.day.year
        row = {
            "half": half_of(talk.day),
            "first": first,
            "channel": talk.channel,
            "new_here": _is_new(seen, year, first, talk.channel),
            "new_by_turn": _is_new(seen, year, first),
            "new_by_channel": _is_new(seen, year, talk.channel),
            "new_in_year": _is_new(seen, year),
        }
        Consultation.insert(id=talk.counted, **row).on_conflict_replace().execute()


def _count_steps(case: OpenCase) -> None:
    seen: set[tuple[Any, ...]] = set()
    steps = [one.data for one in case.entries(Kind.REFERRAL) if one.data.get("counted")]
    for step in sorted(steps, key=lambda one: str(one["done_on"])):
        day = date.fromisoformat(step["done_on"])
        row = {
            "half": half_of(day),
            "step": step["step"],
            "new_by_step": _is_new(seen, day.year, step["step"]),
            "new_in_year": _is_new(seen, day.year),
        }
        Outward.insert(id=step["counted"], **row).on_conflict_replace().execute()


def _is_new(seen: set[tuple[Any, ...]], *margin: Any) -> bool:
    new = margin not in seen
    seen.add(margin)
    return new
