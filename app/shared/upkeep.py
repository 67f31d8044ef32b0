"""What time demands of the shared layer, and needs no key: deadlines, terms, expiries, and a look at the chain of acts.

Each part may run at any time, twice, or twice at once; what has been done already is not done again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.shared import acts, assignments, claims, cover, drafts, drops, maintenance, sessions, stirring
from app.shared.assignments import Violation
from app.shared.counsel_models import Drop
from app.shared.cover import Covered
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.models import Assignment, Enrolment, Mailbox, MailboxMessage, Posting, Vault
from app.shared.posting_changes import CLOSED, PUBLISHED
from app.shared.sessions import Limits

LONGEST_GAP = timedelta(days=7)
"""Between two days with upkeep, before the clock is doubted."""


@dataclass(frozen=True)
class Done:
    """What was done (slugs, or numbers), and what was found that should be impossible.

    ``jumped``: the clock is far ahead of the last upkeep, and so nothing was done.
    """

    violations: list[Violation]
    broken_acts: list[int]
    closed: list[str] = field(default_factory=list)
    ended: int = 0
    sessions: int = 0
    mailboxes: int = 0
    drafts: int = 0
    graces: int = 0
    enrolments: int = 0
    drops: int = 0
    windows: int = 0
    jumped: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether nothing impossible was found."""
        return not self.violations and not self.broken_acts and not self.jumped


def run(day: date, now: datetime, limits: Limits) -> Done:
    """Do everything that is due on ``day`` (the organisation's) at ``now`` (naive UTC).

    What is ended or deleted doesn't come back. So a clock that has jumped ahead is believed a day later, and until then nothing but cover is laid.
    """
    jumped = has_jumped(day)
    keep_covered(day)
    if jumped:
        return Done(list(assignments.violations()), list(acts.broken_links()), jumped=True)
    remove_old_cover(day)
    night = assignments.nightly(day)
    return Done(
        closed=close_postings(day),
        ended=len(night.ended),
        sessions=sessions.expire(limits),
        mailboxes=remove_mailboxes(day),
        drafts=drafts.remove_expired(now),
        graces=claims.remove_expired(now),
        enrolments=remove_enrolments(day),
        drops=drops.remove_expired(day),
        windows=maintenance.remove_past(now),
        violations=night.violations,
        broken_acts=list(acts.broken_links()),
    )


def has_jumped(day: date) -> bool:
    """Whether no upkeep is known of the days before, although there is one of earlier days: each lays its day's cover."""
    earlier = Drop.select().where(Drop.day < day)
    return bool(earlier.exists() and not earlier.where(Drop.day >= day - LONGEST_GAP).exists())


def close_postings(day: date) -> list[str]:
    """Close what is past its deadline; return the slugs. Pages show it as closed from the first minute of the day anyway."""
    due = (Posting.state == PUBLISHED) & (Posting.deadline < day)
    closed = []
    for slug in [row.slug for row in Posting.select(Posting.slug).where(due)]:
        with write_transaction(shared_database):
            changes = {"state": CLOSED, "revision": Posting.revision + 1}
            if Posting.update(**changes).where(Posting.slug == slug, due).execute():
                acts.record(acts.Kind.POSTING_CLOSED, compartment="board", subject=slug)
                closed.append(slug)
    return closed


def remove_mailboxes(day: date) -> int:
    """Delete mailboxes past their day, with what is in them; return how many."""
    past = Mailbox.select(Mailbox.id).where(Mailbox.expires_on < day)
    with write_transaction(shared_database):
        MailboxMessage.delete().where(MailboxMessage.mailbox.in_(past)).execute()
        return int(Mailbox.delete().where(Mailbox.expires_on < day).execute())


def keep_covered(day: date) -> None:
    """Let cover lie where people in counsel will leave something today, and let it look like what is left there."""
    kinds = [cover.DROPS, *_covered_envelopes()]
    with write_transaction(shared_database):
        cover.take_turns()
        new = [kind for kind in kinds if cover.top_up(kind, day)]
    for kind in new:
        stirring.change_some(kind, day)
        stirring.stir_former(kind, day)
    for kind in kinds:
        stirring.stir(kind, day)


def remove_old_cover(day: date) -> None:
    """Take away the cover that is too old to hide anything."""
    with write_transaction(shared_database):
        cover.take_turns()
        for kind in _covered_envelopes():
            cover.remove_old(kind, day - cover.ENVELOPES_ARE_COVERED_FOR)


def _covered_envelopes() -> list[Covered]:
    vaults: Any = Vault.select(Vault.name).where(Vault.kind == cover.COVERED_KIND)
    return [cover.envelopes(vault.name) for vault in vaults]


def remove_enrolments(day: date) -> int:
    """Delete the codes' hashes that are past their day and of no use any more; return how many."""
    over = Assignment.select(Assignment.id).where(Assignment.state == "ended")
    useless = Enrolment.used_on.is_null(False) | Enrolment.assignment.in_(over)
    return int(Enrolment.delete().where(useless, Enrolment.expires_on < day).execute())
