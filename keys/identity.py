"""Who somebody is, in keys: what an officer, or a compartment, receives with (HPKE) and signs with (Ed25519)."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import NoReturn, Self

from keys import sealing, signing
from keys.binding import bind
from keys.errors import MalformedKey
from keys.sealing import SealingKey, SealingKeyPair
from keys.signing import SigningKeyPair, VerifyKey

SEED_LENGTH = sealing.SEED_LENGTH + signing.SEED_LENGTH
PUBLIC_LENGTH = sealing.PUBLIC_LENGTH + signing.PUBLIC_LENGTH


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public halves, 1248 bytes: sealing (1216) then signing (32)."""

    sealing: SealingKey
    signing: VerifyKey

    @classmethod
    def from_bytes(cls, encoded: bytes) -> Self:
        """Raises MalformedKey for anything but 1248 bytes that are two such keys."""
        if len(encoded) != PUBLIC_LENGTH:
            raise MalformedKey("public keys are 1248 bytes")
        cut = sealing.PUBLIC_LENGTH
        return cls(SealingKey.from_bytes(encoded[:cut]), VerifyKey.from_bytes(encoded[cut:]))

    def to_bytes(self) -> bytes:
        return self.sealing.to_bytes() + self.signing.to_bytes()

    def fingerprint(self) -> str:
        """Eight groups of four hexadecimal signs, to be read out loud and compared.

        SHA-256 cut to 128 bits: nobody can make keys to a fingerprint that is somebody else's.
        """
        digest = hashlib.sha256(bind("fingerprint", self.to_bytes())).hexdigest()[:32]
        return " ".join(digest[start : start + 4] for start in range(0, 32, 4))

    def __repr__(self) -> str:
        return f"<PublicKeys {self.fingerprint()}>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class KeyPairs:
    """Both pairs, from a seed of 128 bytes: sealing (96) then signing (32)."""

    sealing: SealingKeyPair
    signing: SigningKeyPair

    @classmethod
    def generate(cls) -> Self:
        return cls.from_seed(secrets.token_bytes(SEED_LENGTH))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The pairs that belong to a seed, always the same. Raises MalformedKey for anything but 128 bytes."""
        if len(seed) != SEED_LENGTH:
            raise MalformedKey("the seed of both key pairs is 128 bytes")
        cut = sealing.SEED_LENGTH
        return cls(SealingKeyPair.from_seed(seed[:cut]), SigningKeyPair.from_seed(seed[cut:]))

    def to_bytes(self) -> bytes:
        """The seed: the secret itself. It leaves this process only wrapped or sealed."""
        return self.sealing.to_bytes() + self.signing.to_bytes()

    @property
    def public(self) -> PublicKeys:
        return PublicKeys(self.sealing.public, self.signing.public)

    def __reduce__(self) -> NoReturn:
        raise TypeError("key pairs are not pickled: they would end up in a cache")

    def __repr__(self) -> str:
        return f"<KeyPairs of {self.public!r}>"
