"""The demo's cases of confidential counsel: written by people who only hold a receipt, worked on by counsellors, each through the pages' own services."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from app.cli.demo.world import World
from app.envelopes import outbox
from app.envelopes.receiving import receive
from app.public.counselling import sending
from app.shared import counsellors
from app.shared.counsellors import Counsellor
from compartments.counsel import service
from compartments.counsel.cases import work
from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.head import Head
from compartments.counsel.cases.models import Case, CaseLetter
from compartments.counsel.cases.opened import Kind, OpenCase, in_one_piece
from compartments.counsel.consents import service as consents
from compartments.counsel.incidents import service as incidents
from compartments.counsel.incidents.counting import half_of
from compartments.counsel.retention import service as retention
from keys.codes import new_code
from keys.randomness import new_id
from keys.visits import VisitKeys

FIRST_HOUR = 9


def take_in() -> None:
    """What a counsellor's request does first and last: deliver what is ordered, take in what waits."""
    while receive(service.INCOMING) + outbox.deliver(service.ACTIONS):
        pass


class Course:
    """One case on its way. A step of the person is a letter; a step of a counsellor opens the case as their page would."""

    def __init__(self, world: World, one: Mapping[str, Any], everybody: list[Counsellor]) -> None:
        self.world, self.one, self.everybody = world, one, everybody
        self.code = new_code()
        self.visit = VisitKeys.from_receipt(self.code)
        self.case = self.visit.case
        self.steps = 0
        self.consent = self.referral = ""

    def run(self) -> None:
        """Begin, and go through every step."""
        if "talk" in self.one:
            self._note_a_talk()
        else:
            self._write_in()
        for step in self.one.get("steps", ()):
            self.steps += 1
            if step["do"] in LETTERS:
                self._write(step)
            else:
                with self._open(step["by"], step["days_ago"]) as (desk, case):
                    MOVES[step["do"]](self, desk, case, step)

    def moment(self, days: int) -> datetime:
        """The moment of this step: later ones of a day are later."""
        return self.world.moment(days, FIRST_HOUR + self.steps // 6, self.steps % 6 * 10)

    def account(self, username: str) -> str:
        """A counsellor's account."""
        return self.world.officers[username].account

    def _write_in(self) -> None:
        one, days = self.one, self.one["days_ago"]
        chosen = [self.account(name) for name in one["to"]]
        said = {
            "language": one.get("language", "de"),
            "name": one.get("name", ""),
            "contact": one.get("contact", ""),
            "preferred": one.get("preferred", "here"),
            "text": one["text"],
            "guided": one.get("guided", {}),
            "chosen": chosen,
            "excluded": [self.account(name) for name in one.get("excluded", ())],
            "statistics": one.get("statistics", True),
        }
        sending.begin(
            self.visit,
            said,
            (),
            readers=counsellors.chosen(self.everybody, chosen),
            everybody=self.everybody,
            counsel=self.world.pinned("counsel"),
            day=self.world.day,
            now=self.moment(days),
        )
        if days:
            with self.world.inside(one["to"][0]):
                take_in()
                # The import writes the day on which it ran.
                Case.update(opened_on=self.world.ago(days)).where(Case.id == self.case).execute()
                CaseLetter.update(received_on=self.world.ago(days)).where(
                    CaseLetter.case == self.case
                ).execute()

    def _note_a_talk(self) -> None:
        one = self.one
        with self.world.inside(one["talk"]) as officer:
            head = Head(title=one["title"], origin=one["origin"], name=one["name"])
            desk = Desk.of(officer.session())
            talked_on, now = self.world.ago(one["days_ago"]), self.moment(one["days_ago"])
            self.case = work.begin(desk, head, one["text"], talked_on=talked_on, entry_id=new_id(), now=now)

    @contextmanager
    def _open(self, username: str, days: int) -> Iterator[tuple[Desk, OpenCase]]:
        with self.world.inside(username) as officer:
            take_in()
            # One wait for the disk, not one for each of the step's writes.
            with in_one_piece():
                desk = Desk.of(officer.session())
                yield desk, desk.open(self.case, now=self.moment(days))
            take_in()

    def _write(self, step: Mapping[str, Any]) -> None:
        said = LETTERS[step["do"]](self, step)
        sending.write(
            self.visit,
            new_id(),
            said,
            counsel=self.world.pinned("counsel"),
            day=self.world.day,
            now=self.moment(step["days_ago"]),
        )
        days, first = step["days_ago"], self.one["to"][0]
        with self.world.inside(first):
            take_in()
            CaseLetter.update(received_on=self.world.ago(days)).where(CaseLetter.case == self.case).execute()
        with self._open(first, days):
            pass


def _confirmed(course: Course, _: Mapping[str, Any]) -> dict[str, Any]:
    standing = sending.look(course.visit).standing or {}
    return {
        "kind": "record",
        "version": standing["record"]["version"],
        "decision": "confirmed",
        "text": "",
    }


LETTERS: Mapping[str, Callable[[Course, Mapping[str, Any]], dict[str, Any]]] = {
    "message": lambda _, step: {"kind": "message", "text": step["text"]},
    "decide": lambda course, step: {
        "kind": "consent",
        "consent": course.consent,
        "decision": step["decision"],
    },
    "confirm": _confirmed,
    "end": lambda *_: {"kind": "end"},
    "erase-wish": lambda *_: {"kind": "erase"},
}


def _take(course: Course, _: Desk, case: OpenCase, step: Mapping[str, Any]) -> None:
    now = course.moment(step["days_ago"])
    work.take(case, now=now)
    law = course.one.get("law", False)
    work.describe(case, title=course.one["title"], whistleblower=law, now=now)


def _answer(course: Course, _: Desk, case: OpenCase, step: Mapping[str, Any]) -> None:
    work.reply(case, step["text"], entry_id=new_id(), now=course.moment(step["days_ago"]))


def _written(course: Course, _: Desk, case: OpenCase, step: Mapping[str, Any]) -> None:
    day = course.world.ago(step["days_ago"])
    said: dict[str, dict[str, Any]] = {
        Kind.CONTACT: {"day": day.isoformat(), "channel": step.get("channel")},
        Kind.NEED: {"done": False},
        Kind.STEP: {"until": _in(course, step, "until_in"), "done": False},
        Kind.FOLLOW_UP: {"due_on": _in(course, step, "due_in"), "done_on": None},
    }
    data = {"text": step["text"], **said.get(step["do"], {})}
    work.write(case, Kind(step["do"]), data, entry_id=new_id(), now=course.moment(step["days_ago"]))


def _in(course: Course, step: Mapping[str, Any], name: str) -> str | None:
    day: date = course.world.day + timedelta(days=step.get(name, 0))
    return day.isoformat() if name in step else None


def _record(course: Course, _: Desk, case: OpenCase, step: Mapping[str, Any]) -> None:
    now = course.moment(step["days_ago"])
    work.write_record(case, step["text"], entry_id=new_id(), version=None, now=now)


def _ask(course: Course, _: Desk, case: OpenCase, step: Mapping[str, Any]) -> None:
    course.consent = new_id()
    now = course.moment(step["days_ago"])
    what, why = (step["step"], step["recipient"], step["content"]), step["purpose"]
    consents.ask(case, *what, entry_id=course.consent, now=now, purpose=why)


def _ask_for_a_colleague(course: Course, desk: Desk, case: OpenCase, step: Mapping[str, Any]) -> None:
    course.consent, account = new_id(), course.account(step["account"])
    name, now = desk.names[account], course.moment(step["days_ago"])
    consents.ask(
        case,
        consents.COLLEAGUE,
        name,
        consents.EVERYTHING,
        entry_id=course.consent,
        now=now,
        account=account,
        purpose=step["purpose"],
    )


def _share(course: Course, desk: Desk, case: OpenCase, step: Mapping[str, Any]) -> None:
    now = course.moment(step["days_ago"])
    consents.let_in(case, desk.ring, course.consent, desk.others, now=now)


def _refer(course: Course, _: Desk, case: OpenCase, step: Mapping[str, Any]) -> None:
    course.referral, now = new_id(), course.moment(step["days_ago"])
    incidents.step_outside(
        case, course.consent, consents.REFERRAL, way=step["way"], entry_id=course.referral, now=now
    )


def _service_answers(course: Course, _: Desk, case: OpenCase, step: Mapping[str, Any]) -> None:
    day, version = course.world.ago(step["days_ago"]), case.entry(course.referral).version
    now = course.moment(step["days_ago"])
    consents.note_answer(case, course.referral, step["text"], answered_on=day, version=version, now=now)


def _incident(course: Course, _: Desk, case: OpenCase, step: Mapping[str, Any]) -> None:
    half = half_of(course.world.ago(step["days_ago"]))
    now = course.moment(step["days_ago"])
    incidents.add_from(case, step["codes"], half=half, entry_id=new_id(), now=now)


def _close(course: Course, _: Desk, case: OpenCase, step: Mapping[str, Any]) -> None:
    work.close(case, text=step["text"], now=course.moment(step["days_ago"]))


def _erase(course: Course, _: Desk, case: OpenCase, step: Mapping[str, Any]) -> None:
    kept = course.world.settings.backups_kept
    retention.erase(case, retention.BY_HAND, backups_kept=kept, now=course.moment(step["days_ago"]))


MOVES: Mapping[str, Callable[[Course, Desk, OpenCase, Mapping[str, Any]], None]] = {
    "take": _take,
    "answer": _answer,
    "record": _record,
    "ask": _ask,
    "ask-colleague": _ask_for_a_colleague,
    "share": _share,
    "refer": _refer,
    "service-answer": _service_answers,
    "incident": _incident,
    "close": _close,
    "erase": _erase,
    **dict.fromkeys(map(str, work.WRITTEN), _written),
}
