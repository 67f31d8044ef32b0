"""The counsellors as the public sees them: cards that they wrote, signed by their compartment, with the key that people seal to.

A card is believed only with a signature of the compartment's present keys, and only while its account is active and has exactly that key:
whoever writes into the shared layer can neither add a reader nor exchange one. Without a valid card nobody is offered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.shared.counsel_models import CounsellorCard
from app.shared.kept import Kept
from app.shared.models import Account
from app.shared.prepared import Prepared
from keys.errors import BadSignature, KeysError
from keys.identity import PublicKeys
from keys.sealing import SealingKey, bind
from keys.signing import SigningKeyPair, VerifyKey

_CHECKED: Kept[Counsellor | None] = Kept(64)
_ACTIVE = Prepared(
    lambda: (
        CounsellorCard.select(
            CounsellorCard.account, CounsellorCard.card, CounsellorCard.signature, Account.public_keys
        )
        .join(Account, on=(Account.id == CounsellorCard.account))
        .where(Account.state == "active", Account.compartment == "counsel")
    ),
    places=0,
)


@dataclass(frozen=True)
class Counsellor:
    """Somebody one can write to. ``portrait`` is Markdown by language; ``accepts`` False: is shown, but takes nothing new for now."""

    account: str
    name: str
    languages: tuple[str, ...]
    topics: Mapping[str, str]
    reach: Mapping[str, str]
    portrait: Mapping[str, str]
    accepts: bool
    sealing_key: SealingKey = field(repr=False)


def encode(card: Mapping[str, Any]) -> bytes:
    """Return the one way in which a card is written down to be signed."""
    return json.dumps(dict(card), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sign(account: str, card: Mapping[str, Any], signer: SigningKeyPair) -> bytes:
    """Sign a card of an account in the compartment's name."""
    return signer.sign(encode(card), context=_context(account))


def publish(account: str, card: Mapping[str, Any], signature: bytes, epoch: int) -> None:
    """Put a card up, in place of an older one. An order from the counsellors' vault; idempotent."""
    said = {"card": dict(card), "signature": signature, "epoch": epoch}
    # Not `on_conflict_replace`: PostgreSQL has nothing of the kind.
    CounsellorCard.insert(account=account, **said).on_conflict(
        conflict_target=[CounsellorCard.account], update=said
    ).execute()


def withdraw(account: str) -> None:
    """Take a card down."""
    CounsellorCard.delete().where(CounsellorCard.account == account).execute()


def published(verifier: VerifyKey) -> list[Counsellor]:
    """Return who can be written to, by name; ``verifier`` is the compartment's present key."""
    found = [one for row in _ACTIVE.all() if (one := _checked(*row, verifier=verifier))]
    return sorted(found, key=lambda one: (one.name.casefold(), one.account))


def somebody_in_office(accounts: Sequence[str]) -> bool:
    """Whether one of these accounts is still a counsellor's, with a card or without."""
    there = (Account.id.in_(list(accounts)), Account.compartment == "counsel", Account.state == "active")
    return bool(Account.select(Account.id).where(*there).exists())


def chosen(counsellors: Sequence[Counsellor], accounts: Sequence[str]) -> list[Counsellor]:
    """Return those of ``counsellors`` that ``accounts`` names."""
    return [one for one in counsellors if one.account in set(accounts)]


def _checked(
    account: str, card: str, signature: bytes, public_keys: bytes, *, verifier: VerifyKey
) -> Counsellor | None:
    """What was believed or not of just this card, with these keys, stays so: signatures are checked once."""
    facts = account, card, bytes(signature), bytes(public_keys), verifier.to_bytes()
    return _CHECKED.get(
        facts, lambda: _believed(account, json.loads(card), signature, public_keys, verifier=verifier)
    )


def _believed(
    account: str, card: dict[str, Any], signature: bytes, public_keys: bytes, *, verifier: VerifyKey
) -> Counsellor | None:
    try:
        verifier.verify(bytes(signature), encode(card), context=_context(account))
        key = bytes.fromhex(card["sealing_key"])
        if PublicKeys.from_bytes(bytes(public_keys)).sealing.to_bytes() != key:
            return None
        return Counsellor(
            account=account,
            name=card["name"],
            languages=tuple(card["languages"]),
            topics=card["topics"],
            reach=card["reach"],
            portrait=card["portrait"],
            accepts=bool(card["accepts"]),
            sealing_key=SealingKey.from_bytes(key),
        )
    except (BadSignature, KeysError, KeyError, TypeError, ValueError):
        return None


def _context(account: str) -> bytes:
    return bind("counsellor-card", account)
