"""Hands an application over: sealed to the board, with a mailbox for the answers, in one transaction, once. Knows no Flask.

Nothing of it is written in clear on the way. The drafts of its files go with the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app import faultpoints
from app.envelopes.directory import PinnedKeys
from app.envelopes.mailbox_letters import Kind
from app.envelopes.posting import open_mailbox, put, seal_from_public
from app.public.basket import Basket
from app.shared import drafts, mailboxes
from app.shared.postings import PostingView
from app.shared.together import write_together
from keys.mailbox import MailboxKeys


class AlreadySent(Exception):
    """This form has been sent before; ``same`` says whether with the same content."""

    def __init__(self, *, same: bool) -> None:
        super().__init__("this form has been sent before")
        self.same = same


class AlreadyWithdrawn(Exception):
    """This form has been sent before, and what it sent was withdrawn."""


@dataclass(frozen=True)
class Application:
    """What an applicant says. ``answers`` and ``evidence`` are as :mod:`app.envelopes.mailbox_letters` describes them."""

    language: str
    postings: Sequence[str]
    name: str
    email: str
    phone: str
    pronouns: str
    motivation: str
    experience: str
    availability: str
    answers: Sequence[Mapping[str, Any]]
    evidence: Sequence[Mapping[str, Any]]
    consent: Mapping[str, str]
    separation_confirmed: bool
    files: Sequence[Mapping[str, Any]]

    @property
    def fields(self) -> dict[str, Any]:
        """Everything that the envelope's body says; names and sizes of files stand with the files."""
        return {name: value for name, value in vars(self).items() if name != "files"}


@dataclass(frozen=True)
class Receipt:
    """What the confirmation says: for which postings, and the day by which all of it is erased."""

    titles: Sequence[str]
    erase_on: date


def check_not_sent(application: Application, keys: MailboxKeys) -> None:
    """Raise :class:`AlreadySent` or :class:`AlreadyWithdrawn` where this receipt code has been used."""
    if not mailboxes.was_opened(keys):
        return
    if mailboxes.find(keys) is None:
        raise AlreadyWithdrawn
    copies = [
        one.content for one in mailboxes.messages(keys) if one.content.get("kind") == Kind.SENT_APPLICATION
    ]
    raise AlreadySent(same=any(copy["application"] == _comparable(application) for copy in copies))


def send(
    application: Application,
    keys: MailboxKeys,
    *,
    basket: Basket,
    board: PinnedKeys,
    wished: Sequence[PostingView],
    retention: timedelta,
    day: date,
    now: datetime,
) -> Receipt:
    """Seal and store it; return what the confirmation says.

    Raises :class:`AlreadySent`, :class:`AlreadyWithdrawn`, and :class:`app.shared.drafts.DraftIsGone` where a file can't be read any more.
    """
    try:
        files = basket.files(now)
    except drafts.DraftIsGone:
        # A second click may have come between: then the files are gone because they were sent.
        check_not_sent(application, keys)
        raise
    erase_on = mailboxes.erased_by(day, [one.deadline for one in wished], retention)
    body = {
        **application.fields,
        "mailbox": keys.id,
        "sealing_key": keys.sealing.public.to_bytes().hex(),
        "signing_key": keys.signing.public.to_bytes().hex(),
        "day": day.isoformat(),
        "erase_on": erase_on.isoformat(),
    }
    envelope = seal_from_public("application", board, keys.envelope_id, body, files)
    copy = mailboxes.sealed_copy(keys, keys.envelope_id, _copy(application, wished, now))

    def store() -> None:
        check_not_sent(application, keys)
        put(keys.envelope_id, board.vault, envelope, day)
        open_mailbox(keys, erase_on)
        mailboxes.put_copy(keys, keys.envelope_id, copy, day=day)
        basket.empty()
        faultpoints.reached("application.before-commit")

    write_together(store)
    return Receipt([one.title for one in wished], erase_on)


def receipt(keys: MailboxKeys) -> Receipt:
    """Read what the confirmation said of what was sent before under these keys. Raises ``LookupError`` where there is none."""
    mailbox = mailboxes.find(keys)
    copies = [
        one.content for one in mailboxes.messages(keys) if one.content.get("kind") == Kind.SENT_APPLICATION
    ]
    if mailbox is None or not copies:
        raise LookupError("nothing was sent under this code")
    return Receipt(copies[0]["titles"], mailbox.expires_on)


def _copy(application: Application, wished: Sequence[PostingView], now: datetime) -> dict[str, Any]:
    return {
        "kind": Kind.SENT_APPLICATION,
        "at": now.isoformat(timespec="seconds"),
        "titles": [one.title for one in wished],
        "application": _comparable(application),
    }


def _comparable(application: Application) -> dict[str, Any]:
    """What makes two applications the same: everything said, and the files by name and size, but not on which day."""
    return {**application.fields, "consent": application.consent["text"], "files": list(application.files)}
