"""Announcing a maintenance window to everybody, and taking that back: decided here, carried out in the shared layer. Knows no Flask.

An officer decides it, a junior prepares it. One is enough: nothing in it is about a person, and it can be withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.envelopes import outbox
from app.envelopes.outbox import Action
from app.office.authors import Author
from app.shared import maintenance
from compartments.administration.operations.models import Maintenance
from compartments.administration.operations.records import MAINTENANCE, ChangedMeanwhile, find
from compartments.administration.tables import database
from keys.randomness import new_id

ANNOUNCE, WITHDRAW = "maintenance-notice", "maintenance-notice-withdrawal"


class NothingToSay(Exception):
    """No words for the public have been written."""


class WindowIsOver(Exception):
    """The window has ended, so there is nothing to announce."""


def announce(record_id: int, *, revision: int, by: Author, now: datetime) -> None:
    """Order that everybody can read it as it stands at ``revision``.

    Raises :class:`~compartments.administration.operations.records.NoRecord`,
    :class:`~compartments.administration.operations.records.ChangedMeanwhile`, :class:`NothingToSay` and :class:`WindowIsOver`.
    """
    with database.atomic("IMMEDIATE"):
        record = _window(record_id)
        if record.revision != revision:
            raise ChangedMeanwhile
        if not record.notice_de:
            raise NothingToSay
        if record.ends_at <= now:
            raise WindowIsOver
        record.notice = record.notice or new_id()
        record.announced_revision = revision
        record.save()
        payload = {
            "notice": record.notice,
            "starts_at": record.starts_at.isoformat(),
            "ends_at": record.ends_at.isoformat(),
            "texts": {"de": record.notice_de, "en": record.notice_en},
            "by": by.id,
            "now": now.isoformat(),
        }
        outbox.order(ANNOUNCE, payload)


def withdraw(record_id: int, *, by: Author) -> None:
    """Order that nobody reads it any more; where it isn't announced, nothing happens."""
    with database.atomic("IMMEDIATE"):
        record = _window(record_id)
        if record.notice is None:
            return
        outbox.order(WITHDRAW, {"notice": record.notice, "by": by.id})
        record.notice, record.announced_revision = None, 0
        record.save()


def _window(record_id: int) -> Maintenance:
    found = find(MAINTENANCE, record_id)
    assert isinstance(found, Maintenance)  # noqa: S101  (the kind says so)
    return found


def _announce(_order_id: str, payload: dict[str, Any]) -> None:
    maintenance.remove_past(datetime.fromisoformat(payload["now"]))
    maintenance.publish(
        payload["notice"],
        datetime.fromisoformat(payload["starts_at"]),
        datetime.fromisoformat(payload["ends_at"]),
        payload["texts"],
        actor=payload["by"],
    )


def _withdraw(_order_id: str, payload: dict[str, Any]) -> None:
    maintenance.withdraw(payload["notice"], actor=payload["by"])


ACTIONS: Mapping[str, Action] = {ANNOUNCE: _announce, WITHDRAW: _withdraw}
