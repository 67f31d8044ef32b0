"""Hands an application for membership over: sealed to the membership office, with a mailbox for the answer, once. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from app import faultpoints
from app.envelopes.directory import PinnedKeys
from app.envelopes.mailbox_letters import Kind
from app.envelopes.posting import open_mailbox, put, seal_from_public
from app.public.sending import AlreadySent, AlreadyWithdrawn
from app.shared import mailboxes
from app.shared.together import write_together
from keys.mailbox import MailboxKeys


def check_not_sent(said: Mapping[str, Any], keys: MailboxKeys) -> None:
    """Raise :class:`AlreadySent` or :class:`AlreadyWithdrawn` where this receipt code has been used."""
    if not mailboxes.was_opened(keys):
        return
    if mailboxes.find(keys) is None:
        raise AlreadyWithdrawn
    copies = [one.content for one in mailboxes.messages(keys) if one.content["kind"] == Kind.SENT_MEMBERSHIP]
    raise AlreadySent(same=any(copy["said"] == _comparable(said) for copy in copies))


def send(
    said: Mapping[str, Any],
    keys: MailboxKeys,
    *,
    office: PinnedKeys,
    retention: timedelta,
    day: date,
    now: datetime,
) -> date:
    """Seal and store it; return the day by which all of it is erased. Raises :class:`AlreadySent`, :class:`AlreadyWithdrawn`."""
    erase_on = mailboxes.erased_by(day, (), retention)
    body = {
        **said,
        "mailbox": keys.id,
        "sealing_key": keys.sealing.public.to_bytes().hex(),
        "signing_key": keys.signing.public.to_bytes().hex(),
        "day": day.isoformat(),
        "erase_on": erase_on.isoformat(),
    }
    envelope = seal_from_public("membership-application", office, keys.envelope_id, body)
    kept = {
        "kind": Kind.SENT_MEMBERSHIP,
        "at": now.isoformat(timespec="seconds"),
        "said": _comparable(said),
    }
    copy = mailboxes.sealed_copy(keys, keys.envelope_id, kept)

    def store() -> None:
        check_not_sent(said, keys)
        put(keys.envelope_id, office.vault, envelope, day)
        open_mailbox(keys, erase_on)
        mailboxes.put_copy(keys, keys.envelope_id, copy, day=day)
        faultpoints.reached("membership-application.before-commit")

    write_together(store)
    return erase_on


def erase_on(keys: MailboxKeys) -> date:
    """Return the day by which what was sent before is erased. Raises ``LookupError`` where nothing was."""
    mailbox = mailboxes.find(keys)
    if mailbox is None:
        raise LookupError("nothing was sent under this code")
    day: date = mailbox.expires_on
    return day


def _comparable(said: Mapping[str, Any]) -> dict[str, Any]:
    return {**said, "consent": said["consent"]["text"]}
