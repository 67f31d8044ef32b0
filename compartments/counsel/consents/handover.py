"""Who else comes to read a case; and one whose only reader can't go on with it. Knows no Flask.

Then the person is told and asked at once, and whoever takes over comes in as the other goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from compartments.counsel.cases import answers, readers
from compartments.counsel.cases.keyring import Ring
from compartments.counsel.cases.opened import Entry, Kind, OpenCase, in_one_piece
from compartments.counsel.cases.unfolding import ASKED
from compartments.counsel.colleagues import Colleague, same_people
from compartments.counsel.consents import service
from compartments.counsel.consents.service import COLLEAGUE, EVERYTHING
from compartments.counsel.incidents import service as incidents
from keys.randomness import new_id


def waiting_to_come_in(case: OpenCase) -> list[Entry]:
    """Return the consents in force to let a colleague in who doesn't read the case yet, and may."""
    known = {*case.head.readers, *same_people(case.head.excluded)}
    return [one for one in service.in_force(case, COLLEAGUE) if one.data["account"] not in known]


def asked(case: OpenCase) -> list[Entry]:
    """Return the questions about a colleague on which the person hasn't decided yet."""
    consents = [one for one in case.entries(Kind.CONSENT) if one.data["step"] == COLLEAGUE]
    return [one for one in consents if one.data["decision"] == ASKED]


def tell(
    case: OpenCase, text: str, colleague: Colleague | None, *, purpose: str, entry_id: str, now: datetime
) -> None:
    """Tell the person that one can't go on, and ask whether ``colleague`` may take over; once for a form that is sent twice."""
    with in_one_piece():
        told = answers.answer(case, text, entry_id=entry_id, now=now)
        if told is not None and colleague is not None:
            service.ask(
                case, COLLEAGUE, colleague.name, EVERYTHING, entry_id=new_id(), now=now, account=colleague.account,
                purpose=purpose,
            )  # fmt: skip


def take_over(
    case: OpenCase,
    ring: Ring,
    consent_id: str,
    others: Mapping[str, Colleague],
    *,
    reason: str,
    now: datetime,
) -> None:
    """Let the colleague of a consent in, put them in charge, and step out. Raises what letting in raises, and then nothing has happened."""
    with in_one_piece():
        account = incidents.let_in(case, ring, consent_id, others, now=now)
        case.set_head(case.head.but(in_charge=account), now=now)
        readers.step_out(case, ring, others, reason=reason, now=now)
