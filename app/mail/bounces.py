"""Reads mails that say that another one was not delivered: delivery status notifications (RFC 3464). Whoever sends one is not trusted.

A notification counts only for the mail whose random token it names: in the address it was sent to, or in the id of the mail it returns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message

LONGEST = 100_000
"""Characters that are looked at; a notification needs a tenth of that."""
MOST_PARTS = 50
_TOKEN = re.compile(r"(?:\+|<)([0-9a-f]{32})@")
_RECIPIENTS = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Bounce:
    """Which mails came back for good, by token, and the status that the other server gave (RFC 3463), or empty."""

    tokens: frozenset[str]
    status: str = ""


NOTHING = Bounce(frozenset())


def read(text: str) -> Bounce:
    """Return what a mail says. Delays, out-of-office notes and everything that isn't a failure say nothing."""
    mail = message_from_string(text[:LONGEST])
    status = _failure(mail)
    if status is None:
        return NOTHING
    return Bounce(frozenset(_tokens(mail)), status)


def _failure(mail: Message) -> str | None:
    """The status of the failure that is reported; None where none is."""
    for part in _parts(mail):
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for block in part.get_payload():
            if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
                found = _STATUS.search(str(block.get("Status", "")))
                return found.group() if found else ""
    return None


def _tokens(mail: Message) -> Iterator[str]:
    for name in _RECIPIENTS:
        for value in mail.get_all(name, []):
            yield from _TOKEN.findall(str(value))
    for part in _parts(mail):
        if part.get_content_type() == "text/rfc822-headers":
            yield from _TOKEN.findall(_message_id(message_from_string(str(part.get_payload()))))
        elif part is not mail and part.get("Message-ID"):
            yield from _TOKEN.findall(_message_id(part))


def _message_id(mail: Message) -> str:
    return str(mail.get("Message-ID", ""))


def _parts(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            return
        yield part
