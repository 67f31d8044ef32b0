"""Hands over what somebody in counsel writes, and reads what waits for them: sealed, among cover, once. Knows no Flask.

Coming back and reading leaves nothing behind: no row, no time, no log line. Writing leaves one envelope and one drop, which look like the
day's covers whose places they take.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app import faultpoints
from app.envelopes import counselling
from app.envelopes.directory import PinnedKeys
from app.envelopes.package import Enclosure
from app.envelopes.posting import put_beside, seal_from_public
from app.shared import counsellors, cover, drops
from app.shared.counsellors import Counsellor
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.together import write_together
from keys import cases
from keys.sealing import SealingKey, SealingKeyPair
from keys.visits import VisitKeys

OPENED = "opened"


class NoContact(LookupError):
    """Nothing lies in the pool under this code: mistyped, erased, or past its time."""


@dataclass(frozen=True)
class Visit:
    """What somebody finds who has come back. ``sent`` are their own copies, ``answers`` what counsellors left, both oldest first.

    ``standing`` is the newest word on the contact as a whole (see :mod:`compartments.counsel.cases.standing`), None before the first answer.
    """

    sent: Sequence[Mapping[str, Any]] = field(repr=False)
    answers: Sequence[Mapping[str, Any]] = field(repr=False)

    @property
    def standing(self) -> Mapping[str, Any] | None:
        """The newest state of the contact, as the counsellors have told it."""
        told = [one["standing"] for one in self.answers if one.get("standing")]
        return told[-1] if told else None

    @property
    def inbox(self) -> SealingKey:
        """What a letter is sealed to: the newest key that the counsellors have told, or the one that was taken the last time. Raises :class:`NoContact`."""
        for one in (self.standing or {}, *reversed(self.sent)):
            if key := one.get("inbox"):
                return SealingKey.from_bytes(bytes.fromhex(key))
            if seed := one.get("inbox_seed"):
                return SealingKeyPair.from_seed(bytes.fromhex(seed)).public
        raise NoContact


def begin(
    visit: VisitKeys,
    said: Mapping[str, Any],
    files: Sequence[Enclosure],
    *,
    readers: Sequence[Counsellor],
    everybody: Sequence[Counsellor],
    counsel: PinnedKeys,
    day: date,
    now: datetime,
) -> bool:
    """Open a contact; return whether it is new. ``readers`` can read it, and nobody else; ``everybody`` could have been chosen."""
    case_key = cases.new_case_key()
    body = {"case": visit.case, "slots": counselling.slots(case_key, visit, readers, everybody)}
    room = counselling.room(files, body, said)
    content, large = counselling.intake(
        case_key, visit, {**said, "on": day.isoformat(), "at": _moment(now)}, files, room=room
    )
    envelope = seal_from_public(
        "counsel-intake", counsel, visit.envelope_id, body, [content], room=content.size
    )
    # The seed, and not the key that people seal to: making that one costs as much as sealing all of this, and few write before they are answered.
    seed = cases.inbox_seed(case_key, case=visit.case).hex()
    copy = {
        "kind": OPENED,
        "at": _moment(now),
        "said": dict(said),
        "files": _names(files),
        "inbox_seed": seed,
    }
    kept_out = counsellors.chosen(everybody, said["excluded"])
    copy |= {"readers": [one.name for one in readers], "never": [one.name for one in kept_out]}
    left = drops.pieces(counselling.written(copy), secret=visit.own, first=0)

    def store() -> bool:
        cover.take_turns()
        if drops.is_begun(visit.own):
            return False
        cover.put(cover.envelopes(counsel.vault), visit.envelope_id, envelope.ciphertext, day)
        put_beside(visit.envelope_id, large)
        drops.put(left, day)
        faultpoints.reached("counselling.begin.before-commit")
        return True

    return write_together(store)


def begun(visit: VisitKeys) -> bool:
    """Whether a contact was opened with this code before."""
    return drops.is_begun(visit.own)


def begun_with(visit: VisitKeys, said: Mapping[str, Any]) -> bool:
    """Whether it was opened with just these words."""
    opened = _read(visit.own)
    return any(one["kind"] == OPENED and one["said"] == dict(said) for one in opened)


def look(visit: VisitKeys) -> Visit:
    """Read what there is. Raises :class:`NoContact`."""
    sent = _read(visit.own)
    answers = _read(visit.answers, visit.sealing)
    if not sent and not answers:
        raise NoContact
    return Visit(sent, answers)


def write(
    visit: VisitKeys,
    envelope_id: str,
    said: Mapping[str, Any],
    files: Sequence[Enclosure] = (),
    *,
    counsel: PinnedKeys,
    day: date,
    now: datetime,
) -> bool:
    """Send a letter to the contact's counsellors, once per ``envelope_id``; return whether it is new. Raises :class:`NoContact`.

    ``said`` has a ``kind``: "message" (text), "consent" (consent, decision), "record" (version, decision, text), "end", "erase".
    """
    found = look(visit)
    said = {**said, "at": _moment(now)}
    content, large = counselling.letter(visit, found.inbox, envelope_id, said, files)
    body = {"case": visit.case}
    envelope = seal_from_public("counsel-letter", counsel, envelope_id, body, [content], room=content.size)
    inbox = found.inbox.to_bytes().hex()
    copy = {**said, "letter": envelope_id, "files": _names(files), "inbox": inbox}
    with write_transaction(shared_database):
        cover.take_turns()
        if any(one.get("letter") == envelope_id for one in look(visit).sent):
            return False
        number = drops.next_number(visit.own)
        cover.put(cover.envelopes(counsel.vault), envelope_id, envelope.ciphertext, day)
        put_beside(envelope_id, large)
        drops.put(drops.pieces(counselling.written(copy), secret=visit.own, first=number), day)
        faultpoints.reached("counselling.write.before-commit")
    return True


def forget(visit: VisitKeys) -> None:
    """Let cover take the place of the person's own copies. What counsellors left stays until its time is over."""
    with write_transaction(shared_database):
        cover.take_turns()
        drops.blot_out(visit.own)


def _read(secret: bytes, keys: SealingKeyPair | None = None) -> list[dict[str, Any]]:
    """Read what lies under a secret, oldest first. What isn't whole must not bar the way to the rest."""
    found = []
    for message in drops.read(secret, keys):
        try:
            found.append(dict(json.loads(message)))
        except (TypeError, ValueError):
            continue
    return found


def _names(files: Sequence[Enclosure]) -> list[str]:
    return [file.name for file in files]


def _moment(now: datetime) -> str:
    return now.isoformat(timespec="milliseconds")
