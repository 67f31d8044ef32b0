"""What a vault has decided and the shared layer must learn: written with the decision, delivered after it, exactly once.

A decision and its consequences outside the vault can't be one transaction, since they lie in two databases. So the vault writes both the
decision and the order for the consequence; :func:`deliver` then carries orders out. Every action is idempotent by the order's id.
"""

from __future__ import annotations

import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from peewee import InterfaceError, OperationalError, fn

from app import faultpoints
from app.binding import NotOpen
from app.clock import utc_now
from app.crossings import find
from app.envelopes.directory import PinnedKeys, follow
from app.envelopes.letter import File, Letter, seal_letter
from app.envelopes.posting import Sealed, put
from app.offices import kind_of
from app.shared import mailboxes
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.models import MailboxMessage
from app.vault.context import current_vault
from app.vault.models import Alarm, Outgoing, OwnKeys, Pin
from app.vault.models import Sequence as SequenceRow
from keys.identity import KeyPairs, PublicKeys
from keys.padding import pad
from keys.randomness import new_id
from keys.sealing import SealingKey, seal

log = logging.getLogger(__name__)
Action = Callable[[str, dict[str, Any]], None]
STUCK_ORDER = "stuck-order"


def order(action: str, payload: Mapping[str, Any], *, order_id: str | None = None) -> str:
    """Write an order inside the decision's transaction; return its id. ``payload`` must be JSON."""
    order_id = order_id or new_id()
    last = Outgoing.select(fn.MAX(Outgoing.number)).scalar() or 0
    Outgoing.create(id=order_id, number=last + 1, action=action, payload=json.dumps(payload).encode())
    return order_id


def send(
    type_: str, recipient: str, body: Mapping[str, Any], files: Sequence[File] = (), *, day: date
) -> str:
    """Seal and sign a letter to another compartment and order its delivery; return the envelope's id."""
    vault = current_vault()
    crossing = find(type_, vault.kind, kind_of(recipient))
    letter = Letter(new_id(), crossing, vault.name, recipient, _next_number(recipient), body, files)
    own = OwnKeys.select().order_by(OwnKeys.epoch.desc()).get()
    pin = Pin.get_by_id(recipient)
    to = follow(PinnedKeys(recipient, pin.epoch, PublicKeys.from_bytes(bytes(pin.public_keys))))[0]
    ciphertext = seal_letter(letter, to.keys.sealing, KeyPairs.from_seed(bytes(own.private_keys)).signing)
    payload = {"recipient": recipient, "ciphertext": b64encode(ciphertext).decode(), "day": day.isoformat()}
    return order("envelope", payload, order_id=letter.envelope_id)


def answer(mailbox: str, sealing_key: bytes, message: Mapping[str, Any], *, day: date) -> str:
    """Seal a message (JSON) to a mailbox and order its delivery; return the message's id."""
    message_id = new_id()
    plain = pad(json.dumps(dict(message), ensure_ascii=False).encode())
    ciphertext = seal(plain, SealingKey.from_bytes(sealing_key), info=mailboxes.context(mailbox, message_id))
    payload = {"mailbox": mailbox, "ciphertext": b64encode(ciphertext).decode(), "day": day.isoformat()}
    return order("mailbox-message", payload, order_id=message_id)


def deliver(actions: Mapping[str, Action]) -> int:
    """Carry out what is ordered, oldest first; return how many orders. ``actions`` are the compartment's own ones.

    An order that fails stays, raises one alarm, and is tried again next time: it must not close the compartment to its officers.
    """
    known = {**ACTIONS, **actions}
    delivered = 0
    for row in list(Outgoing.select().order_by(Outgoing.number)):
        try:
            known[row.action](row.id, json.loads(bytes(row.payload)))
        except (OperationalError, InterfaceError, NotOpen):
            raise
        except Exception as error:  # noqa: BLE001
            _stuck(row, type(error).__name__)
            continue
        faultpoints.reached("outbox.after-action")
        if Outgoing.delete().where(Outgoing.id == row.id).execute():
            delivered += 1
    return delivered


def _stuck(row: Outgoing, error: str) -> None:
    log.error("an order of type %s failed: %s", row.action, error)
    detail = f"{row.action} {row.id}"
    if not Alarm.select().where(Alarm.kind == STUCK_ORDER, Alarm.detail == detail).exists():
        Alarm.create(kind=STUCK_ORDER, detail=detail, raised_at=utc_now())


def _next_number(recipient: str) -> int:
    known = SequenceRow.get_or_none(SequenceRow.vault == recipient, SequenceRow.direction == "out")
    number = known.number + 1 if known else 1
    SequenceRow.insert(vault=recipient, direction="out", number=number).on_conflict_replace().execute()
    return number


def _put_envelope(order_id: str, payload: dict[str, Any]) -> None:
    sealed = Sealed(b64decode(payload["ciphertext"]))
    put(order_id, payload["recipient"], sealed, date.fromisoformat(payload["day"]))


def _put_mailbox_message(order_id: str, payload: dict[str, Any]) -> None:
    """A mailbox that is gone (withdrawn, expired) takes nothing: there is nobody left to read it."""
    with write_transaction(shared_database):
        if not mailboxes.takes_messages(payload["mailbox"]):
            return
        MailboxMessage.insert(
            id=order_id,
            mailbox=payload["mailbox"],
            ciphertext=b64decode(payload["ciphertext"]),
            day=date.fromisoformat(payload["day"]),
        ).on_conflict_ignore().execute()


ACTIONS: dict[str, Action] = {"envelope": _put_envelope, "mailbox-message": _put_mailbox_message}
