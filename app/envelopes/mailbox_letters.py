"""What passes between an office and somebody who has a mailbox: the messages to them, and their signatures under what they send.

An application carries the public keys of its mailbox. Whatever follows it is signed with the key that only the receipt code gives, so that
nobody else can answer, accept or withdraw in an applicant's place. The signature covers type, envelope, fields and files.

Bodies (days are ISO dates, keys are hex):

    application             postings: [slug]   answers: [{posting, question, asked, text}]   consent: {text, day}
                            evidence: [{posting, requirement, asked, text, files: [index into the letter's files]}]
                            erase_on: the day by which the applicant was told that all of it is erased
    application-message     text
    application-reply       offer: the assignment's id   accepted: bool
    application-withdrawal  nothing more
    contact                 name, email, subject, text
    contact-message         text
    membership-application  dues_monthly: cents   consent: {text, day}
    membership-message      text
    membership-withdrawal   nothing more
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.envelopes.letter import Letter
from app.envelopes.package import Enclosure, digest
from keys.errors import BadSignature, MalformedKey
from keys.mailbox import MailboxKeys
from keys.sealing import bind
from keys.signing import VerifyKey
from keys.symmetric import derive


class Kind(StrEnum):
    """What a message in a mailbox is. The last ones are the owner's own copies, sealed to themselves."""

    MESSAGE = "message"
    OFFER = "offer"
    DECISION = "decision"
    SENT_APPLICATION = "sent-application"
    SENT_CONTACT = "sent-contact"
    SENT_MEMBERSHIP = "sent-membership"
    SENT_MESSAGE = "sent-message"
    ACCEPTED = "accepted"
    DECLINED = "declined"


def message(text: str, *, at: datetime) -> dict[str, Any]:
    """An answer or a question to the owner of a mailbox."""
    return {"kind": Kind.MESSAGE, "text": text, "at": _at(at)}


def decision(text: str, *, at: datetime) -> dict[str, Any]:
    """The letter that ends an application."""
    return {"kind": Kind.DECISION, "text": text, "at": _at(at)}


def offer(
    text: str, *, posting: str, assignment: str, code: str | None, expires_on: date, at: datetime
) -> dict[str, Any]:
    """An offer to accept or decline until ``expires_on``. ``code`` enrols; None where the post has no compartment."""
    return {
        "kind": Kind.OFFER,
        "text": text,
        "posting": posting,
        "assignment": assignment,
        "code": code,
        "expires_on": expires_on.isoformat(),
        "at": _at(at),
    }


def letter_id(keys: MailboxKeys, *purpose: str) -> str:
    """The id of an envelope that the owner sends: the same for the same purpose, so that a form sent twice is one letter."""
    return derive(keys.signing.to_bytes(), info=bind("mailbox-letter", *purpose), length=16).hex()


def sign(
    type_: str,
    envelope_id: str,
    fields: Mapping[str, Any],
    keys: MailboxKeys,
    files: Sequence[Enclosure] = (),
) -> dict[str, Any]:
    """Return ``fields`` with ``mailbox`` and ``signature`` added."""
    body = {**fields, "mailbox": keys.id}
    signature = keys.signing.sign(_statement(body, files), context=_context(type_, envelope_id))
    return {**body, "signature": signature.hex()}


def verify(letter: Letter, signing_key: bytes) -> None:
    """Raise :class:`keys.errors.BadSignature` unless the owner of ``signing_key`` signed exactly this letter."""
    body = dict(letter.body)
    try:
        signature, key = bytes.fromhex(body.pop("signature")), VerifyKey.from_bytes(signing_key)
    except (KeyError, TypeError, ValueError, MalformedKey) as error:
        raise BadSignature("there is no signature that could be checked") from error
    key.verify(
        signature, _statement(body, letter.files), context=_context(letter.crossing.type, letter.envelope_id)
    )


def _statement(body: Mapping[str, Any], files: Sequence[Enclosure]) -> bytes:
    digests = [[file.name, file.media_type, digest(file)] for file in files]
    return json.dumps(
        [dict(body), digests], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def _context(type_: str, envelope_id: str) -> bytes:
    return bind("mailbox-signature", type_, envelope_id)


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
