"""A mailbox as its owner sees it, and what the owner can do in it: write, answer an offer, withdraw. Knows no Flask.

The keys come from the receipt code with each request. Reading writes nothing. What the owner sends is sealed to the office that the mailbox
was opened with, signed, and kept as a copy that only the code opens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app import faultpoints
from app.crossings import PUBLIC_SENDER, find
from app.envelopes.directory import PinnedKeys
from app.envelopes.mailbox_letters import Kind, letter_id, sign
from app.envelopes.posting import post_from_public
from app.public.basket import Basket
from app.shared import drafts, mailboxes
from app.shared.database import shared_database
from app.shared.dialect import write_transaction
from app.shared.mailboxes import Message
from app.shared.models import Account, Assignment
from keys.mailbox import MailboxKeys

SHOWN = frozenset({Kind.MESSAGE, Kind.DECISION, Kind.OFFER, Kind.SENT_MESSAGE, Kind.ACCEPTED, Kind.DECLINED})


@dataclass(frozen=True)
class Partner:
    """Whom the owner of a mailbox writes with: the compartment, and the crossings of what follows the first letter."""

    vault: str
    message: str
    withdrawal: str | None
    """None where there is nothing to withdraw: what was asked is asked."""

    @property
    def takes_files(self) -> bool:
        """Whether a message may bring files."""
        return find(self.message, PUBLIC_SENDER, self.vault).files


PARTNERS: Mapping[str, Partner] = {
    Kind.SENT_APPLICATION: Partner("board", "application-message", "application-withdrawal"),
    Kind.SENT_MEMBERSHIP: Partner("membership", "membership-message", "membership-withdrawal"),
    Kind.SENT_CONTACT: Partner("desk", "contact-message", None),
}
"""By the owner's copy of what they sent first."""


class NoSuchOffer(LookupError):
    """There is no such offer in this mailbox, or it is over, or it was answered differently before."""


class OfferState(StrEnum):
    """How an offer stands. Taken back: by the board, or because the office has ended since."""

    OPEN = "open"
    EXPIRED = "expired"
    TAKEN_BACK = "taken-back"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    ENROLLED = "enrolled"


@dataclass(frozen=True)
class Offer:
    """An office that was offered, as the message said it, and how that stands now."""

    content: Mapping[str, Any] = field(repr=False)
    state: OfferState

    @property
    def assignment(self) -> str:
        """The id by which it is answered."""
        return str(self.content["assignment"])

    @property
    def answer_by(self) -> date:
        """The last day to answer, and to use the code."""
        return date.fromisoformat(self.content["expires_on"])

    @property
    def office(self) -> Assignment | None:
        """What would be taken on: the compartment, from when to when."""
        found: Assignment | None = Assignment.get_or_none(Assignment.id == self.assignment)
        return found


@dataclass(frozen=True)
class OpenMailbox:
    """Everything in a mailbox, opened for one request."""

    erase_on: date
    sent: Mapping[str, Any] | None = field(repr=False)
    thread: Sequence[Message] = field(repr=False)
    offers: Sequence[Offer] = field(repr=False)

    @property
    def is_application(self) -> bool:
        """Whether the mailbox belongs to an application: then one can accept, too."""
        return self.sent is not None and self.sent["kind"] == Kind.SENT_APPLICATION

    @property
    def is_membership(self) -> bool:
        """Whether it belongs to an application for membership."""
        return self.sent is not None and self.sent["kind"] == Kind.SENT_MEMBERSHIP

    @property
    def partner(self) -> Partner | None:
        """Whom the owner writes with; None where the copy of what they sent doesn't open."""
        return PARTNERS[self.sent["kind"]] if self.sent is not None else None


def read(keys: MailboxKeys, day: date) -> OpenMailbox | None:
    """Open a mailbox; None where no mailbox has this code."""
    mailbox = mailboxes.find(keys)
    if mailbox is None:
        return None
    found = mailboxes.messages(keys)
    sent = [one.content for one in found if one.content["kind"] in PARTNERS]
    answers = {
        one.content["offer"]: one.content["kind"] == Kind.ACCEPTED for one in found if "offer" in one.content
    }
    offers = [
        Offer(one.content, _state(one.content, answers.get(one.content["assignment"]), day))
        for one in found
        if one.content["kind"] == Kind.OFFER
    ]
    thread = [one for one in found if one.content["kind"] in SHOWN]
    return OpenMailbox(mailbox.expires_on, sent[0] if sent else None, thread, offers)


def write(
    keys: MailboxKeys,
    text: str,
    basket: Basket,
    *,
    partner: Partner,
    to: PinnedKeys,
    day: date,
    now: datetime,
) -> None:
    """Send a message with files to an office, once per form. Raises :class:`app.shared.drafts.DraftIsGone`."""
    envelope = letter_id(keys, "message", basket.seed)
    try:
        files = basket.files(now)
    except drafts.DraftIsGone:
        if _has_copy(keys, envelope):
            return
        raise
    fields = {"text": text, "day": day.isoformat()}
    copy = {"kind": Kind.SENT_MESSAGE, "text": text, "at": _at(now), "files": [one.name for one in basket]}
    with write_transaction(shared_database):
        if _has_copy(keys, envelope):
            return
        body = sign(partner.message, envelope, fields, keys, files)
        post_from_public(partner.message, to, envelope, body, files, day=day)
        mailboxes.keep_copy(keys, envelope, copy, day=day)
        basket.empty()
        faultpoints.reached("mailbox-message.before-commit")


def answer_offer(
    keys: MailboxKeys, assignment: str, *, accepted: bool, board: PinnedKeys, day: date, now: datetime
) -> Offer:
    """Accept or decline, once; the first answer counts. Raises :class:`NoSuchOffer`."""
    envelope = letter_id(keys, "offer", assignment)
    with write_transaction(shared_database):
        offer = _find_offer(keys, assignment, day)
        if offer.state is OfferState.OPEN:
            fields = {"offer": assignment, "accepted": accepted, "day": day.isoformat()}
            body = sign("application-reply", envelope, fields, keys)
            post_from_public("application-reply", board, envelope, body, day=day)
            kind = Kind.ACCEPTED if accepted else Kind.DECLINED
            copy = {"kind": kind, "offer": assignment, "text": "", "at": _at(now)}
            mailboxes.keep_copy(keys, envelope, copy, day=day)
            return Offer(offer.content, OfferState.ACCEPTED if accepted else OfferState.DECLINED)
    said_before = {OfferState.ACCEPTED: True, OfferState.ENROLLED: True, OfferState.DECLINED: False}
    if said_before.get(offer.state) is not accepted:
        raise NoSuchOffer(assignment)
    return offer


def open_offer(keys: MailboxKeys, assignment: str, day: date) -> Offer:
    """Return an offer that waits for an answer; raises :class:`NoSuchOffer`."""
    offer = _find_offer(keys, assignment, day)
    if offer.state is not OfferState.OPEN:
        raise NoSuchOffer(assignment)
    return offer


def withdraw(keys: MailboxKeys, *, to: PinnedKeys, day: date, type_: str) -> None:
    """Erase the mailbox and what waits unread, and tell the office that has the application to erase it."""
    envelope = letter_id(keys, "withdrawal")
    body = sign(type_, envelope, {"day": day.isoformat()}, keys)
    with write_transaction(shared_database):
        if mailboxes.find(keys) is None:
            return
        post_from_public(type_, to, envelope, body, day=day)
        mailboxes.close(keys)
        faultpoints.reached("withdrawal.before-commit")


def _state(content: Mapping[str, Any], accepted: bool | None, day: date) -> OfferState:  # noqa: FBT001
    if accepted is False:
        return OfferState.DECLINED
    if (
        Assignment.select()
        .where(Assignment.id == content["assignment"], Assignment.state == "ended")
        .exists()
    ):
        return OfferState.TAKEN_BACK
    if accepted:
        enrolled = Account.select().where(Account.assignment == content["assignment"]).exists()
        return OfferState.ENROLLED if enrolled else OfferState.ACCEPTED
    return OfferState.EXPIRED if date.fromisoformat(content["expires_on"]) < day else OfferState.OPEN


def _find_offer(keys: MailboxKeys, assignment: str, day: date) -> Offer:
    mailbox = read(keys, day)
    offers = mailbox.offers if mailbox else ()
    found = next((one for one in offers if one.assignment == assignment), None)
    if found is None:
        raise NoSuchOffer(assignment)
    return found


def _has_copy(keys: MailboxKeys, message_id: str) -> bool:
    return any(one.id == keys.copy_id(message_id) for one in mailboxes.messages(keys))


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
