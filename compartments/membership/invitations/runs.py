"""Rules of invitation runs: who is invited, with which key, and that each decision becomes at most one mail. Knows no Flask and no SMTP.

A run is prepared in one transaction: from then on every member of it has a key of their own, drawn at random. What a mail's sending does to
a decision is written down here step by step; compartments.membership.invitations.sending takes the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import fn

from app import faultpoints
from app.office.authors import Author
from compartments.membership.eligibility import eligible
from compartments.membership.invitations import keys
from compartments.membership.invitations.models import (
    ASSIGNED,
    DATA,
    FREE,
    REFUSED,
    SENDING,
    SENT,
    SKIPPED,
    UNCLEAR,
    UNREACHED,
    WAITING,
    AddressHold,
    Invitation,
    InvitationRun,
    ReferenceKey,
)
from compartments.membership.tables import Person, database
from keys.randomness import new_id, shuffle

DEFAULT_CONTINGENT, MOST_AT_ONCE = 500, 10_000
DEFAULT_PER_MINUTE = 60
MOST_ATTEMPTS = 8
LONGEST_WAIT = timedelta(hours=1)
AT_ONCE = datetime(1970, 1, 1)  # noqa: DTZ001
_UNFINISHED = (WAITING, SENDING, DATA)


class NothingToDo(Exception):
    """No run can be prepared: nobody waits for an invitation, or there is no free key. ``keys_missing`` says which."""

    def __init__(self, *, keys_missing: bool) -> None:
        super().__init__("no free key" if keys_missing else "nobody to invite")
        self.keys_missing = keys_missing


class NoRun(LookupError):
    """There is no such run."""


@dataclass(frozen=True)
class Waiting:
    """Who waits for an invitation: how many, how many of them can't be mailed to, and since when the longest."""

    members: int
    without_address: int
    oldest: date | None

    def age(self, day: date) -> int:
        """Days since the longest waiting one became a member."""
        return (day - self.oldest).days if self.oldest else 0


@dataclass(frozen=True)
class Mail:
    """A mail to be sent, as plain values, so that the vault can be closed meanwhile."""

    invitation: int
    token: str
    address: str
    name: str
    language: str
    key: str


def waiting(day: date) -> Waiting:
    """Return who waits: eligible, and without a key that is good."""
    query = uninvited(day)
    row = query.select(
        fn.COUNT(Person.id), fn.SUM(~_can_be_mailed()), fn.MIN(Person.entered_on).converter(_as_date)
    )
    members, unreachable, oldest = row.tuples().first()
    return Waiting(members, unreachable or 0, oldest)


def uninvited(day: date) -> Any:
    """The query of the eligible persons without a key that is good."""
    return eligible(day).where(
        ~fn.EXISTS(
            ReferenceKey.select(1).where(ReferenceKey.person == Person.id, ReferenceKey.state == ASSIGNED)
        )
    )


def prepare(run_id: str, *, contingent: int, per_minute: int, by: Author, day: date) -> InvitationRun:
    """Pick who is invited, those who have waited longest first, and give each a key at random.

    The same ``run_id`` again returns the run it made. Raises :class:`NothingToDo`, and ``ValueError`` for numbers that make no sense.
    """
    if not 0 < contingent <= MOST_AT_ONCE or not 0 < per_minute <= MOST_AT_ONCE:
        raise ValueError(f"between 1 and {MOST_AT_ONCE}")
    with database.atomic("IMMEDIATE"):
        if known := InvitationRun.get_or_none(InvitationRun.id == run_id):
            return known
        query = uninvited(day).select(Person.id).where(_can_be_mailed())
        members = [row[0] for row in query.order_by(Person.entered_on, Person.id).limit(contingent).tuples()]
        unused: Any = ReferenceKey.select(ReferenceKey.key).where(ReferenceKey.state == FREE)
        free = [row[0] for row in unused.tuples()]
        if not members or not free:
            raise NothingToDo(keys_missing=bool(members))
        last = InvitationRun.select(fn.MAX(InvitationRun.number)).scalar() or 0
        run = InvitationRun.create(
            id=run_id,
            number=last + 1,
            contingent=contingent,
            per_minute=per_minute,
            prepared_on=day,
            prepared_by_name=by.name,
        )
        # Both are shuffled: neither the key nor the order of mails tells how long somebody has waited.
        for person, key in zip(shuffle(members), shuffle(free), strict=False):
            ReferenceKey.update(state=ASSIGNED, person=person, assigned_on=day).where(
                ReferenceKey.key == key
            ).execute()
            Invitation.create(run=run, person=person, key=key, token=new_id())
        faultpoints.reached("run.before-commit")
    faultpoints.reached("run.prepared")
    return run


def find(run_id: str) -> InvitationRun:
    """Return a run; raises :class:`NoRun`."""
    found: InvitationRun | None = InvitationRun.get_or_none(InvitationRun.id == run_id)
    if found is None:
        raise NoRun(run_id)
    return found


def newest(limit: int = 30) -> list[InvitationRun]:
    """Return the runs, newest first."""
    return list(InvitationRun.select().order_by(InvitationRun.number.desc()).limit(limit))


def figures(run_id: str) -> dict[str, int]:
    """Return how many mails of a run are in which state."""
    rows: Any = Invitation.select(Invitation.state, fn.COUNT(Invitation.id)).where(Invitation.run == run_id)
    return dict(rows.group_by(Invitation.state).tuples())


def left(run_id: str) -> int:
    """Return how many mails of a run are still to be sent."""
    return int(Invitation.select().where(Invitation.run == run_id, Invitation.state.in_(_UNFINISHED)).count())


# --- the steps of sending one mail -------------------------------------------------------------------------------------


def recover(run_id: str, *, day: date) -> None:
    """Look at what a sending that broke off has left: not begun is begun anew; what may have gone out is unclear, and stays unsent."""
    with database.atomic("IMMEDIATE"):
        Invitation.update(state=WAITING).where(
            Invitation.run == run_id, Invitation.state == SENDING
        ).execute()
        Invitation.update(state=UNCLEAR, settled_on=day).where(
            Invitation.run == run_id, Invitation.state == DATA
        ).execute()


def next_due(run_id: str) -> datetime | None:
    """Return when the next mail may be tried, in UTC; the beginning of time for at once, None where nothing is left."""
    row = (
        Invitation.select(Invitation.next_try)
        .where(Invitation.run == run_id, Invitation.state == WAITING)
        .order_by(Invitation.next_try.asc(nulls="FIRST"))
        .first()
    )
    return None if row is None else (row.next_try or AT_ONCE)


def claim(run_id: str, *, day: date, now: datetime) -> Mail | None:
    """Take the next mail that is due; None where none is now. Whoever has left, or has another key, is skipped and gives the key back."""
    with database.atomic("IMMEDIATE"):
        while True:
            invitation: Any = (
                Invitation.select()
                .where(
                    Invitation.run == run_id,
                    Invitation.state == WAITING,
                    Invitation.next_try.is_null() | (Invitation.next_try <= now),
                )
                .order_by(Invitation.id)
                .first()
            )
            if invitation is None:
                return None
            person = _who_still_waits(invitation, day)
            if person is not None:
                invitation.state = SENDING
                invitation.attempts += 1
                invitation.save()
                name = f"{person.first_name} {person.last_name}".strip()
                return Mail(
                    invitation.id, invitation.token, person.email, name, person.language, invitation.key_id
                )
            _settle(invitation, SKIPPED, "", day)


def put_back(invitation_id: int) -> None:
    """Nothing has been sent: the mail waits again."""
    Invitation.update(state=WAITING).where(
        Invitation.id == invitation_id, Invitation.state == SENDING
    ).execute()


def begin_text(invitation_id: int) -> bool:
    """From now on the text may be on its way. False where the decision isn't at this step (any more): then nothing may be sent."""
    with database.atomic("IMMEDIATE"):
        begun = (
            Invitation.update(state=DATA)
            .where(Invitation.id == invitation_id, Invitation.state == SENDING)
            .execute()
        )
        ReferenceKey.update(exposed=True).where(
            ReferenceKey.key == Invitation.select(Invitation.key).where(Invitation.id == invitation_id)
        ).execute()
    return bool(begun)


def note_sent(invitation_id: int, code: str, *, day: date) -> None:
    """The server has taken the mail."""
    with database.atomic("IMMEDIATE"):
        _settle(Invitation.get_by_id(invitation_id), SENT, code, day)


def note_unclear(invitation_id: int, *, day: date) -> None:
    """The connection died after the text had begun: nobody knows, and an officer decides."""
    with database.atomic("IMMEDIATE"):
        _settle(Invitation.get_by_id(invitation_id), UNCLEAR, "", day)


def note_later(invitation_id: int, code: str, *, wait: timedelta, day: date, now: datetime) -> None:
    """The server wants us to come back: each time after twice as long; given up after some attempts, and the key taken back."""
    with database.atomic("IMMEDIATE"):
        invitation = Invitation.get_by_id(invitation_id)
        if invitation.attempts >= MOST_ATTEMPTS:
            _settle(invitation, UNREACHED, code, day)
            return
        invitation.state, invitation.code = WAITING, code
        invitation.next_try = now + min(wait * 2 ** (invitation.attempts - 1), LONGEST_WAIT)
        invitation.save()


def note_refused(invitation_id: int, code: str, *, day: date) -> None:
    """The server refuses the address for good: it is put on hold, and the key taken back."""
    with database.atomic("IMMEDIATE"):
        invitation = Invitation.get_by_id(invitation_id)
        if invitation.person is not None:
            keys.hold(invitation.person, code, day=day)
        _settle(invitation, REFUSED, code, day)


def _who_still_waits(invitation: Any, day: date) -> Person | None:
    key = invitation.key
    if key is None or key.state != ASSIGNED or key.person_id != invitation.person_id:
        return None
    found: Person | None = eligible(day).where(Person.id == invitation.person_id, _can_be_mailed()).first()
    return found


def _settle(invitation: Any, state: str, code: str, day: date) -> None:
    invitation.state, invitation.code, invitation.next_try, invitation.settled_on = state, code, None, day
    invitation.save()
    if state in (SKIPPED, REFUSED, UNREACHED) and invitation.key is not None:
        keys.give_back(invitation.key, "undeliverable", day=day)


def _can_be_mailed() -> Any:
    held = AddressHold.select(1).where(AddressHold.person == Person.id, AddressHold.email == Person.email)
    return (Person.email != "") & ~fn.EXISTS(held)


def _as_date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
