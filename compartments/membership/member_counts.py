"""The number of members on 31 December as a document that two officers answer for, signed with the compartment's key. Knows no Flask.

Canonical JSON with the public keys in it: whoever has the fingerprint from the office can check it without this program's tables.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from app.office.authors import Author
from app.vault import proposals
from app.vault.models import OwnKeys, Proposal
from compartments.membership import headcount
from compartments.membership.tables import MemberCount, database
from keys.binding import bind
from keys.errors import BadSignature, MalformedKey
from keys.identity import KeyPairs, PublicKeys

KIND = PURPOSE = "member-count"
FORMAT = "schotten-member-count/1"
CHANGED = "The number of members on that day has changed meanwhile."


class NotGenuine(Exception):
    """The document was changed, or never signed."""


def last_day(year: int) -> date:
    """Return the day that is counted."""
    return date(year, 12, 31)


def propose(year: int, summary: str, *, day: date, by: Author, now: datetime) -> Proposal:
    """Propose to sign a year's count. Raises ``ValueError`` before the year is over, and ``AlreadyProposed``."""
    if last_day(year) >= day:
        raise ValueError("the year is not over yet")
    subject = {"year": year, "divisions": _divisions(year)}
    return proposals.propose(KIND, subject, summary, about=str(year), by=by, now=now)


def sign(proposal: Proposal, *, organisation: str, day: date, by: Author) -> MemberCount:
    """Sign what was proposed, in the confirmation's transaction. Raises ``Stale`` where the register says something else by now."""
    subject = proposals.subject_of(proposal)
    divisions = _divisions(subject["year"])
    if divisions != subject["divisions"]:
        raise proposals.Stale(CHANGED)
    own = KeyPairs.from_seed(bytes(OwnKeys.select().order_by(OwnKeys.epoch.desc()).get().private_keys))
    statement = {
        "format": FORMAT,
        "organisation": organisation,
        "day": last_day(subject["year"]).isoformat(),
        "members": sum(one["own"] for one in divisions),
        "divisions": divisions,
        "officers": [proposal.proposed_by_name, by.name],
        "signed_on": day.isoformat(),
        "keys": own.public.to_bytes().hex(),
    }
    signature = own.signing.sign(_canonical(statement), context=bind(PURPOSE)).hex()
    document = _canonical({**statement, "signature": signature}).decode()
    with database.atomic():
        return MemberCount.create(year=subject["year"], document=document)


def of_year(year: int) -> list[MemberCount]:
    """Return the signed documents of a year, newest first: late bookings may call for another one."""
    query = MemberCount.select().where(MemberCount.year == year)
    return list(query.order_by(MemberCount.id.desc()))


def find(count_id: int) -> MemberCount | None:
    """Return a signed document."""
    found: MemberCount | None = MemberCount.get_or_none(MemberCount.id == count_id)
    return found


def verified(document: str) -> tuple[dict[str, Any], str]:
    """Return what a document states, and the fingerprint of the keys that signed it, to be compared. Raises :class:`NotGenuine`."""
    try:
        statement = json.loads(document)
        signature = bytes.fromhex(statement.pop("signature"))
        public = PublicKeys.from_bytes(bytes.fromhex(statement["keys"]))
        if statement["format"] != FORMAT or not _is_whole(statement):
            raise NotGenuine
        public.signing.verify(signature, _canonical(statement), context=bind(PURPOSE))
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        MalformedKey,
        BadSignature,
    ) as error:
        raise NotGenuine from error
    return statement, public.fingerprint()


def _is_whole(statement: dict[str, Any]) -> bool:
    """Whether it states what a count states: anybody can sign anything with keys of their own."""
    texts = [statement[name] for name in ("organisation", "day", "signed_on")] + list(statement["officers"])
    lines = [(one["name"], one["own"], one["total"], one["depth"]) for one in statement["divisions"]]
    numbers = [statement["members"], *(number for _, *some in lines for number in some)]
    return all(isinstance(text, str) for text in [*texts, *(name for name, *_ in lines)]) and all(
        isinstance(number, int) for number in numbers
    )


def _divisions(year: int) -> list[dict[str, Any]]:
    return [asdict(line) for line in headcount.members_on(last_day(year))]


def _canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
