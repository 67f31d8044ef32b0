"""Rules of the office's own records: saved against the revision they were read at, and clocks that run. Knows no Flask."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.office.authors import Author
from compartments.administration.operations.models import (
    Change,
    Credential,
    CredentialRead,
    Incident,
    Maintenance,
    Record,
    Runbook,
)
from compartments.administration.tables import database

CHANGES, INCIDENTS, MAINTENANCE, RUNBOOKS, CREDENTIALS = (
    "changes", "incidents", "maintenance", "runbooks", "credentials",
)  # fmt: skip
KINDS: Mapping[str, type[Record]] = {
    CHANGES: Change,
    INCIDENTS: Incident,
    MAINTENANCE: Maintenance,
    RUNBOOKS: Runbook,
    CREDENTIALS: Credential,
}
TO_REPORT = timedelta(hours=72)
AT_MOST = 200


class NoRecord(LookupError):
    """There is no such record."""


class ChangedMeanwhile(Exception):
    """Somebody else has saved it since it was read."""


def find(kind: str, record_id: int) -> Record:
    """Return a record; raises :class:`NoRecord`, also for a kind that doesn't exist."""
    model = KINDS.get(kind)
    found: Record | None = model.get_or_none(model.id == record_id) if model else None
    if found is None:
        raise NoRecord(record_id)
    return found


def listed(kind: str) -> list[Record]:
    """Return the records of a kind, newest first; runbooks and credentials by their titles."""
    model = KINDS.get(kind)
    if model is None:
        raise NoRecord(kind)
    order = model.title if model in (Runbook, Credential) else model.id.desc()
    return list(model.select().order_by(order).limit(AT_MOST))


def add(kind: str, values: Mapping[str, Any], *, entry_id: str, by: Author, now: datetime) -> Record:
    """Write a record; the same ``entry_id`` again returns the one it made."""
    model = KINDS[kind]
    with database.atomic("IMMEDIATE"):
        known: Record | None = model.get_or_none(model.entry_id == entry_id)
        return known or model.create(entry_id=entry_id, **values, **_signed(by, now))


def change(
    kind: str, record_id: int, values: Mapping[str, Any], *, revision: int, by: Author, now: datetime
) -> Record:
    """Save a record as read at ``revision``. Raises :class:`NoRecord` and :class:`ChangedMeanwhile`."""
    with database.atomic("IMMEDIATE"):
        record = find(kind, record_id)
        if record.revision != revision:
            raise ChangedMeanwhile
        for name, value in {**values, **_signed(by, now), "revision": revision + 1}.items():
            setattr(record, name, value)
        record.save()
        return record


def reveal(record_id: int, *, by: Author, now: datetime) -> Credential:
    """Return a credential to be shown, and note who sees it. Raises :class:`NoRecord`."""
    with database.atomic("IMMEDIATE"):
        found = find(CREDENTIALS, record_id)
        assert isinstance(found, Credential)  # noqa: S101  (the kind says so)
        CredentialRead.create(credential=found, officer=by.id, officer_name=by.name, at=now)
        return found


def reads(record_id: int) -> list[CredentialRead]:
    """Return who has seen a credential, newest first."""
    query = CredentialRead.select().where(CredentialRead.credential == record_id)
    return list(query.order_by(CredentialRead.id.desc()).limit(AT_MOST))


def report_by(incident: Incident) -> datetime | None:
    """Return until when an incident has to be reported; None where it needn't, or has been."""
    if not incident.personal_data or incident.reported_at is not None:
        return None
    return incident.noticed_at + TO_REPORT


def clocks() -> list[tuple[Incident, datetime]]:
    """Return the incidents that have to be reported yet, and until when, the nearest first."""
    due = Incident.select().where(Incident.personal_data, Incident.reported_at.is_null())
    return sorted(((one, one.noticed_at + TO_REPORT) for one in due), key=lambda pair: pair[1])


def days_to_deploy(change: Change) -> int | None:
    """Return how long an update waited, in days; None where a day is missing."""
    if change.published_on is None or change.deployed_on is None:
        return None
    return int((change.deployed_on - change.published_on).days)


def median_days_to_deploy() -> float | None:
    """Return the median over the security updates; None where there are none."""
    done = [days_to_deploy(one) for one in Change.select().where(Change.security)]
    days = [number for number in done if number is not None]
    return statistics.median(days) if days else None


def security_updates_open() -> int:
    """Return how many security updates are known and not deployed."""
    return int(Change.select().where(Change.security, Change.deployed_on.is_null()).count())


def _signed(by: Author, now: datetime) -> dict[str, Any]:
    return {"changed_by": by.id, "changed_by_name": by.name, "changed_at": now}
