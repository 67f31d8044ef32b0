"""Whose public keys the open vault's key may be sealed to. Known inside the vault, so that nobody outside can exchange them."""

from __future__ import annotations

from app.vault.models import TrustedKey

RECOVERY = "recovery"


class ExchangedKeys(RuntimeError):
    """The public keys in the shared layer aren't those that this vault knows: somebody has exchanged them."""


def trust(holder: str, public_keys: bytes) -> None:
    """Note a holder's keys; raises :class:`ExchangedKeys` where others are known already."""
    TrustedKey.insert(holder=holder, public_keys=public_keys).on_conflict_ignore().execute()
    check(holder, public_keys)


def check(holder: str, public_keys: bytes) -> None:
    """Raise :class:`ExchangedKeys` unless exactly these keys are known for ``holder``."""
    known = TrustedKey.get_or_none(TrustedKey.holder == holder)
    if known is None or bytes(known.public_keys) != public_keys:
        raise ExchangedKeys(f"the keys of {holder} aren't the ones known here")
