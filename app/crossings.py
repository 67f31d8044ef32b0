"""Every type of envelope that may cross between compartments, or from the public into one. What isn't listed doesn't pass.

Adding one is a decision about secrecy: see CONTRIBUTING.md. A type is sealed under its own context, so that a ciphertext of one type
never opens as another.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.offices import OFFICES

PUBLIC_SENDER = "public"


@dataclass(frozen=True)
class Crossing:
    """One type: who may send it, who takes it, and exactly which fields it carries."""

    type: str
    sender: str
    recipient: str
    fields: frozenset[str]
    files: bool = False


def _from_public(type_: str, recipient: str, *fields: str, files: bool = False) -> Crossing:
    return Crossing(type_, PUBLIC_SENDER, recipient, frozenset(fields), files)


_APPLICATION_FIELDS = (
    "mailbox", "sealing_key", "signing_key", "language", "day", "postings", "name", "email", "phone", "pronouns",
    "motivation", "experience", "availability", "answers", "evidence", "consent", "separation_confirmed", "erase_on",
)  # fmt: skip

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
