"""A batch from its arrival to the counts that go back: prepared, confirmed by a second officer, applied. Knows no Flask.

Every step may be cut off and repeated. What was done on the platform is read from the platform, never from what we meant to do, so after
a crash between the two the books follow it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from peewee import fn

from app import faultpoints
from app.envelopes import outbox
from app.office import calendar
from app.office.authors import Author
from app.office.calendar import Reminder
from compartments.administration.codes import books
from compartments.administration.platform import planning
from compartments.administration.platform import settings as platform_settings
from compartments.administration.platform.connector import Applied
from compartments.administration.platform.planning import (
    CREATE,
    CREATION,
    LOCK,
    REGULAR,
    UNLOCK,
    URGENT,
    Plan,
    Row,
)
from compartments.administration.reconciliation import lists
from compartments.administration.reconciliation.models import (
    APPLIED,
    CONFIRMED,
    DROPPED,
    KINDS,
    PLANNED,
    WAITING,
    Batch,
    PlanLine,
    Remark,
)
from compartments.administration.tables import database

FRESH_FOR = timedelta(hours=24)
LEFT = ("gone", "deleted", "operator")
FROM_CLEARING = (REGULAR, URGENT)


class NoBatch(LookupError):
    """There is no such batch."""


class NotNow(Exception):
    """The batch is in another state than this step needs."""


def find(batch_id: str) -> Batch:
    """Return a batch; raises :class:`NoBatch`."""
    found: Batch | None = Batch.get_or_none(Batch.id == batch_id)
    if found is None:
        raise NoBatch(batch_id)
    return found


def newest(limit: int = 60) -> list[Batch]:
    """Return the batches, newest first."""
    return list(Batch.select().order_by(Batch.arrived_on.desc(), Batch.kind, Batch.id).limit(limit))


def unfinished() -> list[Batch]:
    """Return the batches that wait for an officer: urgent ones first, and last the deactivated codes, which a regular list locks, too."""
    waiting = Batch.select().where(Batch.state.in_((WAITING, PLANNED, CONFIRMED))).order_by(Batch.arrived_on)
    return sorted(waiting, key=lambda batch: KINDS.index(batch.kind))


def reminder(today: date) -> Reminder | None:
    """Return what the calendar reminds of; None where the list is applied, or nobody has an account yet.

    What counts is when a list that was applied came from clearing: an old one that was applied late is not the next one.
    """
    regular = Batch.select(fn.MAX(Batch.arrived_on)).where(Batch.kind == REGULAR)
    last: date | None = regular.where(Batch.state == APPLIED).scalar()
    if last is None and not books.any_account():
        return None
    return calendar.reminder(days(), today, last)


def days() -> list[int]:
    """Return the days of the month on which a reconciliation is due."""
    return platform_settings.numbers(platform_settings.read().days) or list(calendar.DAYS)


def remarks(batch: Batch) -> list[Remark]:
    """Return how many of a batch's codes were left, by why."""
    return list(Remark.select().where(Remark.batch == batch).order_by(Remark.kind))


def begin_creation(*, day: date) -> Batch | None:
    """Begin a batch of the codes that have never been on the platform; None where there are none. One at a time."""
    with database.atomic("IMMEDIATE"):
        open_one: Batch | None = Batch.get_or_none(
            Batch.kind == CREATION, Batch.state.in_((WAITING, PLANNED, CONFIRMED))
        )
        if open_one is not None:
            return open_one
        codes = books.waiting_codes()
        return lists.begin(CREATION, codes, day=day) if codes else None


def prepare(batch_id: str, rows: list[Row], *, version: str, by_name: str, now: datetime, day: date) -> Batch:
    """Compare a batch's list with the platform and write the plan down; the books follow the rows.

    Raises :class:`NotNow` for a batch that is confirmed or done, and :class:`~..platform.planning.EmptyWhitelist`.
    """
    with database.atomic("IMMEDIATE"):
        batch = find(batch_id)
        if batch.state not in (WAITING, PLANNED):
            raise NotNow
        made = planning.plan(rows, books.known(), lists.codes_of(batch_id), kind=batch.kind, today=day)
        books.read_in(rows, version=version, at=now)
        PlanLine.delete().where(PlanLine.batch == batch_id).execute()
        for action, codes in (*made.actions(), *made.remarks.items()):
            lists.write("plan_line", "action, code", batch_id, codes, action)
        _note(batch, made.remarks)
        batch.state, batch.planned_at, batch.planned_by_name = PLANNED, now, by_name
        batch.created, batch.locked, batch.unlocked = len(made.create), len(made.lock), len(made.unlock)
        batch.unchanged, batch.unknown = made.unchanged, made.unknown
        batch.open_before = books.standing().open_accounts
        batch.save()
        faultpoints.reached("reconciliation.before-plan-commit")
        return batch


def plan_of(batch_id: str) -> Plan:
    """Return the plan that was written down."""
    lists: dict[str, list[str]] = {}
    rows = database.execute_sql("select action, code from plan_line where batch_id = ?", (batch_id,))
    for action, code in rows:
        lists.setdefault(action, []).append(code)
    return Plan(
        tuple(lists.get(CREATE, ())),
        tuple(lists.get(LOCK, ())),
        tuple(lists.get(UNLOCK, ())),
        find(batch_id).unchanged,
        {kind: tuple(lists[kind]) for kind in planning.REMARKS if kind in lists},
    )


def is_over_threshold(batch: Batch) -> bool:
    """Whether a list would lock so many accounts that somebody should ask why first."""
    settings = platform_settings.read()
    most = max(settings.batch_floor, batch.open_before * settings.threshold_percent // 100)
    return batch.kind == REGULAR and batch.locked > most


def is_below_floor(batch: Batch) -> bool:
    """Whether a batch changes so few accounts that the day alone would point to persons."""
    changes = batch.created + batch.locked + batch.unlocked
    return 0 < changes < platform_settings.read().batch_floor


def is_fresh(batch: Batch, now: datetime) -> bool:
    """Whether the plan is young enough to be applied."""
    return batch.planned_at is not None and now - batch.planned_at < FRESH_FOR


def confirm(batch_id: str, *, by: Author) -> Batch:
    """A second officer has confirmed: from now on it may be applied. Raises :class:`NotNow`."""
    with database.atomic("IMMEDIATE"):
        batch = find(batch_id)
        if batch.state != PLANNED:
            raise NotNow
        batch.state, batch.confirmed_by_name = CONFIRMED, by.name
        batch.save()
        return batch


def finish(batch_id: str, applied: Applied, *, version: str, now: datetime, day: date) -> Batch:
    """Take over what the platform answered, and send the counts back. The second time it changes nothing.

    Raises :class:`NotNow` for a batch that nobody has confirmed.
    """
    with database.atomic("IMMEDIATE"):
        batch = find(batch_id)
        if batch.state == APPLIED:
            return batch
        if batch.state != CONFIRMED:
            raise NotNow
        made = plan_of(batch_id)
        books.read_in(applied.rows, version=version, at=now)
        if batch.kind == REGULAR:
            books.mark_listed(lists.codes_of(batch_id))
        expires_on = platform_settings.expiry(platform_settings.read(), (batch.planned_at or now).date())
        if expires_on:
            books.set_expiry(made.create, expires_on)
        counts = planning.outcome_counts(made, applied.outcomes)
        batch.created, batch.locked, batch.unlocked = counts["created"], counts["locked"], counts["unlocked"]
        batch.left = sum(counts[kind] for kind in LEFT)
        batch.state, batch.applied_on = APPLIED, day
        batch.save()
        _note(batch, made.remarks)
        if batch.left:
            Remark.insert(batch=batch, kind="left", number=batch.left).on_conflict_replace().execute()
        lists.forget(batch_id)
        send_counts(batch, day)
        lists.settle(day)
        faultpoints.reached("reconciliation.before-finish-commit")
    faultpoints.reached("reconciliation.after-finish-commit")
    return batch


def drop(batch_id: str) -> None:
    """Put a batch of our own away without doing anything; raises :class:`NotNow` for one that clearing waits for, or that is done."""
    with database.atomic("IMMEDIATE"):
        batch = find(batch_id)
        if batch.kind in FROM_CLEARING or batch.state not in (WAITING, PLANNED):
            raise NotNow
        Batch.update(state=DROPPED).where(Batch.id == batch_id).execute()
        lists.forget(batch_id)


def send_counts(batch: Batch, day: date) -> None:
    """Tell clearing what became of a batch of theirs."""
    if batch.kind not in FROM_CLEARING:
        return
    body = {
        "batch": batch.id,
        "created": batch.created,
        "locked": batch.locked,
        "unlocked": batch.unlocked,
        "unchanged": batch.unchanged,
        "unknown": batch.unknown,
        "applied_on": day.isoformat(),
    }
    outbox.send("reconciliation-counts", "clearing", body, day=day)


def _note(batch: Batch, remarks: Mapping[str, Collection[str]]) -> None:
    Remark.delete().where(Remark.batch == batch.id).execute()
    for kind, codes in remarks.items():
        Remark.create(batch=batch, kind=kind, number=len(codes))
