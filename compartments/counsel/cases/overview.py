"""What waits for a counsellor: new letters, dates, wishes to be erased, cases that nobody else could read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.head import Head
from compartments.counsel.cases.models import OPEN, Case, CaseLetter
from compartments.counsel.cases.opened import OpenCase, open_case

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Overview:
    """The officer's open cases by what they ask for."""

    new: Sequence[tuple[OpenCase, Head]]
    due: Sequence[tuple[OpenCase, Head]]
    to_erase: Sequence[tuple[OpenCase, Head]]
    mine_alone: Sequence[tuple[OpenCase, Head]]
    nobodys: Sequence[tuple[OpenCase, Head]]
    open: int


def of(desk: Desk, day: date) -> Overview:
    """Look through the officer's open cases. Opens each one's first sheet, and nothing else.

    A closed case is among them while a letter waits for it: somebody has written again.
    """
    rows: Any = (
        Case.select(Case.id)
        .where((Case.state == OPEN) | Case.id.in_(CaseLetter.select(CaseLetter.case)))
        .order_by(Case.changed_on.desc(), Case.id)
        .tuples()
    )
    mine = set(desk.ring.cases)
    opened = [open_case(desk.ring, case, desk.author) for (case,) in rows if case in mine]
    waiting = {letter.case_id for letter in CaseLetter.select(CaseLetter.case)}
    # An intake that nobody has looked at yet has no first sheet.
    heads = [(case, case.head if case.has_head else Head(unread=1)) for case in opened]
    until = (day + SOON).isoformat()
    due = [(case, head) for case, head in heads if head.due_on and head.due_on <= until]
    known = [(case, head) for case, head in heads if case.has_head]
    return Overview(
        new=[(case, head) for case, head in heads if head.unread or case.id in waiting],
        due=sorted(due, key=lambda one: str(one[1].due_on)),
        to_erase=[(case, head) for case, head in heads if head.erasure_wanted],
        mine_alone=[(case, head) for case, head in known if _alone(desk, head)],
        nobodys=[(case, head) for case, head in known if head.in_charge is None],
        open=sum(case.row.state == OPEN for case, _ in heads),
    )


def _alone(desk: Desk, head: Head) -> bool:
    return not (set(head.readers) & set(desk.others)) - {desk.author.id}
