"""A contact as the person sees it who came back: what was said on both sides in one line, what they agreed to, what was written down. Knows no Flask.

What counsellors told last counts, and whatever the person has decided since: it waits for them sealed, and is shown as decided all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from app.clock import day_of
from app.public.counselling.sending import OPENED, Visit
from keys.sealing import bind
from keys.symmetric import derive

ASKED, GIVEN, REFUSED, WITHDRAWN = "asked", "given", "refused", "withdrawn"
CONFIRMED, CORRECTED = "confirmed", "corrected"
CLOSED = "closed"
"""The state of a case on which nobody works any more; a letter to it is read all the same."""
STATISTICS = "statistics"
"""The step of being counted; and until counsellors have told another, the id of what the person said about it when writing in."""
_ID_LENGTH = 16


@dataclass(frozen=True)
class Said:
    """One thing that was said. ``kind`` is that of the letter or answer; ``who`` is empty for the person's own words."""

    kind: str
    at: datetime
    who: str
    content: Mapping[str, Any] = field(repr=False)

    @property
    def is_mine(self) -> bool:
        """Whether the person said it."""
        return not self.who


@dataclass(frozen=True)
class Done:
    """What was done with a consent: on which day, and how it was passed on. ``late``: before counsellors had read that it was withdrawn."""

    on: date | None
    way: str
    late: bool = False


@dataclass(frozen=True)
class Agreement:
    """One step that needs the person's consent. ``waits``: decided since counsellors last looked. ``form``: "spoken" and "written" ones
    were noted by a counsellor. ``purpose`` is what it is for, ``asked_by`` who asked. ``recalled_on``: then those who had received something were told that it was withdrawn.
    """

    id: str
    step: str
    recipient: str
    content: str
    decision: str
    asked_on: date | None
    decided_on: date | None
    form: str
    waits: bool
    done: Sequence[Done] = ()
    recalled_on: date | None = None
    purpose: str = ""
    asked_by: str = ""


@dataclass(frozen=True)
class Record:
    """The summary that counsellors wrote. ``decision`` is the person's on this version, empty while there is none."""

    version: int
    text: str
    decision: str


class Conversation:
    """Everything that a receipt code opens, for one request."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    @property
    def standing(self) -> Mapping[str, Any]:
        """What the counsellors told last; empty before their first word."""
        return self._visit.standing or {}

    @cached_property
    def lines(self) -> list[Said]:
        """Both sides, oldest first."""
        mine = [Said(one["kind"], _at(one), "", _opened(one)) for one in self._visit.sent]
        theirs = [
            Said(one["kind"], _at(one), str(one["from"]), one)
            for one in self._visit.answers
            if one["kind"] not in {"standing", "erased"}
        ]
        return sorted([*mine, *theirs], key=lambda one: one.at)

    @property
    def counsellors(self) -> list[str]:
        """Who can read it now, as far as they have told; before their first word those whom the person chose."""
        return self._told("counsellors", "readers")

    @property
    def excluded(self) -> list[str]:
        """Who must never read it."""
        return self._told("excluded", "never")

    @property
    def readers(self) -> list[str]:
        """The accounts of those who can read it, as far as they have told; before their first word of those whom the person chose."""
        opened = [one["said"] for one in self._visit.sent if one["kind"] == OPENED]
        return list(self.standing.get("readers") or (opened[0].get("chosen", ()) if opened else ()))

    def _told(self, told: str, chosen: str) -> list[str]:
        opened = [one for one in self._visit.sent if one["kind"] == OPENED]
        return list(self.standing.get(told) or (opened[0].get(chosen, ()) if opened else ()))

    @cached_property
    def agreements(self) -> list[Agreement]:
        """Every consent that was asked for, and that to be counted from the beginning."""
        told = list(self.standing.get("consents", ()))
        if self.counted is not None and STATISTICS not in {one["step"] for one in told}:
            said = GIVEN if self.counted else REFUSED
            told.insert(0, {"id": STATISTICS, "step": STATISTICS, "decision": said})
        return [self._agreement(one) for one in told]

    def agreement(self, consent: str) -> Agreement | None:
        """One of them, by its id."""
        return next((one for one in self.agreements if one.id == consent), None)

    @property
    def record(self) -> Record | None:
        """What is written down for the person to confirm or correct."""
        told = self.standing.get("record")
        if not told:
            return None
        version = int(told["version"])
        mine = [one for one in self._mine("record") if int(one["version"]) == version]
        return Record(version, str(told["text"]), str(mine[-1]["decision"]) if mine else "")

    @property
    def counted(self) -> bool | None:
        """What the person said about the figures when writing in; None where that can't be read any more."""
        opened = [one["said"] for one in self._visit.sent if one["kind"] == OPENED]
        return bool(opened[0].get("statistics")) if opened else None

    @property
    def closed(self) -> bool:
        """Whether the counsellors have closed the case, and not opened it again."""
        return self.standing.get("state") == CLOSED

    @property
    def ended(self) -> bool:
        """Whether the person has ended the contact, and not written since."""
        spoken = [one["kind"] for one in self._visit.sent if one["kind"] in {OPENED, "message", "end"}]
        return spoken[-1:] == ["end"]

    @property
    def erasure_wanted(self) -> bool:
        """Whether the person has asked for erasure, and not taken it back."""
        return self._wish is not None and self._wish["kind"] == "erase"

    @property
    def wished_at(self) -> datetime | None:
        """When the person asked for erasure, or took that back."""
        return _at(self._wish) if self._wish else None

    @property
    def wish_is_read(self) -> bool:
        """Whether the counsellors know by now whether the person wants it erased."""
        return bool(self.standing.get("erasure_wanted")) == self.erasure_wanted

    def holds(self, letter: str) -> bool:
        """Whether the person has sent this letter."""
        return any(one.get("letter") == letter for one in self._visit.sent)

    @property
    def has_copies(self) -> bool:
        """Whether the person's own copies are still there."""
        return bool(self._visit.sent)

    @property
    def erased(self) -> Mapping[str, Any] | None:
        """The receipt of an erasure."""
        told = [one for one in self._visit.answers if one["kind"] == "erased"]
        return told[-1] if told else None

    @property
    def erased_at(self) -> datetime | None:
        """When all of it was erased."""
        return _at(self.erased) if self.erased else None

    @property
    def backups_until(self) -> date | None:
        """Until when a backup may hold a sealed copy of what was erased."""
        return _day((self.erased or {}).get("backups_until"))

    @property
    def erase_on(self) -> date | None:
        """The day on which everything is erased, where there is one yet."""
        return _day(self.standing.get("erase_on"))

    @property
    def kept_because(self) -> str:
        """Why it is kept longer than it would have been, in a counsellor's words."""
        kept = self.standing.get("kept") or {}
        return str(kept.get("reason", "")) if kept.get("until") == self.standing.get("erase_on") else ""

    @property
    def _wish(self) -> Mapping[str, Any] | None:
        wishes = [one for one in self._visit.sent if one["kind"] in {"erase", "keep"}]
        return wishes[-1] if wishes else None

    def _done(self, consent: str) -> list[Done]:
        """What was done with a consent, oldest first."""
        return [
            Done(_day(one.get("done_on")), str(one.get("way", "")), bool(one.get("late")))
            for one in self.standing.get("done", ())
            if one.get("consent") == consent
        ]

    def _mine(self, kind: str) -> list[Mapping[str, Any]]:
        return [one for one in self._visit.sent if one["kind"] == kind]

    def _agreement(self, told: Mapping[str, Any]) -> Agreement:
        names = {told["id"], STATISTICS} if told["step"] == STATISTICS else {told["id"]}
        mine = [one for one in self._mine("consent") if one["consent"] in names]
        newer = bool(mine) and _at(mine[-1]) >= self._told_at and mine[-1]["decision"] != told["decision"]
        recalled = _day(told.get("recalled_on"))
        decided_on = day_of(_at(mine[-1])) if newer else _day(told.get("decided_on"))
        return Agreement(
            id=str(told["id"]),
            step=str(told["step"]),
            recipient=str(told.get("recipient", "")),
            content=str(told.get("content", "")),
            decision=str(mine[-1]["decision"] if newer else told["decision"]),
            asked_on=_day(told.get("asked_on")),
            decided_on=decided_on,
            form="" if newer else str(told.get("form", "")),
            waits=newer,
            done=self._done(str(told["id"])),
            purpose=str(told.get("purpose", "")),
            asked_by=str(told.get("asked_by", "")),
            recalled_on=None if mine and _at(mine[-1]).date() > (recalled or date.max) else recalled,
        )

    @property
    def _told_at(self) -> datetime:
        told: Sequence[datetime] = [_at(one) for one in self._visit.answers if one.get("standing")]
        return max(told, default=datetime(1, 1, 1))  # noqa: DTZ001  (naive UTC, as everywhere)


def letter_id(seed: bytes, *what: str) -> str:
    """Return the id of the letter that one press of a button on one page sends: the same however often it is pressed."""
    return derive(seed, info=bind("counselling-letter", *what), length=_ID_LENGTH).hex()


def _opened(one: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**one["said"], "files": one.get("files", ())} if one["kind"] == OPENED else one


def _at(one: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(one["at"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
