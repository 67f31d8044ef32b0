"""What counsellors leave for the person: answers, each with the standing of the whole contact, sealed to the receipt's key, among cover."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.clock import day_of
from app.envelopes import counselling, outbox
from app.shared import cover, drops
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.drops import Piece
from app.vault.models import Outgoing
from compartments.counsel.cases.head import Reach
from compartments.counsel.cases.opened import Entry, Kind, OpenCase
from keys.sealing import SealingKey
from keys.visits import drop_id

DROP, BLOT_OUT = "drop", "blot-out"


class NoWayBack(ValueError):
    """This case was opened after a talk: there is no receipt, and nowhere to leave an answer."""


def answer(
    case: OpenCase, text: str, *, entry_id: str, now: datetime, counted: str = "", tells: bool = False
) -> Entry | None:
    """Answer the person; None where this form has done so already. Call it in a transaction of the vault. Raises :class:`NoWayBack`.

    ``counted`` is the id of its count; ``tells``: it says what was done about a report.
    """
    if case.head.reach is None:
        raise NoWayBack(case.id)
    entry = case.add(
        Kind.ANSWER, {"text": text, "counted": counted}, now=now, by=case.reader, entry_id=entry_id
    )
    if entry is not None:
        head = case.head
        day = day_of(now).isoformat()
        case.set_head(
            head.but(
                unread=0,
                answered_on=head.answered_on or day,
                acknowledged_on=head.acknowledged_on or day,
                told_on=head.told_on or (day if tells else None),
            ),
            now=now,
        )
        tell(case, text, now=now)
    return entry


def tell(case: OpenCase, text: str | None, *, now: datetime) -> None:
    """Leave a message (or none) and the standing for the person, where there is a way back. Call it in a transaction of the vault."""
    head = case.head
    if head.reach is None:
        return
    message = {
        "kind": "answer" if text is not None else "standing",
        "at": now.isoformat(timespec="milliseconds"),
        "from": case.reader.name,
        "text": text or "",
        "standing": standing(case),
    }
    made = leave(head.reach, head.answers_sent, message, day=day_of(now))
    case.set_head(head.but(answers_sent=head.answers_sent + made), now=now)


def leave(reach: Reach, first: int, message: Mapping[str, Any], *, day: date) -> int:
    """Order the drops of one message; return how many."""
    made = drops.pieces(
        counselling.written(message),
        secret=bytes.fromhex(reach.answers),
        first=first,
        to=SealingKey.from_bytes(bytes.fromhex(reach.sealing_key)),
    )
    pieces = [{"id": piece.id, "ciphertext": b64encode(piece.ciphertext).decode()} for piece in made]
    outbox.order(DROP, {"pieces": pieces, "day": day.isoformat()})
    return len(made)


def standing(case: OpenCase) -> dict[str, Any]:
    """Return what the person may know of the contact as a whole: whom it reaches, what they agreed to, what is written down, until when."""
    head, entries = case.head, case.entries()

    def of(kind: str) -> list[Entry]:
        return [one for one in entries if one.kind == kind]

    return {
        "inbox": case.inbox.public.to_bytes().hex(),
        "epoch": case.row.epoch,
        "state": case.row.state,
        "counsellors": sorted(head.readers.values()),
        "readers": sorted(head.readers),
        "excluded": [name for one in of(Kind.RECEIVED) for name in one.data.get("never", ())],
        "in_charge": head.readers.get(head.in_charge or "", ""),
        "consents": [{"id": one.id, **one.data} for one in of(Kind.CONSENT)],
        "done": [_done(one) for one in of(Kind.REFERRAL)],
        "record": _record(of(Kind.RECORD)),
        "erasure_wanted": head.erasure_wanted,
        "kept": _kept(of(Kind.EVENT)),
        "erase_on": case.row.erase_on.isoformat() if case.row.erase_on else None,
        "whistleblower": head.whistleblower,
        "received_on": head.received_on,
    }


def _done(step: Entry) -> dict[str, Any]:
    """What was done with a consent."""
    told = {name: step.data[name] for name in ("consent", "way", "done_on")}
    return {**told, "late": bool(step.data.get("late"))}


def _kept(events: Sequence[Entry]) -> dict[str, str] | None:
    """Until when the erasure was put off last, and why."""
    put_off = [one.data for one in events if one.data["what"] == "kept-longer"]
    return {"until": put_off[-1]["until"], "reason": put_off[-1]["text"]} if put_off else None


def _record(records: Sequence[Entry]) -> dict[str, Any] | None:
    """The written summary that the person confirms or corrects: the newest version."""
    return {"version": records[-1].version, "id": records[-1].id, **records[-1].data} if records else None


def put_drops(order_id: str, payload: Mapping[str, Any]) -> None:
    """Carry out an order: put pieces into the pool, once.

    An order that isn't in the vault any more was carried out by a colleague's request, or taken back by an erasure, since this request
    read it. Putting its pieces now would bring back what has been blotted out.
    """
    made = [Piece(one["id"], b64decode(one["ciphertext"])) for one in payload["pieces"]]
    with write_transaction(shared_database):
        cover.take_turns()
        if Outgoing.select().where(Outgoing.id == order_id).exists():
            drops.put(made, date.fromisoformat(payload["day"]))


def take_back(reach: Reach, sent: int) -> None:
    """Let nothing be found of what was left for somebody: what lies in the pool is blotted out, what is still ordered isn't put there.

    ``sent`` is how many drops there are. Call it in the transaction of the vault that erases.
    """
    secret = bytes.fromhex(reach.answers)
    left = [drop_id(secret, number) for number in range(sent)]
    for row in list(Outgoing.select().where(Outgoing.action == DROP)):
        if not {piece["id"] for piece in json.loads(bytes(row.payload))["pieces"]}.isdisjoint(left):
            Outgoing.delete().where(Outgoing.id == row.id).execute()
    outbox.order(BLOT_OUT, {"drops": left})


def blot_out(_order_id: str, payload: Mapping[str, Any]) -> None:
    """Carry out an order: let cover take the place of drops."""
    with write_transaction(shared_database):
        cover.take_turns()
        for drop in payload["drops"]:
            cover.take_out(cover.DROPS, drop)


ACTIONS: dict[str, outbox.Action] = {DROP: put_drops, BLOT_OUT: blot_out}
