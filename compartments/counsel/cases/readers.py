"""Who reads a case: sharing it, stepping out of it, and the change of its key when somebody leaves.

A case's key is only ever sealed to counsellors that the vault itself knows. When the key changes, everything in the case is sealed anew, old
slots are gone, and the person is told the new address for letters. Whoever has left holds a key that opens nothing any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app import faultpoints
from compartments.counsel.cases import answers
from compartments.counsel.cases.incoming import write_slots
from compartments.counsel.cases.keyring import Ring
from compartments.counsel.cases.models import Case
from compartments.counsel.cases.opened import Kind, OpenCase, in_one_piece
from compartments.counsel.cases.unfolding import GIVEN, REFUSED, WITHDRAWN
from compartments.counsel.colleagues import Colleague, ended, same_people
from keys import cases


class LeftOut(ValueError):
    """The person, or a conflict of interest, has excluded this counsellor from the case."""


class LastReader(ValueError):
    """Nobody else reads this case: it would be lost. Hand it over first."""


class NoColleague(LookupError):
    """There is no such active counsellor, or their keys aren't those known here."""


def admit(
    case: OpenCase, ring: Ring, account: str, others: Mapping[str, Colleague], *, now: datetime
) -> None:
    """Let a colleague read the case. Consent is asked for before (compartments.counsel.consents).

    The case gets a new key: its number makes everybody's keyring try the slots again.

    Raises :class:`LeftOut` and :class:`NoColleague`.
    """
    with in_one_piece():
        case.must_be_current()
        head = case.head
        if account in same_people(head.excluded):
            raise LeftOut(account)
        if account not in others:
            raise NoColleague(account)
        readers = {**head.readers, account: others[account].name}
        case.set_head(head.but(readers=readers), now=now)
        case.add(Kind.EVENT, {"what": "shared", "with": others[account].name}, now=now, by=case.reader)
        _change_key(case, readers, others, now)
        ring.hold(case.id, case.row.epoch, case.key)


def step_out(
    case: OpenCase, ring: Ring, others: Mapping[str, Colleague], *, reason: str, now: datetime
) -> None:
    """Leave a case for ever, for a conflict of interest or because somebody else goes on. Raises :class:`LastReader`."""
    me = case.reader.id
    with in_one_piece():
        case.must_be_current()
        head = case.head
        left = {account: name for account, name in head.readers.items() if account != me}
        if not set(left) & set(others):
            raise LastReader(case.id)
        event = {"what": "stepped-out", "reason": reason}
        case.add(Kind.EVENT, event, now=now, by=case.reader)
        in_charge = None if head.in_charge == me else head.in_charge
        excluded = {**head.excluded, me: case.reader.name}
        case.set_head(head.but(readers=left, excluded=excluded, in_charge=in_charge), now=now)
        _change_key(case, left, others, now)
        ring.drop(case.id)
        faultpoints.reached("case.step-out.before-commit")


def renew_if_left(case: OpenCase, ring: Ring, others: Mapping[str, Colleague], *, now: datetime) -> bool:
    """Change the key where somebody has to lose it, or has no part of it; return whether it was necessary.

    It is lost by who is no counsellor any more, for good, and by a colleague who read the case on a consent that the person has withdrawn. Who is
    only missing at present (their published keys aren't those known here) stays a reader: they get the key again as soon as they are back.
    """
    head = case.head
    left, withdrawn = ended(set(head.readers) - set(others)), _withdrawn(case)
    without = set(head.sealed_to) and set(head.readers) & set(others) - set(head.sealed_to)
    going = left | withdrawn
    # A key that is sealed to nobody loses the case, whatever the shared layer says of its readers' accounts.
    if not (going or without) or not (set(head.readers) - going) & set(others):
        return False
    with in_one_piece():
        case.must_be_current()
        for what, accounts in (("left", left), ("consent-ended", withdrawn)):
            if names := sorted(head.readers[account] for account in accounts):
                case.add(Kind.EVENT, {"what": what, "who": names}, now=now, by=None)
        stay = {account: name for account, name in head.readers.items() if account not in going}
        in_charge = None if head.in_charge in going else head.in_charge
        case.set_head(case.head.but(readers=stay, in_charge=in_charge), now=now)
        _change_key(case, stay, others, now)
        if case.reader.id in stay:
            ring.hold(case.id, case.row.epoch, case.key)
        else:
            ring.drop(case.id)
    return True


def _withdrawn(case: OpenCase) -> set[str]:
    """Colleagues who read the case on a consent that isn't in force any more."""
    head = case.head
    if not head.recalls:
        return set()
    asked = [one.data for one in case.entries(Kind.CONSENT) if one.data.get("account") in head.readers]
    given = {one["account"] for one in asked if one["decision"] == GIVEN}
    return {one["account"] for one in asked if one["decision"] in {WITHDRAWN, REFUSED}} - given


def only_reader(case: OpenCase, others: Mapping[str, Colleague]) -> bool:
    """Whether the case would be lost without the officer whose request this is."""
    return not (set(case.head.readers) & set(others)) - {case.reader.id}


def _change_key(
    case: OpenCase, readers: Mapping[str, str], others: Mapping[str, Colleague], now: datetime
) -> None:
    head = case.head
    old = case.inbox.to_bytes().hex()
    sealed_to = [account for account in readers if account in others]
    case.set_head(head.but(old_inboxes=[*head.old_inboxes, old], sealed_to=sealed_to), now=now)
    key, epoch = cases.new_case_key(), case.row.epoch + 1
    case.seal_anew(key, epoch)
    write_slots(case.id, _slots(key, case.id, epoch, readers, others), epoch=epoch)
    Case.update(epoch=epoch, renew=False).where(Case.id == case.id).execute()
    answers.tell(case, None, now=now)


def _slots(
    key: bytes, case: str, epoch: int, readers: Mapping[str, str], others: Mapping[str, Colleague]
) -> list[bytes]:
    return [
        cases.seal_slot(key, case=case, epoch=epoch, to=others[account].sealing_key)
        for account in readers
        if account in others
    ]
