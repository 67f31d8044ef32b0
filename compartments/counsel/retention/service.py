"""Erasing a case: its key is destroyed with every slot, what was sealed goes too, and a receipt without content remains. Knows no Flask.

In the pool cover takes the place of the answers that the person has not fetched, and one last message tells them of the erasure. What a
backup still holds is bounded by how long backups are kept: a setting of the operator, and said to everybody as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app import faultpoints
from app.clock import day_of
from app.envelopes.counselling import UNREAD_FOR
from compartments.counsel.cases import answers, deadlines
from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.models import (
    Case,
    CaseEntry,
    CaseEntryPiece,
    CaseLetter,
    CaseLetterPiece,
    CaseSlot,
)
from compartments.counsel.cases.opened import Kind, NoCase, OpenCase, in_one_piece, open_case
from compartments.counsel.cases.unfolding import ERASE_ON_REQUEST_AFTER
from compartments.counsel.retention.models import ErasureReceipt
from keys.randomness import token_hex

AFTER_THE_END, AFTER_A_REPORT, ON_REQUEST, BY_HAND = (
    "after-the-end",
    "after-a-report",
    "on-request",
    "by-hand",
)
WITHOUT_A_READER_AFTER = UNREAD_FOR
REMIND = timedelta(days=30)
LONGEST_EXTENSION = timedelta(days=365)
RECEIPTS_ARE_KEPT_FOR_YEARS = 3


class KeptByLaw(ValueError):
    """The whistleblower law asks to keep this case until three years after its end (HinSchG § 11 (5))."""


@dataclass(frozen=True)
class Erased:
    """What was erased, as the receipt says it."""

    number: str
    erased_on: date
    backups_until: date


def erase(case: OpenCase, rule: str, *, backups_kept: timedelta, now: datetime, reason: str = "") -> Erased:
    """Destroy a case for good; ``reason`` is for the person. Raises :class:`KeptByLaw` before its day where the law applies."""
    with in_one_piece():
        case.must_be_current()
        # Read here: a colleague may have answered or put it off since this request opened the case.
        head = case.head
        if kept_by_law(case, day_of(now)):
            raise KeptByLaw(case.id)
        receipt = _receipt(case.id, rule, backups_kept, now)
        if head.reach is not None:
            answers.take_back(head.reach, head.answers_sent)
            answers.leave(head.reach, head.answers_sent, _told(receipt, reason, now), day=day_of(now))
        _destroy(case.id)
        faultpoints.reached("case.erase.before-commit")
    return Erased(receipt.number, receipt.erased_on, receipt.backups_until)


def kept_by_law(case: OpenCase, day: date) -> bool:
    """Whether the whistleblower law asks to keep the case beyond ``day``."""
    return case.head.whistleblower and not _is_due(case.id, day)


def erase_due(desk: Desk, *, backups_kept: timedelta, now: datetime) -> int:
    """Erase what is due: what this officer reads at once, anything else after it has waited for a reader. Returns how many cases."""
    day = day_of(now)
    due: list[Any] = list(Case.select(Case.id).where(Case.erase_on <= day))
    done = sum(_erase_if_due(desk, row.id, backups_kept, now) for row in due)
    ErasureReceipt.delete().where(
        ErasureReceipt.erased_on < deadlines.years_later(day, -RECEIPTS_ARE_KEPT_FOR_YEARS)
    ).execute()
    return done


def _erase_if_due(desk: Desk, case_id: str, backups_kept: timedelta, now: datetime) -> bool:
    """Decide in the transaction that erases: what a colleague has put off meanwhile stays."""
    day = day_of(now)
    with in_one_piece():
        if not _is_due(case_id, day):
            return False
        waited = _is_due(case_id, day - WITHOUT_A_READER_AFTER)
        fresh = (CaseLetter.case == case_id) & (CaseLetter.refused == "")
        if not waited and CaseLetter.select().where(fresh).exists():
            return False  # the person has written again: first somebody reads it
        try:
            case = open_case(desk.ring, case_id, desk.author)
        except NoCase:
            return waited and remove_unread(case_id, AFTER_THE_END, backups_kept=backups_kept, now=now)
        if not waited and case.head.unread and not case.head.erasure_wanted:
            return False  # taken in, and nobody has read it yet
        erase(case, _rule(case), backups_kept=backups_kept, now=now)
    return True


def _is_due(case_id: str, day: date) -> bool:
    return bool(Case.select().where(Case.id == case_id, Case.erase_on <= day).exists())


def remove_unread(case_id: str, rule: str, *, backups_kept: timedelta, now: datetime) -> bool:
    """Destroy a case that nobody here can read, with a receipt; return whether there was one."""
    with in_one_piece():
        if not Case.select().where(Case.id == case_id).exists():
            return False
        _receipt(case_id, rule, backups_kept, now)
        _destroy(case_id)
    return True


def keep_longer(case: OpenCase, until: date, *, reason: str, now: datetime) -> None:
    """Put an erasure off, with a reason that every reader sees and the person is told the day of.

    Raises ``ValueError`` for too late a day, for an earlier one than the present, and where there is none to put off.
    """
    if not day_of(now) <= until <= day_of(now) + LONGEST_EXTENSION:
        raise ValueError("an erasure is put off by a year at most")
    with in_one_piece():
        present = Case.get_by_id(case.id).erase_on
        if present is None or until < present:
            raise ValueError("who keeps it longer can't have it erased earlier")
        Case.update(erase_on=until).where(Case.id == case.id).execute()
        case.row.erase_on = until
        case.add(
            Kind.EVENT,
            {"what": "kept-longer", "text": reason, "until": until.isoformat()},
            now=now,
            by=case.reader,
        )
        answers.tell(case, None, now=now)


def may_be_kept_until(case: OpenCase, day: date) -> tuple[date, date] | None:
    """Return the first and the last day to which the erasure can be put off; None where there is none to put off, or only farther."""
    erase_on, latest = case.row.erase_on, day + LONGEST_EXTENSION
    return (max(erase_on, day), latest) if erase_on and erase_on <= latest else None


def upcoming(desk: Desk, day: date) -> list[tuple[OpenCase, date]]:
    """Return the officer's cases that are erased within thirty days, the next first."""
    mine = set(desk.ring.cases)
    rows: list[Any] = list(
        Case.select().where(Case.erase_on <= day + REMIND).order_by(Case.erase_on, Case.id)
    )
    return [(open_case(desk.ring, row.id, desk.author), row.erase_on) for row in rows if row.id in mine]


def receipts(most: int = 100) -> list[ErasureReceipt]:
    """Return receipts, newest first."""
    return list(
        ErasureReceipt.select().order_by(ErasureReceipt.erased_on.desc(), ErasureReceipt.number).limit(most)
    )


def periods() -> dict[str, int]:
    """Return after how many days what is erased by itself; a report by the calendar, :data:`~.deadlines.ERASE_A_REPORT_AFTER_YEARS`."""
    return {AFTER_THE_END: deadlines.ERASE_AFTER.days, ON_REQUEST: ERASE_ON_REQUEST_AFTER.days}


def _rule(case: OpenCase) -> str:
    head = case.head
    if head.erasure_wanted:
        return ON_REQUEST
    return AFTER_A_REPORT if head.whistleblower else AFTER_THE_END


def _receipt(case_id: str, rule: str, backups_kept: timedelta, now: datetime) -> ErasureReceipt:
    """It names nobody: beside day and number of pieces, whose visit erased a case would tell everybody here who read it."""
    entries = CaseEntry.select().where(CaseEntry.case == case_id).count()
    letters = CaseLetter.select().where(CaseLetter.case == case_id).count()
    receipt: ErasureReceipt = ErasureReceipt.create(
        number=token_hex(5),
        what="case",
        rule=rule,
        entries=entries + letters,
        erased_on=day_of(now),
        backups_until=day_of(now) + backups_kept,
    )
    return receipt


def _told(receipt: ErasureReceipt, reason: str, now: datetime) -> dict[str, Any]:
    return {
        "kind": "erased",
        "at": now.isoformat(timespec="minutes"),
        "from": "",
        "text": reason,
        "number": receipt.number,
        "rule": receipt.rule,
        "backups_until": receipt.backups_until.isoformat(),
    }


def _destroy(case_id: str) -> None:
    for model, beside in ((CaseEntry, CaseEntryPiece), (CaseLetter, CaseLetterPiece)):
        owners: Any = model.select(model.id).where(model.case == case_id)
        beside.delete().where(beside.owner.in_(owners)).execute()
        model.delete().where(model.case == case_id).execute()
    CaseSlot.delete().where(CaseSlot.case == case_id).execute()
    Case.delete().where(Case.id == case_id).execute()
