"""Every type of envelope that may cross between compartments, or from the public into one. What isn't listed doesn't pass.

Adding one is a decision about secrecy: see CONTRIBUTING.md. A type is sealed under its own context, so that a ciphertext of one type
never opens as another.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.offices import OFFICES
from keys.padding import FLOOR
from keys.sealing import OVERHEAD

PUBLIC_SENDER = "public"
COVERED_BYTES = 64 * 1024
"""How long the ciphertext of an envelope is that lies among cover."""


@dataclass(frozen=True)
class Crossing:
    """One type: who may send it, who takes it, and exactly which fields it carries."""

    type: str
    sender: str
    recipient: str
    fields: frozenset[str]
    files: bool = False
    floor: int = FLOOR
    """No content is padded to less (bytes)."""


def _from_public(type_: str, recipient: str, *fields: str, files: bool = False) -> Crossing:
    return Crossing(type_, PUBLIC_SENDER, recipient, frozenset(fields), files)


_APPLICATION_FIELDS = (
    "mailbox", "sealing_key", "signing_key", "language", "day", "postings", "name", "email", "phone", "pronouns",
    "motivation", "experience", "availability", "answers", "evidence", "consent", "separation_confirmed", "erase_on",
)  # fmt: skip

_MEMBERSHIP_APPLICATION_FIELDS = (
    "mailbox", "sealing_key", "signing_key", "language", "day", "erase_on", "last_name", "first_name", "birth_date", "street",
    "postcode", "city", "country", "email", "phone", "citizenship", "division_wish", "dues_monthly", "dues_reduction", "dues_reason",
    "statutes_accepted", "other_party", "earlier_refusal", "guardian_name", "guardian_consent", "consent", "remarks",
)  # fmt: skip
_COUNTS = ("batch", "created", "locked", "unlocked", "unchanged", "unknown", "applied_on")


def _covered(type_: str, *fields: str) -> Crossing:
    """What people in counsel send: all of one length (but for large files), among as many that hold nothing (app.shared.cover)."""
    return Crossing(
        type_, PUBLIC_SENDER, "counsel", frozenset(fields), files=True, floor=COVERED_BYTES - OVERHEAD
    )


def _between(type_: str, sender: str, recipient: str, *fields: str) -> Crossing:
    return Crossing(type_, sender, recipient, frozenset(fields))


# What makes three offices tie a person to an account together, and no two of them: membership and administration never write to
# each other, and every list that clearing passes on is shuffled.
_PSEUDONYMISATION = (
    _between("keys-request", "membership", "clearing", "request", "count"),
    _between("reference-keys", "clearing", "membership", "request", "key_set", "keys"),
    _between("invite-codes", "clearing", "administration", "key_set", "codes"),
    _from_public("key-claimed", "clearing", "slot"),
    _between("keys-deactivated", "membership", "clearing", "keys", "reason"),
    _between("codes-deactivated", "clearing", "administration", "codes", "reason"),
    # Somebody was on a list of leavers by mistake, or has come back. One code is a telling one: clearing passes it on with two officers.
    _between("keys-restored", "membership", "clearing", "keys", "listed", "reason"),
    _between("codes-restored", "clearing", "administration", "codes", "listed", "reason"),
    _between("reconciliation-keys", "membership", "clearing", "batch", "kind", "keys", "reason"),
    _between("reconciliation-codes", "clearing", "administration", "batch", "kind", "codes", "reason"),
    _between("reconciliation-counts", "administration", "clearing", *_COUNTS),
    _between("reconciliation-result", "clearing", "membership", *_COUNTS),
    _between("relay", "administration", "clearing", "relay", "code", "text"),
    _between("relay-onward", "clearing", "membership", "relay", "key", "text"),
    _between("relay-reply", "membership", "clearing", "relay", "text"),
    _between("relay-answer", "clearing", "administration", "relay", "text"),
    *(
        _between("audit-figures", sender, "board", "period", "figures", "released_by")
        for sender in ("membership", "clearing", "administration")
    ),
)

CROSSINGS: tuple[Crossing, ...] = (
    _from_public("application", "board", *_APPLICATION_FIELDS, files=True),
    _from_public("application-message", "board", "mailbox", "text", "day", "signature", files=True),
    _from_public("application-reply", "board", "mailbox", "offer", "accepted", "day", "signature"),
    _from_public("application-withdrawal", "board", "mailbox", "day", "signature"),
    _from_public(
        "contact",
        "desk",
        "mailbox",
        "sealing_key",
        "signing_key",
        "language",
        "day",
        "name",
        "email",
        "subject",
        "text",
    ),
    _from_public("contact-message", "desk", "mailbox", "text", "day", "signature"),
    _from_public("membership-application", "membership", *_MEMBERSHIP_APPLICATION_FIELDS),
    _from_public("membership-message", "membership", "mailbox", "text", "day", "signature", files=True),
    _from_public("membership-withdrawal", "membership", "mailbox", "day", "signature"),
    # A mail that came back, or what pretends to be one: taken in by a pipe command that has no key.
    _from_public("bounce", "membership", "message"),
    _between(
        "new-member", "membership", "desk", "name", "email", "language", "member_since", "division", "note"
    ),
    # The case's key is sealed to each chosen counsellor (slots); the content, a file, is sealed under it.
    _covered("counsel-intake", "case", "slots"),
    _covered("counsel-letter", "case"),
    Crossing("annual-report", "counsel", "board", frozenset({"year", "report", "released_by"}), files=True),
    *_PSEUDONYMISATION,
    *(
        Crossing("notice", "board", name, frozenset({"subject", "text", "author", "day"}))
        for name in OFFICES
        if name != "board"
    ),
)


def to_recipient(kind: str) -> tuple[Crossing, ...]:
    """Return the crossings that may reach a compartment of this kind, in the order in which they are tried and imported."""
    return tuple(crossing for crossing in CROSSINGS if crossing.recipient == kind)


def find(type_: str, sender: str, recipient: str) -> Crossing:
    """Return the crossing; raises ``LookupError`` where it isn't listed."""
    for crossing in CROSSINGS:
        if (crossing.type, crossing.sender, crossing.recipient) == (type_, sender, recipient):
            return crossing
    raise LookupError(f"nothing of type {type_!r} may pass from {sender} to {recipient}")
