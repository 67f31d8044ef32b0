"""Four eyes: what one officer proposes is done only when another one confirms it. Rules only; knows no Flask.

A proposal never holds what it is about, only how to find it (``subject``), and one sentence. Whoever proposes can't confirm, whatever
page they come by; who has decided stays written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from app.vault.context import any_vault
from app.vault.models import Proposal
from keys.randomness import new_id

OPEN, CONFIRMED, REFUSED, STALE = "open", "confirmed", "refused", "stale"
AT_MOST = 100


class By(Protocol):
    """Who does something: an account's id, and its name at the time."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


class NoProposal(LookupError):
    """There is no such proposal."""


class SameOfficer(Exception):
    """Whoever proposed can't confirm."""


class AlreadyDecided(Exception):
    """Somebody has confirmed or refused it already; ``proposal`` says who."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(proposal.id)
        self.proposal = proposal


class AlreadyProposed(Exception):
    """The same is proposed already; ``proposal`` is the open one."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(proposal.id)
        self.proposal = proposal


class Stale(Exception):
    """What was proposed no longer fits how things are. ``reason`` is a plain sentence for the officers."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def propose(
    kind: str, subject: Mapping[str, Any], summary: str, *, about: str = "", by: By, now: datetime
) -> Proposal:
    """Propose something; ``subject`` is JSON, ``about`` names the matter: one open proposal for each. Raises :class:`AlreadyProposed`."""
    matter = f"{kind}:{about}" if about else None
    with any_vault.atomic("IMMEDIATE"):
        known = Proposal.get_or_none(Proposal.open_about == matter) if matter else None
        if known is not None:
            raise AlreadyProposed(known)
        return Proposal.create(
            id=new_id(),
            kind=kind,
            open_about=matter,
            subject=json.dumps(dict(subject), sort_keys=True),
            summary=summary,
            proposed_by=by.id,
            proposed_by_name=by.name,
            proposed_at=now,
        )


def confirm(proposal_id: str, *, by: By, now: datetime) -> Proposal:
    """Confirm, in the transaction that carries it out. Raises :class:`NoProposal`, :class:`SameOfficer`, :class:`AlreadyDecided`."""
    with any_vault.atomic("IMMEDIATE"):
        proposal = _undecided(proposal_id)
        if proposal.proposed_by == by.id:
            raise SameOfficer(proposal_id)
        return _decide(proposal, CONFIRMED, by, now, "")


def refuse(proposal_id: str, reason: str, *, by: By, now: datetime) -> Proposal:
    """Refuse it; whoever proposed takes it back that way. Raises :class:`NoProposal`, :class:`AlreadyDecided`."""
    with any_vault.atomic("IMMEDIATE"):
        return _decide(_undecided(proposal_id), REFUSED, by, now, reason)


def close_as_stale(proposal_id: str, reason: str, *, by: By, now: datetime) -> Proposal:
    """Close it, since the world has changed. Raises :class:`NoProposal`, :class:`AlreadyDecided`."""
    with any_vault.atomic("IMMEDIATE"):
        return _decide(_undecided(proposal_id), STALE, by, now, reason)


def find(proposal_id: str) -> Proposal:
    """Return a proposal; raises :class:`NoProposal`."""
    found: Proposal | None = Proposal.get_or_none(Proposal.id == proposal_id)
    if found is None:
        raise NoProposal(proposal_id)
    return found


def open_about(kind: str, about: str) -> Proposal | None:
    """Return the open proposal about this matter, if there is one."""
    found: Proposal | None = Proposal.get_or_none(Proposal.open_about == f"{kind}:{about}")
    return found


def subject_of(proposal: Proposal) -> dict[str, Any]:
    """Return what a proposal is about."""
    subject: dict[str, Any] = json.loads(proposal.subject)
    return subject


def waiting() -> list[Proposal]:
    """Return the open proposals, oldest first."""
    return list(Proposal.select().where(Proposal.state == OPEN).order_by(Proposal.proposed_at).limit(AT_MOST))


def decided(limit: int = AT_MOST) -> list[Proposal]:
    """Return what was decided, newest first."""
    return list(
        Proposal.select().where(Proposal.state != OPEN).order_by(Proposal.decided_at.desc()).limit(limit)
    )


def count_waiting(other_than: str = "") -> int:
    """Return how many proposals are open that ``other_than`` (an account) has not made."""
    return int(Proposal.select().where(Proposal.state == OPEN, Proposal.proposed_by != other_than).count())


def _undecided(proposal_id: str) -> Proposal:
    proposal = find(proposal_id)
    if proposal.state != OPEN:
        raise AlreadyDecided(proposal)
    return proposal


def _decide(proposal: Proposal, state: str, by: By, now: datetime, reason: str) -> Proposal:
    proposal.state, proposal.reason, proposal.open_about = state, reason, None
    proposal.decided_by, proposal.decided_by_name, proposal.decided_at = by.id, by.name, now
    proposal.save()
    return proposal
