"""Sealing to a public key: HPKE (RFC 9180), base mode, with the post-quantum hybrid of ML-KEM-768 and X25519.

Whoever breaks only one of the two, be it X25519 with a quantum computer or ML-KEM with a new idea, opens nothing.
KDF is HKDF-SHA256, AEAD ChaCha20-Poly1305. A sealed message says nothing about who sealed it: where that
matters, what is inside is signed (`keys.signing`).

    sealed = encapsulated key (1088 + 32 bytes) | ciphertext and tag (plaintext + 16)
"""

from functools import cache
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from keys.binding import bind
from keys.errors import CannotOpen, MalformedKey
from keys.halves import BothHalves, PublicHalf

__all__ = ["SealingKey", "SealingKeyPair", "bind", "nobody", "open_sealed", "seal"]

SEED_LENGTH = 96
PUBLIC_LENGTH = 1216
OVERHEAD = 1088 + 32 + 16
_MLKEM_SEED = 64
_MLKEM_PUBLIC = 1184

_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


class SealingKey(PublicHalf):
    """The public half: anyone may seal with it. 1216 bytes, ML-KEM-768 (1184) then X25519 (32)."""

    __slots__ = ("_key",)
    LENGTH = PUBLIC_LENGTH
    CALLED = "a sealing key"

    def __init__(self, encoded: bytes) -> None:
        super().__init__(encoded)
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(encoded[:_MLKEM_PUBLIC])
            x25519 = X25519PublicKey.from_public_bytes(encoded[_MLKEM_PUBLIC:])
        except ValueError:
            raise MalformedKey("not a sealing key") from None
        self._key = hpke.MLKEM768X25519PublicKey(mlkem, x25519)

    @classmethod
    def of(cls, mlkem: MLKEM768PublicKey, x25519: X25519PublicKey) -> Self:
        """From keys that are at hand already, so that they needn't be read and checked a second time."""
        made = cls.__new__(cls)
        PublicHalf.__init__(made, mlkem.public_bytes_raw() + x25519.public_bytes_raw())
        made._key = hpke.MLKEM768X25519PublicKey(mlkem, x25519)  # noqa: SLF001 - it is one of ours
        return made


class SealingKeyPair(BothHalves):
    """Both halves, from a seed of 96 bytes: ML-KEM-768 (64, FIPS 203's d and z) then X25519 (32)."""

    __slots__ = ("_key", "public")
    LENGTH = SEED_LENGTH
    CALLED = "a sealing key pair"
    public: SealingKey

    def __init__(self, seed: bytes) -> None:
        super().__init__(seed)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(seed[:_MLKEM_SEED])
        x25519 = X25519PrivateKey.from_private_bytes(seed[_MLKEM_SEED:])
        self._key = hpke.MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public = SealingKey.of(mlkem.public_key(), x25519.public_key())


@cache
def nobody() -> SealingKey:
    """A key whose other half was thrown away, for what nobody shall open; a sealed message doesn't tell which key it is for, so one per
    process will do.
    """
    return SealingKeyPair.generate().public


def seal(plaintext: bytes, to: SealingKey, *, info: bytes) -> bytes:
    """Seal to whoever holds the private half, bound to `info` (see `bind`); 1136 bytes longer than the plaintext.

    Raises MalformedKey if nothing can be agreed on with that key (an X25519 point of low order).
    """
    try:
        return _SUITE.encrypt(plaintext, to._key, info)  # noqa: SLF001 - two halves of one idea
    except ValueError:
        raise MalformedKey("nothing can be sealed to this key") from None


def open_sealed(sealed: bytes, keys: SealingKeyPair, *, info: bytes) -> bytes:
    """What was sealed. Raises CannotOpen for another recipient, another `info`, or any changed or missing bit."""
    try:
        return _SUITE.decrypt(sealed, keys._key, info)  # noqa: SLF001
    except (InvalidTag, ValueError):
        raise CannotOpen("not sealed to this key, or not for this purpose") from None
