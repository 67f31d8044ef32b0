"""Consent is the rule: no step reaches anybody outside a case without one in force for that step, that recipient and that content.

An outward step is made *from* a consent: recipient and content are the consent's own, so they can't differ from what was agreed. What has
come in from the person is always taken in first (:meth:`compartments.counsel.cases.desk.Desk.open`), so a withdrawal counts at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.clock import day_of
from compartments.counsel.cases import answers, readers
from compartments.counsel.cases.answers import NoWayBack
from compartments.counsel.cases.keyring import Ring
from compartments.counsel.cases.opened import Entry, Kind, OpenCase, in_one_piece
from compartments.counsel.cases.unfolding import (
    ASKED,
    GIVEN,
    RECALLED_ON,
    STATISTICS,
    WITHDRAWN,
    not_counted,
    unfold,
    waits,
)
from compartments.counsel.colleagues import Colleague
from keys.randomness import new_id

REFERRAL, PASSING_ON, COLLEAGUE = "referral", "passing-on", "colleague"
STEPS = (REFERRAL, PASSING_ON, COLLEAGUE, STATISTICS)
OUTWARD = (REFERRAL, PASSING_ON)
EVERYTHING = "*"
"""What a colleague may read."""
ONLINE, SPOKEN, WRITTEN = "online", "spoken", "written"


class NoConsent(PermissionError):
    """There is no consent in force for this step, this recipient and this content."""


@dataclass(frozen=True)
class Recall:
    """A consent that the person has withdrawn, and the steps outside that were made from it while it was in force."""

    consent: Entry
    steps: Sequence[Entry]


def ask(
    case: OpenCase,
    step: str,
    recipient: str,
    content: str,
    *,
    entry_id: str,
    now: datetime,
    account: str = "",
    purpose: str = "",
) -> Entry | None:
    """Ask the person, who decides with their receipt; None where this form has asked already. Raises :class:`NoWayBack`."""
    if case.head.reach is None:
        raise NoWayBack(case.id)
    data = _data(case, step, recipient, content, account, purpose) | {
        "form": ONLINE,
        "decision": ASKED,
        "asked_on": day_of(now).isoformat(),
        "decided_on": None,
    }
    with in_one_piece():
        entry = case.add(Kind.CONSENT, data, now=now, by=case.reader, entry_id=entry_id)
        answers.tell(case, None, now=now)
    return entry


def note(
    case: OpenCase,
    step: str,
    recipient: str,
    content: str,
    *,
    form: str,
    given_on: date,
    entry_id: str,
    now: datetime,
    account: str = "",
    purpose: str = "",
) -> Entry | None:
    """Write down a consent that was given by word or on paper. The person sees it with their receipt, and can withdraw it there."""
    if form not in {SPOKEN, WRITTEN}:
        raise ValueError("a consent noted here was spoken or written")
    day = given_on.isoformat()
    data = _data(case, step, recipient, content, account, purpose) | {
        "form": form,
        "decision": GIVEN,
        "asked_on": day,
        "decided_on": day,
    }
    with in_one_piece():
        entry = case.add(Kind.CONSENT, data, now=now, by=case.reader, entry_id=entry_id)
        answers.tell(case, None, now=now)
    return entry


def withdraw(case: OpenCase, consent_id: str, *, now: datetime) -> None:
    """Take a consent back because the person said so. What they withdraw themselves arrives as a letter.

    Raises :class:`NoConsent` for one that was never given: as a withdrawn one it would let a step be noted that had been made from it.
    """
    with in_one_piece():
        entry = case.entry(consent_id)
        if entry.kind != Kind.CONSENT:
            raise NoConsent(consent_id)
        if entry.data["decision"] == WITHDRAWN:
            return
        if entry.data["decision"] != GIVEN:
            raise NoConsent(consent_id)
        known = {name: value for name, value in entry.data.items() if name != RECALLED_ON}
        data = {**known, "decision": WITHDRAWN, "decided_on": day_of(now).isoformat()}
        case.change(entry.id, data, version=entry.version, now=now, by=case.reader)
        not_counted(case, entry, day_of(now), now=now)
        head = case.head
        case.set_head(head.but(recalls=[*head.recalls, entry.id]), now=now)
        event = {"what": "withdrawn", "step": entry.data["step"], "recipient": entry.data["recipient"]}
        case.add(Kind.EVENT, event, now=now, by=case.reader)
        answers.tell(case, None, now=now)


def to_recall(case: OpenCase) -> list[Recall]:
    """Return the withdrawn consents of which nobody has drawn the consequences yet, oldest first. One that was given again has none."""
    wanted = set(case.head.recalls)
    if not wanted:
        return []
    steps = case.entries(Kind.REFERRAL)
    return [
        Recall(one, [step for step in steps if step.data["consent"] == one.id])
        for one in case.entries(Kind.CONSENT)
        if one.id in wanted and one.data["decision"] != GIVEN
    ]


def recalled(case: OpenCase, consent_id: str, *, now: datetime) -> None:
    """Note that whoever had received something knows of the withdrawal (Article 7 (3) and 19 GDPR). Raises :class:`NoConsent`."""
    with in_one_piece():
        found = next((one for one in to_recall(case) if one.consent.id == consent_id), None)
        if found is None:
            raise NoConsent(consent_id)
        consent, head = found.consent, case.head
        case.set_head(head.but(recalls=[one for one in head.recalls if one != consent_id]), now=now)
        if found.steps:
            told = {**consent.data, RECALLED_ON: day_of(now).isoformat()}
            case.change(consent_id, told, version=consent.version, now=now, by=case.reader)
            event = {"what": "recalled", "step": consent.data["step"], "recipient": consent.data["recipient"]}
            case.add(Kind.EVENT, event, now=now, by=case.reader)
            answers.tell(case, None, now=now)


def in_force(case: OpenCase, *steps: str) -> list[Entry]:
    """Return the consents in force for these steps, oldest first."""
    return [
        one
        for one in case.entries(Kind.CONSENT)
        if one.data["decision"] == GIVEN and one.data["step"] in steps
    ]


def require(case: OpenCase, consent_id: str, step: str, *, now: datetime) -> Entry:
    """Return the consent that a step is made from. Raises :class:`NoConsent` unless it is in force and for that step.

    Call it in the transaction of the step. It takes in what a colleague's request has put to the case since this one opened it: a
    withdrawal may be among it.
    """
    case.must_be_current()
    while waits(case.id):
        unfold(case, {}, now=now)
    found = next((one for one in in_force(case, step) if one.id == consent_id), None)
    if found is None:
        raise NoConsent(consent_id)
    return found


def may_count(case: OpenCase) -> bool:
    """Whether the person agrees that the case is counted, without anything that names them."""
    asked = [one for one in case.entries(Kind.CONSENT) if one.data["step"] == STATISTICS]
    return not asked or any(one.data["decision"] == GIVEN for one in asked)


def step_outside(
    case: OpenCase, consent_id: str, step: str, *, way: str, entry_id: str, now: datetime
) -> Entry | None:
    """Refer the person, or pass something on: exactly what the consent says, to exactly whom. Raises :class:`NoConsent`."""
    with in_one_piece():
        return _passed_on(case, require(case, consent_id, step, now=now), day_of(now), way, entry_id, now)


def had_happened(
    case: OpenCase, consent_id: str, *, way: str, done_on: date, entry_id: str, now: datetime
) -> Entry | None:
    """Note a step that was made before anybody here had read that the person takes the consent back: they learn of it, and the recipient has to be told.

    Raises :class:`NoConsent` where it isn't withdrawn, or never was in force.
    """
    with in_one_piece():
        consent, head = case.entry(consent_id), case.head
        if not was_in_force(case, consent):
            raise NoConsent(consent_id)
        case.set_head(
            head.but(recalls=[*(one for one in head.recalls if one != consent_id), consent_id]), now=now
        )
        if RECALLED_ON in consent.data:
            known = {name: value for name, value in consent.data.items() if name != RECALLED_ON}
            consent = case.change(consent_id, known, version=consent.version, now=now, by=case.reader)
        return _passed_on(case, consent, done_on, way, entry_id, now, late=True)


def was_in_force(case: OpenCase, consent: Entry) -> bool:
    """Whether this is a consent to a step outside that the person has taken back."""
    ended = consent.data["decision"] == WITHDRAWN or consent.id in case.head.recalls
    return consent.data.get("step") in OUTWARD and consent.data["decision"] != GIVEN and ended


def _passed_on(
    case: OpenCase,
    consent: Entry,
    done_on: date,
    way: str,
    entry_id: str,
    now: datetime,
    *,
    late: bool = False,
) -> Entry | None:
    data = {
        "step": consent.data["step"],
        "consent": consent.id,
        "recipient": consent.data["recipient"],
        "content": consent.data["content"],
        "way": way,
        "done_on": done_on.isoformat(),
        "late": late,
        "answer": "",
        "answered_on": None,
        "counted": new_id(),
    }
    entry = case.add(Kind.REFERRAL, data, now=now, by=case.reader, entry_id=entry_id)
    answers.tell(case, None, now=now)
    return entry


def made_from(case: OpenCase, consent_id: str) -> list[Entry]:
    """Return the steps outside that were made from a consent, oldest first."""
    return [one for one in case.entries(Kind.REFERRAL) if one.data["consent"] == consent_id]


def note_answer(
    case: OpenCase, referral_id: str, answer: str, *, answered_on: date, version: int, now: datetime
) -> Entry:
    """Write down what the service said. Raises :class:`~compartments.counsel.cases.opened.ChangedMeanwhile`."""
    with in_one_piece():
        entry = case.entry(referral_id)
        data = {**entry.data, "answer": answer, "answered_on": answered_on.isoformat()}
        return case.change(referral_id, data, version=version, now=now, by=case.reader)


def let_in(
    case: OpenCase, ring: Ring, consent_id: str, others: Mapping[str, Colleague], *, now: datetime
) -> str:
    """Let the colleague of a consent read the case; nothing happens where they do so already. Return their account.

    Raises :class:`NoConsent`, :class:`~compartments.counsel.cases.readers.LeftOut` and :class:`~compartments.counsel.cases.readers.NoColleague`.
    """
    with in_one_piece():
        account = str(require(case, consent_id, COLLEAGUE, now=now).data["account"])
        if account not in case.head.readers:
            readers.admit(case, ring, account, others, now=now)
    return account


def _data(
    case: OpenCase, step: str, recipient: str, content: str, account: str, purpose: str
) -> dict[str, Any]:
    if step not in STEPS:
        raise ValueError("no such step")
    return {
        "step": step,
        "recipient": recipient,
        "content": content,
        "account": account,
        "purpose": purpose,
        "asked_by": case.reader.name,
    }
