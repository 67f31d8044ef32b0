"""What was kept of the erased, and goes when its day has come: worked off by an officer. Knows no Flask."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.office.authors import Author
from compartments.membership.rights import retention
from compartments.membership.rights.models import Erasure, Retained, RetainedReading, RightsRequest
from compartments.membership.tables import database

AT_MOST = 500


class NothingKept(LookupError):
    """There is no such receipt, or nothing is kept under this id (any more)."""


@dataclass(frozen=True)
class Due:
    """What has come to its day: vouchers, answered requests whose person is erased, receipts of which nothing else is left."""

    vouchers: int
    requests: int
    receipts: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.vouchers + self.requests + self.receipts


def due(day: date) -> Due:
    """Return what goes on ``day``."""
    return Due(
        Retained.select().where(Retained.until < day).count(),
        len(_requests(day)),
        len(_receipts(day)),
    )


def erase(day: date) -> Due:
    """Erase it, and return what it was."""
    with database.atomic("IMMEDIATE"):
        vouchers = Retained.delete().where(Retained.until < day).execute()
        requests = RightsRequest.delete().where(RightsRequest.id.in_(_requests(day))).execute()
        receipts = Erasure.delete().where(Erasure.id.in_(_receipts(day))).execute()
    return Due(vouchers, requests, receipts)


def receipts() -> list[Erasure]:
    """Return the receipts, newest first."""
    return list(Erasure.select().order_by(Erasure.number.desc()).limit(AT_MOST))


def receipt(erasure_id: str) -> Erasure:
    """Return a receipt; raises :class:`NothingKept`."""
    found: Erasure | None = Erasure.get_or_none(Erasure.id == erasure_id)
    if found is None:
        raise NothingKept(erasure_id)
    return found


def kept_of(one: Erasure) -> list[Retained]:
    """Return what is kept since an erasure, by year."""
    return list(Retained.select().where(Retained.erasure == one.id).order_by(Retained.year))


def read(retained_id: str, *, by: Author, now: datetime) -> tuple[Retained, dict[str, Any]]:
    """Return what is kept under an id, and note that it was read. Raises :class:`NothingKept`."""
    with database.atomic("IMMEDIATE"):
        found: Retained | None = Retained.get_or_none(Retained.id == retained_id)
        if found is None:
            raise NothingKept(retained_id)
        RetainedReading.create(retained=found, officer=by.id, officer_name=by.name, at=now)
        return found, json.loads(found.content)


def readings(one: Retained) -> list[RetainedReading]:
    """Return who has looked at it, newest first."""
    mine = RetainedReading.select().where(RetainedReading.retained == one.id)
    return list(mine.order_by(RetainedReading.id.desc()).limit(AT_MOST))


def _requests(day: date) -> list[str]:
    answered = RightsRequest.select().where(
        RightsRequest.person.is_null(), RightsRequest.answered_on.is_null(False)
    )
    return [one.id for one in answered if one.answered_on and retention.PROOF.until(one.answered_on) < day]


def _receipts(day: date) -> list[str]:
    """Receipts under which nothing is kept, after the time in which somebody may ask for a proof."""
    empty = Erasure.select().where(
        Erasure.id.not_in(Retained.select(Retained.erasure).where(Retained.until >= day))
    )
    return [one.id for one in empty if retention.PROOF.until(one.erased_on) < day]
