"""The log of acts: append-only, hash-chained, without content. Written inside the transaction of the act itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum

from app.clock import utc_now
from app.shared.database import shared_database
from app.shared.dialect import serialise_writers
from app.shared.models import Act
from keys.chain import link

BEGINNING = b"\x00" * 32


class Kind(StrEnum):
    """Everything that the log can say was done."""

    VAULT_CREATED = "vault created"
    APPOINTED = "appointed"
    ENROLLED = "enrolled"
    ADMITTED = "admitted"
    ENDED = "ended"
    TERM_CHANGED = "term changed"
    PASSPHRASE_CHANGED = "passphrase changed"  # noqa: S105  (a label)
    SECOND_FACTOR_SET = "second factor set"
    SECOND_FACTOR_REMOVED = "second factor removed"
    SECOND_FACTOR_RESET = "second factor reset"
    LOGGED_OUT_EVERYWHERE = "logged out everywhere"
    KEYS_ROTATED = "keys rotated"
    RECOVERED = "recovered"
    POSTING_PUBLISHED = "posting published"
    POSTING_EXTENDED = "posting extended"
    POSTING_CLOSED = "posting closed"
    PERSONS_MERGED = "persons merged"
    NOTICE_PUBLISHED = "maintenance notice published"
    NOTICE_WITHDRAWN = "maintenance notice withdrawn"
    EXPORTED = "exported"
    RELEASED = "released"


def record(
    kind: Kind, *, compartment: str | None = None, actor: str | None = None, subject: str | None = None
) -> None:
    """Append one act. ``actor`` is an account's id, ``subject`` an opaque id; call it inside the act's transaction."""
    serialise_writers(shared_database, "acts")
    last = Act.select().order_by(Act.number.desc()).first()
    act = Act(
        number=last.number + 1 if last else 1,
        at=utc_now().replace(microsecond=0),
        compartment=compartment,
        actor=actor,
        act=str(kind),
        subject=subject,
    )
    act.link = link(bytes(last.link) if last else BEGINNING, _entry(act))
    act.save(force_insert=True)


def last(compartment: str, kind: Kind) -> Act | None:
    """Return the compartment's newest act of this kind."""
    found: Act | None = (
        Act.select()
        .where(Act.compartment == compartment, Act.act == str(kind))
        .order_by(Act.number.desc())
        .first()
    )
    return found


def of_subject(subject: str, kind: Kind) -> Act | None:
    """Return the newest act of this kind that was about ``subject``."""
    found: Act | None = (
        Act.select().where(Act.subject == subject, Act.act == str(kind)).order_by(Act.number.desc()).first()
    )
    return found


def broken_links() -> Iterator[int]:
    """Yield the numbers of the acts whose link doesn't follow from the one before: edited, removed or inserted rows."""
    previous, expected = BEGINNING, 1
    for act in Act.select().order_by(Act.number):
        if act.number != expected or bytes(act.link) != link(previous, _entry(act)):
            yield act.number
        previous, expected = bytes(act.link), act.number + 1


def _entry(act: Act) -> bytes:
    fields = [act.number, act.at.isoformat(), act.compartment, act.actor, act.act, act.subject]
    return json.dumps(fields, separators=(",", ":")).encode()
