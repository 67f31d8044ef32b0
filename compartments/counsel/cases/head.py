"""The first sheet of a case, sealed like everything in it: who reads it, who was left out, where answers go, what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Reach:
    """What answers need, all of it from the person's receipt: public keys and the secret that gives drops' ids, as hexadecimal signs."""

    sealing_key: str = field(repr=False)
    signing_key: str = field(repr=False)
    answers: str = field(repr=False)


@dataclass(frozen=True)
class Head:
    """``readers``: account -> name of those who have a slot. ``excluded``: accounts that must never get one, by the person's wish or a
    conflict of interest. ``answers_sent`` counts drops. ``told_on``: since
    then the person knows what was done about their report (HinSchG § 17 (2)); acknowledging it is not that. ``sealed_to``: whom the present key was sealed for, empty while it is the first one, which the
    person made. ``recalls`` are consents that the person has withdrawn, until
    somebody has drawn the consequences. ``old_inboxes`` are seeds: a letter may be under way to a key that was changed since.
    ``reach`` is None for a case that a counsellor opened after a talk. Days are ISO dates.
    """

    title: str = ""
    origin: str = "online"
    language: str = "de"
    name: str = ""
    contact: str = ""
    preferred: str = ""
    readers: Mapping[str, str] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)
    in_charge: str | None = None
    reach: Reach | None = None
    received_on: str = ""
    acknowledged_on: str | None = None
    answered_on: str | None = None
    told_on: str | None = None
    whistleblower: bool = False
    due_on: str | None = None
    due_what: str = ""
    recalls: Sequence[str] = ()
    sealed_to: Sequence[str] = ()
    ended_by_person: bool = False
    erasure_wanted: bool = False
    unread: int = 0
    answers_sent: int = 0
    old_inboxes: Sequence[str] = field(default=(), repr=False)

    def but(self, **changes: Any) -> Head:
        """Return a copy with some of it changed."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Return what is sealed."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Head:
        """Read what was sealed."""
        known = dict(kept)
        reach = known.pop("reach")
        return cls(reach=Reach(**reach) if reach else None, **known)
