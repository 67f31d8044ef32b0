"""What somebody in confidential counsel comes back with: everything follows from the receipt code, and nothing is kept on the server.

There is no mailbox row that an onlooker could watch. Answers lie among others in one pool (app.shared.drops), each under an id that
follows from a secret of this contact and its number, so that nobody can tell which of them belong together, or to whom. All drops are
sealed under a key that follows from that secret; what must be kept even from those who know it is sealed to the person's key inside.
"""

from typing import NoReturn, Self

from keys.binding import bind
from keys.codes import normalise
from keys.randomness import token_bytes
from keys.sealing import SEED_LENGTH as SEALING_SEED_LENGTH
from keys.sealing import SealingKeyPair
from keys.signing import SEED_LENGTH as SIGNING_SEED_LENGTH
from keys.signing import SigningKeyPair
from keys.symmetric import KEY_LENGTH, OVERHEAD, derive, open_with, seal_with

_ID_LENGTH = 16
DROP_OVERHEAD = OVERHEAD
_CASE, _ENVELOPE, _ANSWERS, _OWN, _SEALING, _SIGNING = (
    bind("visit", purpose) for purpose in ("case", "envelope", "answers", "own", "sealing", "signing")
)
_DROP_KEY = bind("drop-key")


class VisitKeys:
    """What a receipt code gives.

    `case` (32 hexadecimal signs) names the case, `envelope_id` the envelope that opened it. `sealing` opens answers and the person's own
    copies, `signing` proves later letters. `answers` and `own` are secrets from which the ids of drops follow (`drop_id`): the
    counsellors are told the first, nobody the second.
    """

    __slots__ = ("answers", "case", "envelope_id", "own", "sealing", "signing")

    def __init__(self, code: str) -> None:
        secret = normalise(code).encode("ascii")
        self.case = derive(secret, info=_CASE, length=_ID_LENGTH).hex()
        self.envelope_id = derive(secret, info=_ENVELOPE, length=_ID_LENGTH).hex()
        self.answers = derive(secret, info=_ANSWERS, length=KEY_LENGTH)
        self.own = derive(secret, info=_OWN, length=KEY_LENGTH)
        self.sealing = SealingKeyPair.from_seed(derive(secret, info=_SEALING, length=SEALING_SEED_LENGTH))
        self.signing = SigningKeyPair.from_seed(derive(secret, info=_SIGNING, length=SIGNING_SEED_LENGTH))

    @classmethod
    def from_receipt(cls, code: str) -> Self:
        """From the code as typed. Raises MalformedCode."""
        return cls(code)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a visit's keys are not pickled: they would end up in a cache")

    def __repr__(self) -> str:
        # Not even the id: in a log it would tell who came back.
        return "<VisitKeys>"


def drop_id(secret: bytes, number: int) -> str:
    """The id (32 hexadecimal signs) of a contact's drop of this number, counted from 0. Raises MalformedKey for a short secret."""
    return derive(secret, info=bind("drop", number), length=_ID_LENGTH).hex()


def seal_drop(secret: bytes, drop: str, content: bytes) -> bytes:
    """Seal what a drop holds under its contact's secret, bound to its id; `DROP_OVERHEAD` bytes longer."""
    return seal_with(derive(secret, info=_DROP_KEY), content, info=_drop(drop))


def open_drop(secret: bytes, drop: str, sealed: bytes) -> bytes:
    """What a drop holds. Raises CannotOpen for another contact's, for cover, and for anything else."""
    return open_with(derive(secret, info=_DROP_KEY), sealed, info=_drop(drop))


def blank_drop(length: int) -> bytes:
    """A drop that nobody can open, of `length` bytes: sealed like any other, under a key that is thrown away."""
    return seal_with(token_bytes(KEY_LENGTH), bytes(length - DROP_OVERHEAD), info=_DROP_KEY)


def _drop(drop: str) -> bytes:
    return bind("drop", drop)
