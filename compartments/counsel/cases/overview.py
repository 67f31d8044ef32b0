"""What waits for a counsellor: new letters, withdrawn consents, dates, wishes to be erased, cases that nobody else could read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.head import Head
from compartments.counsel.cases.models import OPEN, Case, CaseLetter, ReadsAlone
from compartments.counsel.cases.opened import NoCase, OpenCase, open_several

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Overview:
    """The officer's open cases by what they ask for."""

    new: Sequence[tuple[OpenCase, Head]]
    recalled: Sequence[tuple[OpenCase, Head]]
    due: Sequence[tuple[OpenCase, Head]]
    to_erase: Sequence[tuple[OpenCase, Head]]
    mine_alone: Sequence[tuple[OpenCase, Head]]
    nobodys: Sequence[tuple[OpenCase, Head]]
    open: int


def of(desk: Desk, day: date, *, now: datetime) -> Overview:
    """Look through the officer's open cases. Opens each one's first sheet, and takes in what has come; nothing else.

    A closed case is among them while a letter of somebody who has written again is unread, or a withdrawn consent has to be passed on.
    """
    waiting = {row.case_id for row in CaseLetter.select(CaseLetter.case).where(CaseLetter.refused == "")}
    awake = (Case.state == OPEN) | Case.woken | Case.id.in_(list(waiting))
    rows = Case.select().where(awake).order_by(Case.changed_on.desc(), Case.id)
    heads = [
        (case, head)
        for case, sheet in open_several(desk.ring, rows, desk.author)
        if (head := _unfolded(desk, case, now) if case.id in waiting else sheet)
        and (case.row.state == OPEN or head.unread or head.recalls)
    ]
    until = (day + SOON).isoformat()
    due = [(case, head) for case, head in heads if head.due_on and head.due_on <= until]
    return Overview(
        new=[(case, head) for case, head in heads if head.unread or case.id in waiting],
        recalled=[(case, head) for case, head in heads if head.recalls],
        due=sorted(due, key=lambda one: str(one[1].due_on)),
        to_erase=[(case, head) for case, head in heads if head.erasure_wanted],
        mine_alone=[(case, head) for case, head in heads if _alone(desk, head)],
        nobodys=[(case, head) for case, head in heads if head.in_charge is None],
        open=sum(case.row.state == OPEN for case, _ in heads),
    )


def days_of(desk: Desk) -> list[date]:
    """Return the next day of each of the officer's open cases in which something is due."""
    rows = Case.select().where(Case.state == OPEN)
    heads = [head for _case, head in open_several(desk.ring, rows, desk.author) if head is not None]
    return [date.fromisoformat(head.due_on) for head in heads if head.due_on]


def note_alone(desk: Desk, found: Overview, day: date) -> None:
    """Write down for the colleagues how many cases nobody but this officer reads: their number, and nothing else of them."""
    number, present = len(found.mine_alone), ReadsAlone.get_or_none(ReadsAlone.account == desk.author.id)
    if present is None or (present.cases, present.counted_on) != (number, day):
        row = {"account": desk.author.id, "cases": number, "counted_on": day}
        ReadsAlone.insert(row).on_conflict_replace().execute()


def alone(account: str) -> ReadsAlone | None:
    """Return how many cases would be lost with an officer, as of their last visit; None where there were none."""
    found: ReadsAlone | None = ReadsAlone.get_or_none(ReadsAlone.account == account, ReadsAlone.cases > 0)
    return found


def _unfolded(desk: Desk, case: OpenCase, now: datetime) -> Head | None:
    """Take in what has come, a withdrawal say. None for one whose intake didn't open (:mod:`.unreadable`), or that isn't theirs any more."""
    try:
        return desk.open(case.id, now=now).head
    except NoCase:
        return None


def _alone(desk: Desk, head: Head) -> bool:
    return not (set(head.readers) & set(desk.others)) - {desk.author.id}
