"""Signatures: Ed25519 (RFC 8032).

`cryptography` offers plain Ed25519 without a context, so the context is bound into what is signed: a signature
given for one purpose never passes for another.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from keys.binding import bind
from keys.errors import BadSignature
from keys.halves import BothHalves, PublicHalf

SEED_LENGTH = 32
PUBLIC_LENGTH = 32
SIGNATURE_LENGTH = 64


class VerifyKey(PublicHalf):
    """The public half, 32 bytes: anyone may check a signature with it."""

    __slots__ = ("_key",)
    LENGTH = PUBLIC_LENGTH
    CALLED = "a key to check signatures"

    def __init__(self, encoded: bytes) -> None:
        super().__init__(encoded)
        self._key = Ed25519PublicKey.from_public_bytes(self._encoded)

    def verify(self, signature: bytes, message: bytes, *, context: bytes) -> None:
        """Raises BadSignature unless this key signed exactly this message in exactly this context."""
        try:
            self._key.verify(signature, _signed(message, context))
        except InvalidSignature:
            raise BadSignature("the signature does not hold") from None


class SigningKeyPair(BothHalves):
    """Both halves, from a seed of 32 bytes (RFC 8032's private key)."""

    __slots__ = ("_key", "public")
    LENGTH = SEED_LENGTH
    CALLED = "a signing key pair"
    public: VerifyKey

    def __init__(self, seed: bytes) -> None:
        super().__init__(seed)
        self._key = Ed25519PrivateKey.from_private_bytes(self._seed)
        self.public = VerifyKey(self._key.public_key().public_bytes_raw())

    def sign(self, message: bytes, *, context: bytes) -> bytes:
        """A signature of 64 bytes over the message in its context; the same input gives the same signature."""
        return self._key.sign(_signed(message, context))


def _signed(message: bytes, context: bytes) -> bytes:
    return bind("signature", context, message)
