"""The compartments' public keys: published in the shared layer, believed only along an unbroken chain from a pinned one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.shared.kept import Kept
from app.shared.models import CompartmentKey
from app.shared.prepared import Prepared
from keys.errors import BadSignature
from keys.identity import PublicKeys
from keys.sealing import bind
from keys.signing import SigningKeyPair


class BrokenChain(RuntimeError):
    """A compartment's published keys don't follow from the pinned ones: somebody has exchanged them."""


@dataclass(frozen=True)
class PinnedKeys:
    """Public keys that are believed, and the epoch they are of."""

    vault: str
    epoch: int
    keys: PublicKeys


@dataclass(frozen=True)
class _Published:
    epoch: int
    public_keys: bytes
    signature: bytes


_PUBLISHED = Prepared(
    lambda vault: (
        CompartmentKey.select(CompartmentKey.epoch, CompartmentKey.public_keys, CompartmentKey.signature)
        .where(CompartmentKey.vault == vault)
        .order_by(CompartmentKey.epoch)
    )
)
_CHAINS: Kept[list[PinnedKeys]] = Kept(64)
"""Chains that hold, by the pin and the published rows that they were checked with: public keys and signatures, no secret."""


def follow(pin: PinnedKeys) -> list[PinnedKeys]:
    """Return the keys from the pinned epoch to the newest, newest first; raises :class:`BrokenChain`."""
    published = tuple(
        _Published(epoch, bytes(keys), bytes(signature or b""))
        for epoch, keys, signature in _PUBLISHED.all(pin.vault)
        if epoch >= pin.epoch
    )
    facts = pin.vault, pin.epoch, pin.keys.to_bytes(), published
    return list(_CHAINS.get(facts, lambda: _followed(pin, published)))


def _followed(pin: PinnedKeys, published: Iterable[_Published]) -> list[PinnedKeys]:
    chain = [pin]
    for row in published:
        keys = row.public_keys
        if row.epoch == pin.epoch:
            if keys != pin.keys.to_bytes():
                raise BrokenChain(f"{pin.vault}: the published keys are not the pinned ones")
            continue
        if row.epoch != chain[0].epoch + 1:
            raise BrokenChain(f"{pin.vault}: keys of an epoch are missing")
        try:
            chain[0].keys.signing.verify(
                bytes(row.signature or b""), keys, context=_context(pin.vault, row.epoch)
            )
        except BadSignature as error:
            raise BrokenChain(
                f"{pin.vault}: the keys of epoch {row.epoch} aren't signed by those before"
            ) from error
        chain.insert(0, PinnedKeys(pin.vault, row.epoch, PublicKeys.from_bytes(keys)))
    return chain


def sign_successor(vault: str, epoch: int, successor: PublicKeys, signer: SigningKeyPair) -> bytes:
    """Sign the public keys of the next epoch with the keys of the one before."""
    return signer.sign(successor.to_bytes(), context=_context(vault, epoch))


def _context(vault: str, epoch: int) -> bytes:
    return bind("compartment-key", vault, epoch)
