"""Every figure that leaves a compartment, and why it may: the one list. Names and reasons only, no number.

Counts of persons leave as tables under disclosure control, for periods that are over. Numbers of the pseudonymisation protocol count keys, codes and accounts. Three offices
have to compare them exactly (a key too many is a vote too many), so they leave as they are: sums over everything, without any breakdown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.disclosure.primary import COUNSEL_THRESHOLD

PERSONS, PROTOCOL = "persons", "protocol"
AUDIT, ANNUAL_REPORT = "audit-figures", "annual-report"


class NotListed(LookupError):
    """No figure of this kind may leave this compartment."""


@dataclass(frozen=True)
class Leaving:
    """One kind of figures that leaves: by which type of envelope, from whom to whom, what is counted, and why it tells of nobody.

    ``figures`` names the numbers of the protocol; ``k`` is the least threshold for tables of persons.
    """

    type: str
    sender: str
    recipient: str
    counted: str
    why: str
    figures: tuple[str, ...] = ()
    k: int | None = None


_SUMS = "sums over all keys there are, no breakdown; the board sees no key and no code, and holds no list to compare with"
_BATCH = (
    "an office's own batch comes back as counts; below the batch floor it takes a reason and a second officer"
)

LEAVING: tuple[Leaving, ...] = (
    Leaving(
        AUDIT, "membership", "board", PROTOCOL, _SUMS, ("keys", "assigned", "free", "deactivated", "urgent")
    ),
    Leaving(
        AUDIT,
        "clearing",
        "board",
        PROTOCOL,
        _SUMS,
        ("issued", "claimed", "open", "deactivated", "deactivated_claimed"),
    ),
    Leaving(
        AUDIT, "administration", "board", PROTOCOL, _SUMS, ("codes", "accounts", "locked", "deactivated")
    ),
    Leaving(
        ANNUAL_REPORT,
        "counsel",
        "board",
        PERSONS,
        "tables under disclosure control, for a year that is over, once",
        k=COUNSEL_THRESHOLD,
    ),
    Leaving("keys-request", "membership", "clearing", PROTOCOL, "how many keys are wanted", ("count",)),
    Leaving(
        "reconciliation-counts",
        "administration",
        "clearing",
        PROTOCOL,
        _BATCH,
        ("created", "locked", "unlocked", "unchanged", "unknown"),
    ),
    Leaving(
        "reconciliation-result",
        "clearing",
        "membership",
        PROTOCOL,
        _BATCH,
        ("created", "locked", "unlocked", "unchanged", "unknown"),
    ),
)

NO_FIGURES: Mapping[str, str] = {
    "application": "an application: a letter to the board",
    "application-message": "a letter of an applicant",
    "application-reply": "an applicant's answer to an offer",
    "application-withdrawal": "an applicant's withdrawal",
}
"""What else reaches the board, all of it from the public: letters, not figures."""


def leaving(type_: str, sender: str) -> Leaving:
    """Return what is listed for figures of this type from a compartment of this kind. Raises :class:`NotListed`."""
    for one in LEAVING:
        if (one.type, one.sender) == (type_, sender):
            return one
    raise NotListed(f"no figures of type {type_!r} leave {sender}")


def protocol_figures(type_: str) -> dict[str, tuple[str, ...]]:
    """Return the names of the numbers of one type by office, in the order in which they are shown."""
    return {one.sender: one.figures for one in LEAVING if one.type == type_ and one.counted == PROTOCOL}
