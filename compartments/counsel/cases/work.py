"""What counsellors do with a case: write, agree on steps, keep dates, close. Each function is one transaction of the vault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.clock import day_of
from compartments.counsel.cases import answers, deadlines, due
from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.head import Head
from compartments.counsel.cases.incoming import write_slots
from compartments.counsel.cases.models import CLOSED, OPEN, Case
from compartments.counsel.cases.opened import Entry, Kind, NoCase, OpenCase, in_one_piece
from compartments.counsel.cases.unfolding import ERASE_ON_REQUEST_AFTER, without_a_wish
from compartments.counsel.incidents import service as incidents
from keys import cases
from keys.randomness import new_id

WRITTEN = (Kind.NOTE, Kind.CONTACT, Kind.NEED, Kind.STEP, Kind.SAFETY, Kind.FOLLOW_UP)
"""What counsellors write themselves, and may change."""


class SpokenMeanwhile(Exception):
    """Since the page was opened that this was sent from, the person has written or a colleague has answered."""


def write(
    case: OpenCase, kind: Kind, data: Mapping[str, Any], *, entry_id: str, now: datetime
) -> Entry | None:
    """Write down something; None where this form has done so already."""
    with in_one_piece():
        data = {**data, "counted": new_id()} if kind == Kind.CONTACT else data
        entry = case.add(kind, data, now=now, by=case.reader, entry_id=entry_id)
        if kind == Kind.CONTACT:
            incidents.settle(case)
        due.note_next(case, now)
    return entry


def rewrite(case: OpenCase, entry_id: str, data: Mapping[str, Any], *, version: int, now: datetime) -> Entry:
    """Change something that counsellors wrote; a talk's count follows. A colleague's words stay readable behind the new ones.

    Raises :class:`~.opened.ChangedMeanwhile` and :class:`~.opened.NoCase`.
    """
    with in_one_piece():
        present = case.entry(entry_id)
        kept = {**present.data, **data, "changed_at": now.isoformat(timespec="minutes")}
        if present.by and present.by.id != case.reader.id and present.data.get("text") != data.get("text"):
            was = {"by": present.by.name, "at": _last_changed(present), "text": present.data.get("text", "")}
            kept["before"] = [*present.data.get("before", ()), was]
        changed = case.change(entry_id, kept, version=version, now=now, by=case.reader)
        if changed.kind == Kind.CONTACT:
            incidents.settle(case)
        due.note_next(case, now)
    return changed


def tick_off(case: OpenCase, entry_id: str, *, now: datetime) -> None:
    """Note that a reminder, an agreed step or a need is done; nothing where it is already. Raises :class:`~.opened.NoCase`."""
    with in_one_piece():
        entry = case.entry(entry_id)
        done = {"done_on": day_of(now).isoformat()} if entry.kind == Kind.FOLLOW_UP else {"done": True}
        if entry.kind in due.TICKED_OFF and not entry.data.get(next(iter(done))):
            by = {"ticked_off": {"by": case.reader.name, "on": day_of(now).isoformat()}}
            case.change(entry_id, {**entry.data, **done, **by}, version=entry.version, now=now, by=None)
            due.note_next(case, now)


def _last_changed(entry: Entry) -> str:
    return str(entry.data.get("changed_at") or entry.at)


def reply(
    case: OpenCase, text: str, *, entry_id: str, now: datetime, tells: bool = False, said: int | None = None
) -> Entry | None:
    """Answer the person, and count it; ``tells``: it says what was done about a report; ``said``: how much had been said (:func:`spoken`) on the
    page on which it was written. Raises :class:`SpokenMeanwhile` where that is more by now, and :class:`~.answers.NoWayBack`.
    """
    with in_one_piece():
        if not case.has_entry(entry_id):
            _nothing_since(case, said)
        entry = answers.answer(case, text, entry_id=entry_id, now=now, counted=new_id(), tells=tells)
        incidents.settle(case)
        due.note_next(case, now)
    return entry


def spoken(case: OpenCase) -> int:
    """Return how many words have gone to and fro."""
    return len(case.entries(Kind.RECEIVED, Kind.ANSWER))


def _nothing_since(case: OpenCase, said: int | None) -> None:
    """Raise :class:`SpokenMeanwhile` where more was said by now."""
    if said is not None and said != spoken(case):
        raise SpokenMeanwhile


def take(case: OpenCase, *, now: datetime) -> None:
    """Be the one who is in charge; the others go on reading."""
    with in_one_piece():
        if case.head.in_charge != case.reader.id:
            case.set_head(case.head.but(in_charge=case.reader.id), now=now)
            case.add(Kind.EVENT, {"what": "taken"}, now=now, by=case.reader)
            answers.tell(case, None, now=now)


def hand_over(case: OpenCase, account: str, *, now: datetime) -> None:
    """Let another reader be in charge. Raises ``LookupError`` for somebody who doesn't read the case."""
    with in_one_piece():
        name = case.head.readers[account]
        if case.head.in_charge != account:
            case.set_head(case.head.but(in_charge=account), now=now)
            case.add(Kind.EVENT, {"what": "handed-over", "with": name}, now=now, by=case.reader)
            answers.tell(case, None, now=now)


def strike(case: OpenCase, entry_id: str, *, now: datetime) -> None:
    """Take back something that one has written oneself, in the wrong case, say: its words go, that it was there stays.

    Raises :class:`~.opened.NoCase` for what somebody else wrote, or what isn't written by hand.
    """
    with in_one_piece():
        entry = case.entry(entry_id)
        if not may_strike(case, entry):
            raise NoCase(entry_id)
        case.strike_out(entry_id, now=now)
        case.add(Kind.EVENT, {"what": "struck", "kind": str(entry.kind)}, now=now, by=case.reader)
        incidents.forget(str(entry.data.get("counted", "")))
        incidents.settle(case)
        due.note_next(case, now)


def may_strike(case: OpenCase, entry: Entry) -> bool:
    """Whether this reader wrote it, alone and by hand."""
    mine = entry.by is not None and entry.by.id == case.reader.id
    return entry.kind in WRITTEN and mine and not entry.data.get("before")


def describe(case: OpenCase, *, title: str, whistleblower: bool, now: datetime, reason: str = "") -> None:
    """Give the case a name that only its readers see, and say whether the whistleblower law applies, and why."""
    with in_one_piece():
        head = case.head
        told = head.whistleblower != whistleblower
        case.set_head(head.but(title=title, whistleblower=whistleblower), now=now)
        if told:
            what = "law-applies" if whistleblower else "law-does-not-apply"
            case.add(Kind.EVENT, {"what": what, "text": reason}, now=now, by=case.reader)
            _erase_by_law(case, now)
            answers.tell(case, None, now=now)
        due.note_next(case, now)


def seen(case: OpenCase, *, now: datetime, said: int | None = None) -> None:
    """Nothing of what came is new any more. ``said`` as for :func:`reply`; raises :class:`SpokenMeanwhile`."""
    if case.head.unread:
        with in_one_piece():
            _nothing_since(case, said)
            case.set_head(case.head.but(unread=0), now=now)


def write_record(
    case: OpenCase, text: str, *, entry_id: str, version: int | None, now: datetime
) -> Entry | None:
    """Put what was talked about into words, for the person to confirm or correct. ``version``: of the record that this one follows."""
    with in_one_piece():
        records = case.entries(Kind.RECORD)
        data = {"text": text, "decision": "asked"}
        if not records:
            entry = case.add(Kind.RECORD, data, now=now, by=case.reader, entry_id=entry_id)
        else:
            known = records[-1]
            entry = case.change(known.id, data, version=version or 0, now=now, by=case.reader)
        answers.tell(case, None, now=now)
    return entry


def closing_day(case: OpenCase, ended: date) -> date:
    """Return the day on which everything is erased in a case that ends on ``ended``: it follows from the law, or from what the person asked for."""
    return _as_wished(case) or deadlines.erase_on(ended, whistleblower=case.head.whistleblower)


def close(case: OpenCase, *, text: str, now: datetime, word: str = "", said: int | None = None) -> None:
    """End the work. ``word`` is a last answer to the person; ``said`` as for :func:`reply`. Raises :class:`SpokenMeanwhile`."""
    with in_one_piece():
        _nothing_since(case, said)
        if word and case.head.reach is not None:
            reply(case, word, entry_id=new_id(), now=now)
        day = day_of(now)
        erase_on = closing_day(case, day)
        ended = {"state": CLOSED, "closed_on": day, "erase_on": erase_on, "woken": False}
        Case.update(ended).where(Case.id == case.id).execute()
        case.row = Case.get_by_id(case.id)
        case.set_head(case.head.but(unread=0), now=now)
        case.add(Kind.EVENT, {"what": "closed", "text": text}, now=now, by=case.reader)
        due.note_next(case, now)
        answers.tell(case, None, now=now)


def reopen(case: OpenCase, *, now: datetime) -> None:
    """Go on with a case that was closed."""
    with in_one_piece():
        Case.update(state=OPEN, closed_on=None, erase_on=_as_wished(case)).where(Case.id == case.id).execute()
        case.row = Case.get_by_id(case.id)
        case.add(Kind.EVENT, {"what": "reopened"}, now=now, by=case.reader)
        due.note_next(case, now)
        answers.tell(case, None, now=now)


def begin(desk: Desk, head: Head, first_words: str, *, talked_on: date, entry_id: str, now: datetime) -> str:
    """Open a case after a talk, without a receipt, and count that talk; return the case's id. The officer alone reads it until they share it."""
    case_id, key, day = entry_id or new_id(), cases.new_case_key(), day_of(now)
    with in_one_piece():
        if Case.select().where(Case.id == case_id).exists():
            return case_id
        Case.create(id=case_id, opened_on=day, changed_on=day)
        _own_slots(desk, case_id, key)
        case = OpenCase(Case.get_by_id(case_id), key, desk.author)
        me = {desk.author.id: desk.author.name}
        case.set_head(
            head.but(readers=me, in_charge=desk.author.id, received_on=talked_on.isoformat(), reach=None),
            now=now,
        )
        talk = {"text": first_words, "day": talked_on.isoformat(), "channel": head.origin}
        write(case, Kind.CONTACT, talk, entry_id=new_id(), now=now)
    return case_id


def _as_wished(case: OpenCase) -> date | None:
    """The day of an erasure that the person has asked for: whatever becomes of the case, they were told it."""
    head, row = case.head, Case.get_by_id(case.id)
    wished: date | None = row.erase_on if head.erasure_wanted and not head.whistleblower else None
    return wished


def _erase_by_law(case: OpenCase, now: datetime) -> None:
    """Let the day of the erasure follow from whether the whistleblower law applies: neither before the law lets it, nor after a wish."""
    head = case.head
    erase_on = without_a_wish(case, whistleblower=head.whistleblower)
    if head.erasure_wanted and not head.whistleblower:
        # Counted from the wish: who says that the law applies, and takes that back, moves nothing.
        wished = max(_wished_on(case) + ERASE_ON_REQUEST_AFTER, *_put_off(case), day_of(now))
        erase_on = min(wished, erase_on or wished)
    Case.update(erase_on=erase_on).where(Case.id == case.id).execute()
    case.row = Case.get_by_id(case.id)


def _wished_on(case: OpenCase) -> date:
    """The day on which the newest wish to be erased was read."""
    wishes = [one for one in case.entries(Kind.RECEIVED) if one.data["what"] == "erase"]
    return day_of(datetime.fromisoformat(wishes[-1].at))


def _put_off(case: OpenCase) -> list[date]:
    """The days to which an erasure was put off, with a reason, since the person wished it."""
    put_off = [one for one in case.entries(Kind.EVENT) if one.data["what"] == "kept-longer"]
    since = _wished_on(case)
    return [
        date.fromisoformat(one.data["until"])
        for one in put_off
        if day_of(datetime.fromisoformat(one.at)) >= since
    ]


def _own_slots(desk: Desk, case_id: str, key: bytes) -> None:
    to = desk.others[desk.author.id].sealing_key
    write_slots(case_id, [cases.seal_slot(key, case=case_id, epoch=1, to=to)], epoch=1)
    desk.ring.hold(case_id, 1, key)
