"""Opens what has come in for a case, once one of its readers is there: the intake becomes the first sheet, later letters become entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from itertools import accumulate
from typing import Any

from peewee import InterfaceError, OperationalError

from app import faultpoints, pieces
from app.binding import NotOpen
from app.clock import day_of, utc_now
from app.envelopes import counselling
from app.envelopes.package import Enclosed, Pieces
from app.vault.models import Alarm
from compartments.counsel.cases import answers, deadlines, says
from compartments.counsel.cases.head import Head
from compartments.counsel.cases.models import CLOSED, Case, CaseLetter, CaseLetterPiece
from compartments.counsel.cases.opened import Entry, Kind, OpenCase, in_one_piece
from compartments.counsel.tables import database
from keys.errors import CannotOpen
from keys.sealing import SealingKeyPair
from keys.signing import VerifyKey

STATISTICS = "statistics"
GIVEN, REFUSED, WITHDRAWN, ASKED = "given", "refused", "withdrawn", "asked"
RECALLED_ON = "recalled_on"
DECISIONS = (GIVEN, REFUSED, WITHDRAWN)
WISHES = ("erase", "keep")
ERASE_ON_REQUEST_AFTER = counselling.ERASED_AFTER
"""What the person asks to be erased goes by itself after so long, whether or not a counsellor finds the time."""
MOST_AT_ONCE = 16 * 1024 * 1024
"""Of files, in one transaction: what it has written is held in memory until it ends."""

Opened = tuple[CaseLetter, dict[str, Any], list[Enclosed]]


def unfold(case: OpenCase, names: Mapping[str, str], *, now: datetime, again: str = "") -> int:
    """Open the letters that wait for this case, the oldest first; return how many. ``names``: the counsellors' names by account.

    Where many come with large files some are left for the next transaction (:data:`MOST_AT_ONCE`): call it until none waits.

    One that doesn't open or says nothing sensible raises an alarm and is put aside (:mod:`.unreadable`): it must not bar the way to the case.
    ``again`` is one that was put aside and is tried once more.
    """
    if not waits(case.id, again):
        return 0
    with in_one_piece():
        # With a key that is no longer the case's nothing would open, and everything would be put away.
        case.must_be_current()
        case.row = Case.get_by_id(case.id)
        waiting = list(CaseLetter.select().where(_waiting(case.id, again)).order_by(CaseLetter.opens.desc()))
        for letter in [one for one in waiting if one.opens]:
            with _putting_aside(letter):
                said, files = counselling.open_intake(
                    bytes(letter.sealed), case.key, case.id, _beside(letter)
                )
                _begin(case, letter, said, files, names, now)
                _is_in(letter)
        later: list[Opened] = []
        for letter in [one for one in waiting if not one.opens]:
            with _putting_aside(letter):
                later.append((letter, *_open(case, letter)))
        # The order in which they came is nobody's business outside, and so it stands inside only.
        if later and case.row.state == CLOSED:
            Case.update(woken=True).where(Case.id == case.id).execute()
        later = _not_too_much(sorted(later, key=lambda one: (one[0].id != again, str(one[1].get("at")))))
        for letter, said, files in later:
            with _putting_aside(letter):
                _go_on(case, letter, said, files, now)
                _is_in(letter)
        if any(said.get("kind") in WISHES for _letter, said, _files in later):
            # The person sees from now on that it was read, and on which day everything is erased.
            answers.tell(case, None, now=now)
        faultpoints.reached("case.unfold.before-commit")
        return len(waiting)


def waits(case_id: str, again: str = "") -> bool:
    """Whether anything waits to be opened for a case, or is to be tried once more."""
    return bool(CaseLetter.select().where(_waiting(case_id, again)).exists())


def _waiting(case_id: str, again: str) -> Any:
    return (CaseLetter.case == case_id) & ((CaseLetter.refused == "") | (CaseLetter.id == again))


def _not_too_much(letters: list[Opened]) -> list[Opened]:
    """Return the first of some opened letters whose files go into one transaction, and one at least."""
    sizes = accumulate(sum(file.size for file in files) for _letter, _said, files in letters)
    return [
        one for one, size in zip(letters, sizes, strict=True) if one is letters[0] or size <= MOST_AT_ONCE
    ]


@contextmanager
def _putting_aside(letter: CaseLetter) -> Iterator[None]:
    try:
        with database.atomic():
            yield
    except (OperationalError, InterfaceError, NotOpen):
        raise
    except Exception as error:  # noqa: BLE001
        # Its sender is hostile, or this program is broken: one letter must not close the case, the list and the start page to its readers.
        if not letter.refused:
            Alarm.create(kind="refused-letter", detail=type(error).__name__, raised_at=utc_now())
        CaseLetter.update(refused=type(error).__name__).where(CaseLetter.id == letter.id).execute()


def _is_in(letter: CaseLetter) -> None:
    """Delete a letter that has become an entry."""
    pieces.remove(CaseLetterPiece, letter.id)
    CaseLetter.delete().where(CaseLetter.id == letter.id).execute()


def _beside(letter: CaseLetter) -> Pieces:
    return partial(pieces.read, CaseLetterPiece, letter.id)


def _open(case: OpenCase, letter: CaseLetter) -> tuple[dict[str, Any], list[Enclosed]]:
    """Open with the present inbox, or with one before it."""
    reach = case.head.reach
    if reach is None:
        raise ValueError("nobody can write to this case")
    signer = VerifyKey.from_bytes(bytes.fromhex(reach.signing_key))
    seeds = [bytes.fromhex(seed) for seed in case.head.old_inboxes]
    for inbox in (case.inbox, *(SealingKeyPair.from_seed(seed) for seed in reversed(seeds))):
        try:
            return counselling.open_letter(
                bytes(letter.sealed), inbox, signer, case.id, letter.id, _beside(letter)
            )
        except CannotOpen:
            continue
    raise CannotOpen("no key of this case opens the letter")


def _begin(
    case: OpenCase,
    letter: CaseLetter,
    said: Mapping[str, Any],
    files: Sequence[Enclosed],
    names: Mapping[str, str],
    now: datetime,
) -> None:
    """``said``: language, name, contact, preferred, text, guided {question: text}, chosen [account], excluded [account], statistics, and ``on``:
    the day on which it arrived here, which may be some days before the first of its readers looked.
    """
    received_on = min(date.fromisoformat(said.get("on", letter.received_on.isoformat())), letter.received_on)
    head = Head(
        language=str(said["language"])[:2],
        name=says.text(said, "name"),
        contact=says.text(said, "contact"),
        preferred=says.text(said, "preferred"),
        readers={
            account: names.get(account, "")
            for account in map(str, said["chosen"])
            if account not in map(str, said["excluded"])
        },
        excluded={account: names.get(account, "") for account in map(str, said["excluded"])},
        reach=says.reach(said),
        received_on=received_on.isoformat(),
        unread=1,
    )
    guided = {str(question): str(text)[: says.LONGEST] for question, text in dict(said["guided"]).items()}
    case.set_head(head, now=now)
    received = {
        "what": "intake",
        "at": says.written_at(said, now),
        "text": says.text(said, "text"),
        "guided": guided,
        "to": sorted(filter(None, head.readers.values())),
        "never": sorted(filter(None, head.excluded.values())),
    }
    case.add(Kind.RECEIVED, received, now=now, by=None, files=files, entry_id=letter.id)
    decision = GIVEN if said["statistics"] is True else REFUSED
    asked = {
        "step": STATISTICS,
        "recipient": "",
        "content": "",
        "form": "online",
        "decision": decision,
        "asked_on": received_on.isoformat(),
        "decided_on": received_on.isoformat(),
        "at": received["at"],
    }
    case.add(Kind.CONSENT, asked, now=now, by=None)


def _go_on(
    case: OpenCase, letter: CaseLetter, said: Mapping[str, Any], files: Sequence[Enclosed], now: datetime
) -> None:
    if case.has_entry(letter.id):
        raise ValueError("this letter was taken in before")
    what = str(said["kind"])
    received = {
        "what": what,
        "at": says.written_at(said, now),
        "text": str(said.get("text", ""))[: says.LONGEST],
    }
    head = case.head
    if what == "consent":
        before = _consent(case, str(said["consent"]))
        decision = str(said["decision"])
        _decide(case, before, decision, letter, now)
        received |= {"consent": before.id, "decision": decision}
        received |= {name: before.data[name] for name in ("step", "recipient")}
        if before.data["decision"] == GIVEN != decision:
            # A no as well as a withdrawal: the page with both buttons may have been open since before the yes.
            head = head.but(recalls=[*head.recalls, before.id])
        elif decision == GIVEN:
            head = head.but(recalls=[one for one in head.recalls if one != before.id])
    elif what == "record":
        received |= {"version": str(int(said["version"])), "decision": str(said["decision"])}
    elif what == "end":
        head = head.but(ended_by_person=True)
    elif what == "erase":
        head = head.but(erasure_wanted=True)
        _erase_soon(case, head, now)
    elif what == "keep":
        head = head.but(erasure_wanted=False)
        _erase_in_time(case, head)
    elif what != "message":
        raise ValueError("no such kind of letter")
    case.set_head(head.but(unread=head.unread + 1), now=now)
    case.add(Kind.RECEIVED, received, now=now, by=None, files=files, entry_id=letter.id)


def _erase_soon(case: OpenCase, head: Head, now: datetime) -> None:
    """What the person wants erased goes by itself, unless a law asks to keep it."""
    if head.whistleblower:
        return
    day = min(day_of(now) + ERASE_ON_REQUEST_AFTER, case.row.erase_on or date.max)
    Case.update(erase_on=day).where(Case.id == case.id).execute()
    case.row.erase_on = day


def _erase_in_time(case: OpenCase, head: Head) -> None:
    """The person has taken the wish back: what is closed goes when it would have gone without it."""
    erase_on = without_a_wish(case, whistleblower=head.whistleblower)
    Case.update(erase_on=erase_on).where(Case.id == case.id).execute()
    case.row.erase_on = erase_on


def without_a_wish(case: OpenCase, *, whistleblower: bool) -> date | None:
    """Return the day on which a case goes that nobody asks to be erased: that after its end, or a later one to which it was put off since."""
    ended = case.row.closed_on
    if ended is None:
        return None
    put_off = [
        date.fromisoformat(one.data["until"])
        for one in case.entries(Kind.EVENT)
        if one.data["what"] == "kept-longer" and day_of(datetime.fromisoformat(one.at)) >= ended
    ]
    return max([deadlines.erase_on(ended, whistleblower=whistleblower), *put_off])


def _consent(case: OpenCase, consent: str) -> Entry:
    """Return a consent by its id. That to be counted has its step's name until the person has been told another."""
    if consent == STATISTICS:
        (entry,) = [one for one in case.entries(Kind.CONSENT) if one.data["step"] == STATISTICS][:1]
        return entry
    entry = case.entry(consent)
    if entry.kind != Kind.CONSENT:
        raise ValueError("this is no consent")
    return entry


def _decide(case: OpenCase, entry: Entry, decision: str, letter: CaseLetter, now: datetime) -> None:
    """A decision counts for a consent that was asked for in this case; the newest one counts. What wasn't given can't be withdrawn: that is a no."""
    if decision not in DECISIONS:
        raise ValueError("no such decision")
    if decision == WITHDRAWN and entry.data["decision"] in {ASKED, REFUSED}:
        decision = REFUSED
    dated = {"decision": decision, "decided_on": letter.received_on.isoformat(), "form": "online"}
    # Who was told of an earlier withdrawal was not told of this decision.
    known = {name: value for name, value in entry.data.items() if name != RECALLED_ON}
    case.change(entry.id, {**known, **dated}, version=entry.version, now=now, by=None)
    if decision != GIVEN:
        not_counted(case, entry, letter.received_on, now=now)


def not_counted(case: OpenCase, entry: Entry, day: date, *, now: datetime) -> None:
    """A no to being counted takes back every yes to it, whatever it was said to: nobody asks how often they were asked."""
    if entry.data["step"] != STATISTICS:
        return
    for one in case.entries(Kind.CONSENT):
        if one.data["step"] == STATISTICS and one.data["decision"] == GIVEN:
            dated = {"decision": WITHDRAWN, "decided_on": day.isoformat()}
            case.change(one.id, {**one.data, **dated}, version=one.version, now=now, by=None)
