"""The counsellors' cards: written by themselves, signed by the compartment, put up by order. Knows no Flask."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from app.envelopes import outbox
from app.envelopes.outbox import Action
from app.shared import counsellors
from app.vault.models import OwnKeys
from compartments.counsel.colleagues import colleagues
from compartments.counsel.counsellors.models import CardDraft
from compartments.counsel.tables import database
from keys.identity import KeyPairs, PublicKeys

PUBLISH, WITHDRAW = "counsellor-card", "counsellor-card-down"


class NameTaken(ValueError):
    """A colleague is known by this name: whoever wants to reach one of them, or to keep one out, couldn't tell them apart."""


def present(account: str, card: Mapping[str, Any], public_keys: PublicKeys) -> None:
    """Put a counsellor's card up. ``card``: name, languages [code], topics, reach and portrait {language: text}, accepts. Raises :class:`NameTaken`."""
    with database.atomic("IMMEDIATE"):
        if _folded(card["name"]) in _names_of_others(account):
            raise NameTaken(card["name"])
        CardDraft.insert(account=account, card=dict(card)).on_conflict_replace().execute()
        _put_up(account, card, public_keys)


def take_down(account: str) -> None:
    """Take a card down; the text stays here."""
    with database.atomic("IMMEDIATE"):
        CardDraft.update(epoch=None).where(CardDraft.account == account).execute()
        outbox.order(WITHDRAW, {"account": account})


def mine(account: str) -> CardDraft | None:
    """Return a counsellor's card as they last wrote it."""
    found: CardDraft | None = CardDraft.get_or_none(CardDraft.account == account)
    return found


def sign_anew(known: Mapping[str, PublicKeys]) -> int:
    """Sign cards that are up with the compartment's newest key, after a renewal; return how many. ``known``: keys by account."""
    newest = _own().epoch
    stale = CardDraft.select().where(CardDraft.epoch.is_null(False), CardDraft.epoch != newest)
    rows = [row for row in stale if row.account in known]
    for row in rows:
        _put_up(row.account, row.card, known[row.account])
    return len(rows)


def _names_of_others(account: str) -> set[str]:
    """By what colleagues are known: on their cards that are up, and in the office."""
    cards = CardDraft.select().where(CardDraft.account != account, CardDraft.epoch.is_null(False))
    known = {other: one.name for other, one in colleagues().items() if other != account}
    return {
        _folded(name)
        for name in (*known.values(), *(row.card["name"] for row in cards if row.account in known))
    }


def _folded(name: str) -> str:
    """A name as the eye takes it: without capitals, accents, marks and spaces."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def _put_up(account: str, card: Mapping[str, Any], public_keys: PublicKeys) -> None:
    own = _own()
    whole = {**card, "sealing_key": public_keys.sealing.to_bytes().hex()}
    signer = KeyPairs.from_seed(bytes(own.private_keys)).signing
    signature = counsellors.sign(account, whole, signer)
    CardDraft.update(epoch=own.epoch).where(CardDraft.account == account).execute()
    outbox.order(
        PUBLISH,
        {"account": account, "card": whole, "signature": signature.hex(), "epoch": own.epoch},
    )


def _own() -> OwnKeys:
    own: OwnKeys = OwnKeys.select().order_by(OwnKeys.epoch.desc()).get()
    return own


def _publish(_order_id: str, payload: dict[str, Any]) -> None:
    signature = bytes.fromhex(payload["signature"])
    counsellors.publish(payload["account"], payload["card"], signature, payload["epoch"])


def _withdraw(_order_id: str, payload: dict[str, Any]) -> None:
    counsellors.withdraw(payload["account"])


ACTIONS: Mapping[str, Action] = {PUBLISH: _publish, WITHDRAW: _withdraw}
