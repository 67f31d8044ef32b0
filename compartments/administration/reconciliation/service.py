"""Letters that ask for locks, and the two jobs that speak with the platform. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app import faultpoints
from app.clock import utc_now
from app.envelopes.letter import Letter
from app.envelopes.outbox import Action
from app.envelopes.receiving import Handler
from app.vault.jobs import Outside, Progress, Steps, Task, Work
from compartments.administration.codes import books
from compartments.administration.platform import settings as platform_settings
from compartments.administration.platform.connector import Address, Applied, connected
from compartments.administration.platform.planning import Plan, Row
from compartments.administration.reconciliation import batches, lists, restoring
from compartments.administration.reconciliation.models import APPLIED
from compartments.administration.tables import database

PREPARE, APPLY, READ_BACK = "reconciliation-plan", "reconciliation-apply", "platform-read-back"
LONGEST_REASON = 2_000
LONGEST_ID = 64


def take_in_codes(letter: Letter) -> None:
    """Note a list of valid codes, or of codes to lock at once; raises ``ValueError`` or ``TypeError``."""
    body = letter.body
    if body["kind"] not in batches.FROM_CLEARING:
        raise ValueError("no kind of list")
    batch_id = _text(body["batch"], LONGEST_ID)
    if not batch_id:
        raise ValueError("a batch has an id")
    codes = books.checked(body["codes"])
    reason = _text(body["reason"], LONGEST_REASON)
    lists.begin(body["kind"], codes, batch_id=batch_id, reason=reason, day=utc_now().date())


def take_in_deactivated(letter: Letter) -> None:
    """Note codes that are no longer valid, and let them be locked."""
    codes = books.checked(letter.body["codes"])
    books.deactivate(codes)
    if codes:
        lists.deactivated(codes, _text(letter.body["reason"], LONGEST_REASON), day=utc_now().date())


def take_in_restored(letter: Letter) -> None:
    """Note codes that are valid after all, and take them off the lists that would lock them."""
    codes, listed = books.checked(letter.body["codes"]), letter.body["listed"]
    _text(letter.body["reason"], LONGEST_REASON)
    if not isinstance(listed, bool):
        raise TypeError("listed or not")
    restoring.restore(codes, listed=listed, day=utc_now().date())


def prepare(task: Task) -> Steps:
    """Look at the platform and write down what a batch would change."""
    address = platform_settings.address(platform_settings.read())
    yield Progress(0, 2)
    version, rows = yield Outside(lambda: look(address))
    faultpoints.reached("reconciliation.after-look")
    batches.prepare(
        task.subject, rows, version=version, by_name=task.officer_name, now=utc_now(), day=task.day
    )
    yield Progress(2, 2)


def apply(task: Task) -> Steps:
    """Carry out a confirmed batch on the platform, in one transaction there, and take over what it answers."""
    batch = batches.find(task.subject)
    if batch.state == APPLIED:
        return
    settings = platform_settings.read()
    address, units = platform_settings.address(settings), platform_settings.numbers(settings.units)
    expires = platform_settings.expiry(settings, (batch.planned_at or utc_now()).date())
    plan = batches.plan_of(task.subject)
    yield Progress(0, plan.changes)
    version, applied = yield Outside(lambda: carry_out(address, plan, units=units, expires=expires))
    faultpoints.reached("reconciliation.after-apply")
    batches.finish(task.subject, applied, version=version, now=utc_now(), day=task.day)
    yield Progress(plan.changes, plan.changes)


def read_back(task: Task) -> Steps:  # noqa: ARG001  (every job is told its task)
    """Look at the platform and bring the books up to it."""
    address = platform_settings.address(platform_settings.read())
    yield Progress(0, 1)
    version, rows = yield Outside(lambda: look(address))
    with database.atomic("IMMEDIATE"):
        books.read_in(rows, version=version, at=utc_now())
    yield Progress(1, 1)


def look(address: Address) -> tuple[str, list[Row]]:
    """Return the platform's version and its rows; raises a PlatformError."""
    with connected(address) as platform:
        return platform.version().text, platform.read_back()


def carry_out(address: Address, plan: Plan, *, units: list[int], expires: date | None) -> tuple[str, Applied]:
    """Apply a plan; raises a PlatformError."""
    with connected(address) as platform:
        version = platform.version().text
        applied = platform.apply(
            plan,
            expires=platform_settings.as_moment(expires),
            units=units,
            between=lambda: faultpoints.reached("reconciliation.before-platform-commit"),
        )
        faultpoints.reached("reconciliation.after-platform-commit")
        return version, applied


def _text(found: object, most: int) -> str:
    if not isinstance(found, str) or len(found) > most:
        raise ValueError(f"no text of at most {most} characters")
    return found


INCOMING: Mapping[str, Handler] = {
    "reconciliation-codes": take_in_codes,
    "codes-deactivated": take_in_deactivated,
    "codes-restored": take_in_restored,
}
ACTIONS: Mapping[str, Action] = {}
JOBS: Mapping[str, Work] = {PREPARE: prepare, APPLY: apply, READ_BACK: read_back}
