"""What speaks against erasing a case now, and erasing it by hand all the same. Knows no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from compartments.counsel.cases import due
from compartments.counsel.cases.opened import Entry, Kind, OpenCase, in_one_piece
from compartments.counsel.cases.unfolding import unfold, waits
from compartments.counsel.consents.service import Recall, to_recall
from compartments.counsel.incidents import service as incidents
from compartments.counsel.retention.service import BY_HAND, ON_REQUEST, Erased, erase


class StillNeeded(Exception):
    """Something speaks against it, and the one who erases hasn't said that they know."""


@dataclass(frozen=True)
class Pending:
    """What would be lost. ``kept_because`` is the reason that a counsellor gave for keeping it longer, until its day has come."""

    unread: int
    kept_because: str
    recalls: Sequence[Recall]
    unanswered: Sequence[Entry]

    @property
    def speaks_against(self) -> bool:
        """Whether one has to say that one knows: a service that hasn't answered is told only."""
        return bool(self.unread or self.kept_because or self.recalls)


def pending(case: OpenCase) -> Pending:
    """Return what would be lost if the case were erased now. A wish to be erased is nothing unread."""
    return Pending(
        unread=0 if case.head.erasure_wanted else case.head.unread,
        kept_because=_kept_because(case),
        recalls=to_recall(case),
        unanswered=[one for one in case.entries(Kind.REFERRAL) if due.is_open(one)],
    )


def erase_by_hand(
    case: OpenCase, *, reason: str, despite: bool, backups_kept: timedelta, now: datetime
) -> Erased:
    """Erase a case because a counsellor decides so, or the person has asked for it; ``reason`` is told to the person only.

    Raises :class:`StillNeeded` unless ``despite`` what speaks against it, and :class:`~.service.KeptByLaw`.
    """
    with in_one_piece():
        case.must_be_current()
        # What a colleague's request has put to the case since this one opened it has been read by nobody.
        while waits(case.id):
            unfold(case, {}, now=now)
            incidents.settle(case)
        if pending(case).speaks_against and not despite:
            raise StillNeeded(case.id)
        rule = ON_REQUEST if case.head.erasure_wanted else BY_HAND
        return erase(case, rule, backups_kept=backups_kept, now=now, reason=reason)


def _kept_because(case: OpenCase) -> str:
    until = case.row.erase_on.isoformat() if case.row.erase_on else ""
    kept = [one.data for one in case.entries(Kind.EVENT) if one.data["what"] == "kept-longer"]
    return str(kept[-1]["text"]) if kept and kept[-1]["until"] == until else ""
