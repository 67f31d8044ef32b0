"""The demo's applications, each brought to where it stands by the board's own services, in the order in which it would have happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from app.cli.demo import letters
from app.cli.demo.officers import enrol
from app.cli.demo.world import World, read_toml
from app.clock import utc_now
from app.envelopes.receiving import receive
from app.shared import mailboxes, postings
from compartments.board import service as board
from compartments.board.applications import service
from compartments.board.applications.history import Actor, Seen
from compartments.board.applications.letters import OFFER, REJECTION, filled_in
from compartments.board.appointments import orders
from compartments.board.appointments import service as appointments
from compartments.board.models import (
    DECISION,
    INTERVIEW,
    SCREENING,
    Application,
    ApplicationMessage,
    Appointment,
    StageEvent,
    Wish,
)
from keys.mailbox import MailboxKeys
from keys.randomness import new_id

UNREAD = ("received", "withdrawn")
DAYS_TO_ANSWER = timedelta(days=14)


class _Case:
    """One application on its way through the board's services."""

    def __init__(self, world: World, one: Mapping[str, Any], keys: MailboxKeys) -> None:
        self.world, self.one, self.keys = world, one, keys
        self.days: int = one["days_ago"]
        self.actor = Actor(world.officers["vera"].account, world.officers["vera"].name)

    @property
    def row(self) -> Application:
        found: Application = Application.get(Application.mailbox == self.keys.id)
        return found

    @property
    def wishes(self) -> list[Wish]:
        return list(Wish.select().where(Wish.application == self.row).order_by(Wish.place))

    def later(self, days: int) -> int:
        """Let some days pass; return how many days ago that was."""
        self.days = max(0, self.days - days)
        return self.days

    def seen(self) -> Seen:
        return Seen(self.row.revision, new_id())

    def received(self) -> None:
        """The import writes the moment it ran; in the demo that was the day after the application."""
        at = self.world.moment(self.days, 9)
        StageEvent.update(at=at).where(StageEvent.application == self.row).execute()
        Application.update(changed_at=at).where(Application.id == self.row.id).execute()

    def read(self) -> None:
        """Whoever decides has read: the application isn't new to the board any more."""
        for username in ("vera", "tarik"):
            service.read(self.row.id, self.world.officers[username].account, utc_now())

    def move(self, stage: str, days: int = 2) -> None:
        at = self.world.moment(self.later(days))
        service.move(self.row.id, self.seen(), self.wishes[0].id, stage, reason="", actor=self.actor, now=at)

    def ask(self) -> None:
        day = self.world.ago(self.later(1))
        at = self.world.moment(self.days, 17)
        service.write(self.row.id, self.seen(), self.one["question"], actor=self.actor, now=at, day=day)

    def letter(self, kind: str, date: str) -> str:
        places = {
            "name": self.one["name"],
            "posting": _title(self),
            "organisation": self.world.settings.organisation,
            "date": date,
        }
        return filled_in(kind, self.one["language"], places)

    def reject(self) -> None:
        day = self.world.ago(self.later(4))
        retention = self.world.settings.application_retention
        service.reject(
            self.row.id,
            self.seen(),
            [wish.id for wish in self.wishes],
            self.letter(REJECTION, f"{day + retention:%d.%m.%Y}"),
            reason=self.one["reason"],
            retention=retention,
            actor=self.actor,
            now=self.world.moment(self.days),
            day=day,
        )

    def offer(self) -> str:
        """Offer the first wish; return the assignment's id."""
        day, starts_on = self.world.ago(self.later(3)), self.world.day
        answer_by = self.world.day + DAYS_TO_ANSWER
        terms = appointments.Terms(
            self.wishes[0].id, None, starts_on, None, answer_by, self.letter(OFFER, f"{answer_by:%d.%m.%Y}")
        )
        assignment = appointments.offer(
            self.row.id,
            self.seen(),
            terms,
            actor=self.actor,
            now=self.world.moment(self.days),
            day=day,
            cooling_off=self.world.settings.cooling_off,
        )
        orders.deliver()
        return assignment

    def answer(self, assignment: str, *, accepted: bool) -> None:
        letters.answer(self.world, self.keys, assignment, accepted=accepted, days_ago=self.later(2))
        self.take_in()
        settled = {"settled_on": self.world.ago(self.days)}
        Appointment.update(settled).where(Appointment.id == assignment).execute()

    def take_in(self) -> None:
        """Import what was just sent, and date it: the import writes the moment at which it runs."""
        known = {event.id for event in StageEvent.select(StageEvent.id)}
        take_in()
        at = self.world.moment(self.days, 21)
        new = (StageEvent.application == self.row) & StageEvent.id.not_in(known)
        StageEvent.update(at=at).where(new).execute()
        ApplicationMessage.update(at=at).where(
            ApplicationMessage.application == self.row, ApplicationMessage.direction == "in"
        ).execute()
        Application.update(changed_at=at).where(Application.id == self.row.id).execute()
        Wish.update(stage_since=at.date()).where(
            Wish.application == self.row, Wish.stage_since == self.world.day
        ).execute()


def bring_all(world: World) -> None:
    """Send every application; let the board take them in and decide."""
    sent = [
        (one, *letters.apply(world, one))
        for one in read_toml("applicants.toml")["applicant"]
        if one["becomes"] != "waiting"
    ]
    with world.inside("vera"):
        take_in()
        for one, code, keys in sent:
            case = _Case(world, one, keys)
            case.received()
            COURSES[one["becomes"]](case)
            if one["becomes"] not in UNREAD and "reply" not in one:
                case.read()
            if "receipt" in one:
                world.receipts.append({"code": code, "name": one["name"], "about": one["receipt"]})
        take_in()
    for one, _, keys in sent:
        if "username" in one:
            _enrol_appointed(world, one, keys)
    for one in read_toml("applicants.toml")["applicant"]:
        if one["becomes"] == "waiting":
            letters.apply(world, one)


def take_in() -> None:
    """Import what waits for the board, and carry out what it orders."""
    receive(board.INCOMING)
    orders.deliver()


def _stays(_: _Case) -> None:
    """Received, and nobody has done anything yet."""


def _screened(case: _Case) -> None:
    case.move(SCREENING)
    if "question" in case.one:
        case.ask()
    if "reply" in case.one:
        letters.write(case.world, case.keys, case.one["reply"], days_ago=case.later(1))
        case.take_in()


def _interviewed(case: _Case) -> None:
    _screened(case)
    case.move(INTERVIEW, 3)


def _before_decision(case: _Case) -> None:
    _interviewed(case)
    case.move(DECISION, 4)


def _offered(case: _Case) -> None:
    _before_decision(case)
    case.offer()


def _accepted(case: _Case) -> None:
    _before_decision(case)
    case.answer(case.offer(), accepted=True)


def _declined(case: _Case) -> None:
    _before_decision(case)
    case.answer(case.offer(), accepted=False)


def _rejected(case: _Case) -> None:
    case.move(SCREENING)
    case.reject()
    orders.deliver()


def _withdrawn(case: _Case) -> None:
    letters.withdraw(case.world, case.keys, days_ago=case.later(3))
    take_in()


COURSES: Mapping[str, Callable[[_Case], None]] = {
    "received": _stays,
    "screening": _screened,
    "interview": _interviewed,
    "decision": _before_decision,
    "offered": _offered,
    "appointed": _accepted,
    "declined": _declined,
    "rejected": _rejected,
    "withdrawn": _withdrawn,
}


def _title(case: _Case) -> str:
    posting = postings.find(case.wishes[0].posting, case.one["language"], case.world.day)
    return posting.title if posting else str(case.wishes[0].posting)


def _enrol_appointed(world: World, one: Mapping[str, Any], keys: MailboxKeys) -> None:
    """Do what the person does who accepted: take the code out of the mailbox and enrol with it."""
    offers = [message.content for message in mailboxes.messages(keys) if message.content["kind"] == "offer"]
    enrol(world, offers[-1]["code"], one)
