"""The keys of a mailbox, all from the receipt code that only its owner holds.

The server keeps the mailbox's id and public key. Code and private keys exist while a request presents the code,
and nowhere else.
"""

from typing import NoReturn, Self

from keys.binding import bind
from keys.codes import normalise
from keys.sealing import SEED_LENGTH as SEALING_SEED_LENGTH
from keys.sealing import SealingKeyPair
from keys.signing import SEED_LENGTH as SIGNING_SEED_LENGTH
from keys.signing import SigningKeyPair
from keys.symmetric import derive, open_with, seal_with

_ID_LENGTH = 16
_ID, _ENVELOPE, _OWN, _SEALING, _SIGNING = (
    bind("mailbox", purpose) for purpose in ("id", "envelope", "own", "sealing", "signing")
)


class MailboxKeys:
    """What a receipt code gives: two ids, two key pairs and a key for what the owner keeps, independent of each other without the code.

    `id` (32 hexadecimal signs) finds the mailbox. `envelope_id` (likewise) is the id of the envelope that opened
    it: whoever has only the shared layer cannot tell which envelope opened which mailbox.
    """

    __slots__ = ("_own", "envelope_id", "id", "sealing", "signing")

    def __init__(self, code: str) -> None:
        secret = normalise(code).encode("ascii")
        self.id = derive(secret, info=_ID, length=_ID_LENGTH).hex()
        self.envelope_id = derive(secret, info=_ENVELOPE, length=_ID_LENGTH).hex()
        self._own = derive(secret, info=_OWN)
        self.sealing = SealingKeyPair.from_seed(derive(secret, info=_SEALING, length=SEALING_SEED_LENGTH))
        self.signing = SigningKeyPair.from_seed(derive(secret, info=_SIGNING, length=SIGNING_SEED_LENGTH))

    @classmethod
    def from_receipt(cls, code: str) -> Self:
        """From the code as typed. Raises MalformedCode."""
        return cls(code)

    def copy_id(self, envelope_id: str) -> str:
        """The id under which the owner's copy of what they sent is kept: it doesn't show which envelope it is a copy of."""
        return derive(self._own, info=bind("mailbox", "copy", envelope_id), length=_ID_LENGTH).hex()

    def seal_own(self, plaintext: bytes, *, info: bytes) -> bytes:
        """Seal for the owner what the owner sends: with the code at hand it needs no public key. 81 bytes longer."""
        return seal_with(self._own, plaintext, info=info)

    def open_own(self, sealed: bytes, *, info: bytes) -> bytes:
        """What `seal_own` has sealed. Raises CannotOpen for anything else."""
        return open_with(self._own, sealed, info=info)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a mailbox's keys are not pickled: they would end up in a cache")

    def __repr__(self) -> str:
        # Not even the id: in a log it would tell who came back.
        return "<MailboxKeys>"
