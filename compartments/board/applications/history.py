"""Acting on an application: under the revision that was seen, once per form, with a line in its history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from compartments.board.models import (
    APPOINTED,
    DECIDED,
    Application,
    ApplicationMessage,
    StageEvent,
    Wish,
    database,
)
from keys.randomness import new_id


class ApplicationError(Exception):
    """Something can't be done with an application."""


class UnknownApplication(ApplicationError):
    """There is no such application: it never was, or it has been erased."""


class StaleApplication(ApplicationError):
    """Something has happened since the page was made; ``seen`` is the revision that it showed."""

    def __init__(self, seen: int) -> None:
        super().__init__("the application has changed since it was read")
        self.seen = seen


class AlreadyDone(ApplicationError):
    """This very form has been carried out: somebody clicked twice."""


@dataclass(frozen=True)
class Actor:
    """The officer who acts: the account's id, and the name as it was then."""

    id: str
    name: str


@dataclass(frozen=True)
class Seen:
    """What a form brings along: the revision that its page showed, and an id of its own (32 hex)."""

    revision: int
    once: str


def find(application_id: str) -> Application:
    """Return an application; raises :class:`UnknownApplication`."""
    application = Application.get_or_none(Application.id == application_id)
    if application is None:
        raise UnknownApplication(application_id)
    return application


@contextmanager
def acting(application_id: str, seen: Seen) -> Iterator[Application]:
    """Hold the vault for one act and give the application its next revision.

    Raises :class:`UnknownApplication`, :class:`AlreadyDone` and :class:`StaleApplication`.
    """
    with database.atomic("IMMEDIATE"):
        if StageEvent.select().where(StageEvent.id == seen.once).exists():
            raise AlreadyDone(seen.once)
        application = find(application_id)
        if application.revision != seen.revision:
            raise StaleApplication(seen.revision)
        application.revision += 1
        yield application
        application.save()


def note(
    application: Application,
    kind: str,
    *,
    at: datetime,
    once: str | None = None,
    wish: Wish | None = None,
    to_stage: str | None = None,
    actor: Actor | None = None,
    reason: str = "",
) -> None:
    """Write one line of history, and move ``wish`` to ``to_stage`` if both are given."""
    StageEvent.create(
        id=once or new_id(),
        application=application,
        wish=wish,
        kind=kind,
        from_stage=wish.stage if wish and to_stage else None,
        to_stage=to_stage,
        actor=actor.id if actor else None,
        actor_name=actor.name if actor else "",
        reason=reason,
        at=at,
        revision=application.revision,
    )
    if wish is not None and to_stage is not None:
        wish.stage, wish.stage_since = to_stage, at.date()
        wish.save()


def keep_sent(
    application: Application, message_id: str, kind: str, text: str, *, actor: Actor, now: datetime, day: date
) -> None:
    """Keep a copy of what went to the applicant. It holds no code."""
    ApplicationMessage.create(
        id=message_id,
        application=application,
        direction="out",
        kind=kind,
        text=text,
        author=actor.id,
        author_name=actor.name,
        sent_on=day,
        at=now,
    )


def is_decided(application: Application) -> bool:
    """Whether nothing is left to do with any wish, and none led to an office."""
    return {wish.stage for wish in Wish.select().where(Wish.application == application)} <= set(DECIDED) - {
        APPOINTED
    }


def since(application: Application, revision: int) -> list[StageEvent]:
    """Return what has happened after ``revision``, oldest first."""
    return list(
        StageEvent.select()
        .where(StageEvent.application == application, StageEvent.revision > revision)
        .order_by(StageEvent.at)
    )
