"""What somebody in confidential counsel comes back with: everything follows from the receipt code, and nothing is kept on the server.

There is no mailbox row that an onlooker could watch. Answers lie among others in one pool (app.shared.drops), each under an id that
follows from a secret of this contact and its number, so that nobody can tell which of them belong together, or to whom.
"""

from typing import NoReturn, Self

from keys.binding import bind
from keys.codes import normalise
from keys.sealing import SEED_LENGTH as SEALING_SEED_LENGTH
from keys.sealing import SealingKeyPair
from keys.signing import SEED_LENGTH as SIGNING_SEED_LENGTH
from keys.signing import SigningKeyPair
from keys.symmetric import KEY_LENGTH, derive

_ID_LENGTH = 16


class VisitKeys:
    """What a receipt code gives.

    `case` (32 hexadecimal signs) names the case, `envelope_id` the envelope that opened it. `sealing` opens answers and the person's own
    copies, `signing` proves later letters. `answers` and `own` are secrets from which the ids of drops follow (`drop_id`): the
    counsellors are told the first, nobody the second.
    """

    __slots__ = ("answers", "case", "envelope_id", "own", "sealing", "signing")

    def __init__(self, code: str) -> None:
        secret = normalise(code).encode("ascii")
        self.case = derive(secret, info=bind("visit", "case"), length=_ID_LENGTH).hex()
        self.envelope_id = derive(secret, info=bind("visit", "envelope"), length=_ID_LENGTH).hex()
        self.answers = derive(secret, info=bind("visit", "answers"), length=KEY_LENGTH)
        self.own = derive(secret, info=bind("visit", "own"), length=KEY_LENGTH)
        self.sealing = SealingKeyPair.from_seed(
            derive(secret, info=bind("visit", "sealing"), length=SEALING_SEED_LENGTH)
        )
        self.signing = SigningKeyPair.from_seed(
            derive(secret, info=bind("visit", "signing"), length=SIGNING_SEED_LENGTH)
        )

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
