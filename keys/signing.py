"""Signatures: Ed25519 (RFC 8032).

`cryptography` offers plain Ed25519 without a context, so the context is bound into what is signed: a signature
given for one purpose never passes for another.
"""

import secrets
from typing import NoReturn, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from keys.binding import bind
from keys.comparison import equal
from keys.errors import BadSignature, MalformedKey

SEED_LENGTH = 32
PUBLIC_LENGTH = 32
SIGNATURE_LENGTH = 64


class VerifyKey:
    """The public half, 32 bytes: anyone may check a signature with it."""

    __slots__ = ("_encoded", "_key")

    def __init__(self, encoded: bytes) -> None:
        if len(encoded) != PUBLIC_LENGTH:
            raise MalformedKey("a key to check signatures is 32 bytes")
        self._encoded = bytes(encoded)
        self._key = Ed25519PublicKey.from_public_bytes(self._encoded)

    @classmethod
    def from_bytes(cls, encoded: bytes) -> Self:
        """Raises MalformedKey for anything but 32 bytes."""
        return cls(encoded)

    def to_bytes(self) -> bytes:
        return self._encoded

    def verify(self, signature: bytes, message: bytes, *, context: bytes) -> None:
        """Raises BadSignature unless this key signed exactly this message in exactly this context."""
        try:
            self._key.verify(signature, _signed(message, context))
        except InvalidSignature:
            raise BadSignature("the signature does not hold") from None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VerifyKey) and equal(self._encoded, other._encoded)

    def __hash__(self) -> int:
        return hash(self._encoded)

    def __repr__(self) -> str:
        return f"<VerifyKey {self._encoded[:8].hex()}>"


class SigningKeyPair:
    """Both halves, from a seed of 32 bytes (RFC 8032's private key)."""

    __slots__ = ("_key", "_seed", "public")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_LENGTH:
            raise MalformedKey("a signing key pair's seed is 32 bytes")
        self._seed = bytes(seed)
        self._key = Ed25519PrivateKey.from_private_bytes(self._seed)
        self.public = VerifyKey(self._key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(SEED_LENGTH))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The pair that belongs to a seed, always the same. Raises MalformedKey for anything but 32 bytes."""
        return cls(seed)

    def to_bytes(self) -> bytes:
        """The seed: the secret itself. It leaves this process only wrapped or sealed."""
        return self._seed

    def sign(self, message: bytes, *, context: bytes) -> bytes:
        """A signature of 64 bytes over the message in its context; the same input gives the same signature."""
        return self._key.sign(_signed(message, context))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key pair is not pickled: it would end up in a cache")

    def __repr__(self) -> str:
        return f"<SigningKeyPair of {self.public!r}>"


def _signed(message: bytes, context: bytes) -> bytes:
    return bind("signature", context, message)
