"""Claim slots: an invite code that waits for whoever holds the reference key.

A slot opens only with two secrets together: the reference key, which membership and the member know, and the public face's claim key.
So neither membership (which has every reference key and may read the shared layer) nor a thief of the shared layer, nor the public
face before somebody types a key, reads an invite code.

    slot = seal_with(key derived from the reference key, HPKE to the claim key (invite code of twenty signs))

Every slot has the same size, and its id, derived from the reference key too, tells nothing without that.
"""

from pathlib import Path
from typing import NoReturn, Self

from keys import keyfile
from keys.binding import bind
from keys.codes import grouped, normalise
from keys.errors import CannotOpen, MalformedCode, MissingClaimKey
from keys.sealing import OVERHEAD as HPKE_OVERHEAD
from keys.sealing import SEED_LENGTH, SealingKey, SealingKeyPair, open_sealed, seal
from keys.symmetric import OVERHEAD, derive, open_with, seal_with

_ID_LENGTH = 16
_CODE_LENGTH = 20
SLOT_LENGTH = OVERHEAD + HPKE_OVERHEAD + _CODE_LENGTH
GRACE_LENGTH = OVERHEAD + _CODE_LENGTH


class ClaimKeyPair:
    """The public face's pair. Its private half lies in a file that only that face reads, its public one in `instance.json`."""

    __slots__ = ("_keys",)

    def __init__(self, keys: SealingKeyPair) -> None:
        self._keys = keys

    @classmethod
    def create(cls, path: Path) -> Self:
        """Write a new key, mode 0600, durably. Raises FileExistsError: over it, every waiting slot would be lost."""
        keys = SealingKeyPair.generate()
        keyfile.create(path, keys.to_bytes())
        return cls(keys)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises MissingClaimKey: no such file, one that others may read, or not a key."""
        seed = keyfile.load(path, SEED_LENGTH, name="the claim key", missing=MissingClaimKey)
        return cls(SealingKeyPair.from_seed(seed))

    @property
    def public(self) -> SealingKey:
        return self._keys.public

    def open_slot(self, ciphertext: bytes, reference: "ClaimKeys") -> str:
        """The invite code, grouped. Raises CannotOpen: another reference key, another claim key, or changed."""
        inner = open_with(reference.outer, ciphertext, info=_slot(reference.slot_id))
        return _code(open_sealed(inner, self._keys, info=_slot(reference.slot_id)))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a claim key is not pickled")

    def __repr__(self) -> str:
        return "<ClaimKeyPair>"


class ClaimKeys:
    """What a reference key gives: the id of its slot, the id of the envelope that tells of the claim, and the slot's outer key."""

    __slots__ = ("_secret", "envelope_id", "outer", "slot_id")

    def __init__(self, code: str) -> None:
        self._secret = normalise(code).encode("ascii")
        self.slot_id = derive(self._secret, info=bind("claim", "slot"), length=_ID_LENGTH).hex()
        self.envelope_id = derive(self._secret, info=bind("claim", "envelope"), length=_ID_LENGTH).hex()
        self.outer = derive(self._secret, info=bind("claim", "outer"))

    @classmethod
    def from_reference(cls, code: str) -> Self:
        """From the reference key as typed. Raises MalformedCode."""
        return cls(code)

    def seal_slot(self, invite: str, to: SealingKey) -> bytes:
        """Seal an invite code for whoever claims it: always `SLOT_LENGTH` bytes. Raises MalformedCode."""
        inner = seal(normalise(invite).encode("ascii"), to, info=_slot(self.slot_id))
        return seal_with(self.outer, inner, info=_slot(self.slot_id))

    def on_device(self, token: str) -> "GraceKeys":
        """What lets the device that claimed see the code again for a while."""
        return GraceKeys(self._secret, token)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a claim's keys are not pickled: they would end up in a cache")

    def __repr__(self) -> str:
        # Not even the id: in a log it would tell who has claimed.
        return "<ClaimKeys>"


class GraceKeys:
    """A reference key and a device's random token together: neither membership nor the device alone opens what they seal."""

    __slots__ = ("_key", "id")

    def __init__(self, reference: bytes, token: str) -> None:
        secret = bind("claim-grace", reference, token)
        self.id = derive(secret, info=bind("claim-grace", "id"), length=_ID_LENGTH).hex()
        self._key = derive(secret, info=bind("claim-grace", "key"))

    def seal(self, invite: str) -> bytes:
        """Seal the invite code that was shown: always `GRACE_LENGTH` bytes."""
        return seal_with(self._key, normalise(invite).encode("ascii"), info=bind("claim-grace", self.id))

    def open(self, ciphertext: bytes) -> str:
        """The invite code, grouped. Raises CannotOpen."""
        return _code(open_with(self._key, ciphertext, info=bind("claim-grace", self.id)))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a claim's keys are not pickled: they would end up in a cache")

    def __repr__(self) -> str:
        return "<GraceKeys>"


def _slot(slot_id: str) -> bytes:
    return bind("claim-slot", slot_id)


def _code(plain: bytes) -> str:
    try:
        return grouped(plain.decode("ascii"))
    except (UnicodeDecodeError, MalformedCode):  # anyone can seal anything to a public key
        raise CannotOpen("no invite code in this slot") from None
