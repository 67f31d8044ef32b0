"""The keys of one confidential case: its own random key, sealed once per counsellor who may read it.

    case key (32 random bytes) --HPKE--> one slot per reader
    case key --HKDF--> the case's inbox: a sealing key pair whose public half lets the person in counsel write more

A slot names nobody and all slots have one length: whoever holds the whole compartment finds out only by trying their own key. Slots
that open for nobody (`blind_slot`) hide how many readers there are, and so that somebody was left out.
"""

from keys import randomness
from keys.binding import bind
from keys.errors import CannotOpen
from keys.identity import KeyPairs
from keys.sealing import OVERHEAD, SEED_LENGTH, SealingKey, SealingKeyPair, nobody, open_sealed, seal
from keys.symmetric import KEY_LENGTH, derive

SLOT_LENGTH = OVERHEAD + KEY_LENGTH


def new_case_key() -> bytes:
    """32 random bytes."""
    return randomness.token_bytes(KEY_LENGTH)


def seal_slot(case_key: bytes, *, case: str, epoch: int, to: SealingKey) -> bytes:
    """The case's key for one reader, `SLOT_LENGTH` bytes, bound to the case and to the number of the key."""
    return seal(case_key, to, info=_slot(case, epoch))


def open_slot(slot: bytes, *, case: str, epoch: int, keys: SealingKeyPair) -> bytes:
    """The case's key. Raises CannotOpen: a slot of somebody else, of another case, of another epoch, or nobody's."""
    case_key = open_sealed(slot, keys, info=_slot(case, epoch))
    if len(case_key) != KEY_LENGTH:  # anyone can seal anything to a public key
        raise CannotOpen("no case key in this slot")
    return case_key


def blind_slot(*, case: str, epoch: int) -> bytes:
    """A slot that nobody can open: sealed like any other."""
    return seal_slot(new_case_key(), case=case, epoch=epoch, to=nobody())


def inbox(case_key: bytes, *, case: str) -> SealingKeyPair:
    """What the person writes to: anyone who reads the case opens it, nobody else."""
    return SealingKeyPair.from_seed(inbox_seed(case_key, case=case))


def inbox_seed(case_key: bytes, *, case: str) -> bytes:
    """What the inbox follows from, for the person who made the case's key: they keep it with what they wrote, until they are answered."""
    return derive(case_key, info=bind("case-inbox", case), length=SEED_LENGTH)


def keyring_key(officer: KeyPairs) -> bytes:
    """Under which an officer's own list of case keys is sealed: follows from the officer's private keys alone."""
    return derive(officer.to_bytes(), info=bind("case-keyring"))


def private_key(officer: KeyPairs) -> bytes:
    """Under which an officer seals what no colleague may read, such as a log of training and supervision."""
    return derive(officer.to_bytes(), info=bind("private-log"))


def _slot(case: str, epoch: int) -> bytes:
    return bind("case-slot", case, epoch)
