"""The counsellors' cards: written by themselves, signed by the compartment, put up by order. Knows no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.envelopes import outbox
from app.envelopes.outbox import Action
from app.shared import counsellors
from app.vault.models import OwnKeys
from compartments.counsel.counsellors.models import CardDraft
from compartments.counsel.tables import database
from keys.identity import KeyPairs, PublicKeys

PUBLISH, WITHDRAW = "counsellor-card", "counsellor-card-down"


def present(account: str, card: Mapping[str, Any], public_keys: PublicKeys) -> None:
    """Put a counsellor's card up. ``card``: name, languages [code], topics, reach and portrait {language: text}, accepts."""
    with database.atomic("IMMEDIATE"):
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
