"""Takes in what people in counsel send. Whoever's request this runs in, nothing is opened here: that needs a reader of the case."""

from __future__ import annotations

import re
from datetime import date

from app import pieces
from app.clock import day_of, utc_now
from app.envelopes.letter import Letter
from app.envelopes.receiving import NotYet
from compartments.counsel.cases.models import Case, CaseLetter, CaseLetterPiece, CaseSlot
from keys import cases
from keys.randomness import shuffle

SLOTS = 8
"""A case has a multiple of so many, whoever reads it."""
MOST_SLOTS = 64
_CASE = re.compile(r"[0-9a-f]{32}")


def take_in_intake(letter: Letter) -> None:
    """Begin a case: its slots, and the sealed content. Raises ``ValueError`` or ``TypeError`` where it isn't one, which refuses it."""
    case, today = _case_of(letter), _today()
    slots = [bytes.fromhex(slot) for slot in letter.body["slots"]]
    if not 0 < len(slots) <= MOST_SLOTS or any(len(slot) != cases.SLOT_LENGTH for slot in slots):
        raise ValueError("these are no slots")
    if Case.select().where(Case.id == case).exists():
        raise ValueError("there is such a case already")
    Case.create(id=case, opened_on=today, changed_on=today)
    write_slots(case, slots, epoch=1)
    CaseLetter.create(
        id=letter.envelope_id, case=case, opens=True, received_on=today, sealed=_content(letter)
    )
    pieces.put(CaseLetterPiece, letter.envelope_id, letter.pieces())


def take_in_letter(letter: Letter) -> None:
    """Put a letter to its case. One for a case that has been erased says nothing to anybody any more."""
    case = Case.get_or_none(Case.id == _case_of(letter))
    if case is None:
        raise NotYet
    CaseLetter.create(id=letter.envelope_id, case=case, received_on=_today(), sealed=_content(letter))
    pieces.put(CaseLetterPiece, letter.envelope_id, letter.pieces())
    Case.update(changed_on=_today()).where(Case.id == case.id).execute()


def write_slots(case: str, slots: list[bytes], *, epoch: int) -> None:
    """Write a case's slots in place of older ones, among so many blind ones that their number tells nothing."""
    blind = [cases.blind_slot(case=case, epoch=epoch) for _ in range(-len(slots) % SLOTS)]
    CaseSlot.delete().where(CaseSlot.case == case).execute()
    CaseSlot.insert_many([{"case": case, "sealed": slot} for slot in shuffle([*slots, *blind])]).execute()


def _case_of(letter: Letter) -> str:
    case = letter.body["case"]
    if not isinstance(case, str) or not _CASE.fullmatch(case):
        raise ValueError("this names no case")
    return case


def _content(letter: Letter) -> bytes:
    (content,) = letter.files
    return content.content


def _today() -> date:
    return day_of(utc_now())
