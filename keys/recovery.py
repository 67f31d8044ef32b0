"""The recovery key: its private half exists only on paper, as SLIP-39 shares of which any k open it.

https://github.com/satoshilabs/slips/blob/master/slip-0039.md. One share less than k tells nothing at all about the
key (Shamir, 1979). The program prints the shares once and keeps the public half.
"""

import secrets
from collections.abc import Iterable
from typing import NoReturn

from shamir_mnemonic import MnemonicError, generate_mnemonics
from shamir_mnemonic.recovery import RecoveryState
from shamir_mnemonic.share import Share
from shamir_mnemonic.wordlist import WORDLIST

from keys.binding import bind
from keys.errors import CannotOpen, RefusedShare
from keys.sealing import SEED_LENGTH, SealingKey, SealingKeyPair
from keys.symmetric import derive

WORDS_PER_SHARE = 33
_SECRET_LENGTH = 32
_MOST_SHARES = 16
_TELLING = 4
# The list is made so that four letters tell its words apart: who types without seeing it may stop there.
_BY_BEGINNING = {word[:_TELLING]: word for word in WORDLIST}


def new_recovery(k: int = 2, n: int = 3) -> tuple[SealingKey, list[str]]:
    """The public half and n shares of 33 English words each, any k of which recover the private half.

    Raises ValueError unless 2 <= k <= n <= 16: a single paper that opens everything is not offered.
    """
    if not 2 <= k <= n <= _MOST_SHARES:  # noqa: PLR2004
        raise ValueError("shares: at least two to recover, at most sixteen in all")
    secret = secrets.token_bytes(_SECRET_LENGTH)
    # The passphrase and PBKDF2 of SLIP-39 strengthen a weak secret; this one has 256 bits.
    (shares,) = generate_mnemonics(1, [(k, n)], secret, iteration_exponent=0)
    return _pair(secret).public, shares


class TypedShares:
    """Shares as their holders type them, one after the other, each checked at once, until they are enough."""

    __slots__ = ("_state",)

    def __init__(self) -> None:
        self._state = RecoveryState()

    def add(self, text: str) -> None:
        """Take one share (case and spacing are forgiven, and four letters do for a word). Raises RefusedShare, and is as before."""
        try:
            share = Share.from_mnemonic(" ".join(_words(text)))
        # IndexError and ValueError: what the library makes of words that are hardly a share. Its messages quote the beginning of one.
        except (MnemonicError, IndexError, ValueError):
            raise RefusedShare("checksum") from None
        if share in self._state:
            raise RefusedShare("again")
        try:
            self._state.add_share(share)
        except MnemonicError:
            raise RefusedShare("foreign") from None

    @property
    def missing(self) -> int:
        """How many more are needed; at least one as long as there is none, since only a share says how many make a key."""
        last = self._state.last_share
        if last is None or self._state.is_complete():
            return int(last is None)
        return max(1, int(last.member_threshold) - len(self._state.groups[last.group_index]))

    def key_pair(self) -> SealingKeyPair:
        """The recovery key pair. Raises CannotOpen: too few shares, or shares that make something else."""
        try:
            secret = self._state.recover(b"") if self._state.is_complete() else b""
        except MnemonicError:
            secret = b""
        if len(secret) != _SECRET_LENGTH:
            raise CannotOpen("these shares do not make a recovery key")
        return _pair(secret)

    def __reduce__(self) -> NoReturn:
        raise TypeError("shares are not pickled: they would end up in a cache")

    def __repr__(self) -> str:
        return "<TypedShares>"


def recover(shares: Iterable[str]) -> SealingKeyPair:
    """The recovery key pair from k or more shares; the same one twice counts once.

    Raises CannotOpen for too few, mistyped or mixed shares. Shares of another organisation that fit together give
    another key: what is sealed to the right one says so.
    """
    typed = TypedShares()
    try:
        for share in {" ".join(share.lower().split()) for share in shares}:
            typed.add(share)
    except RefusedShare:
        raise CannotOpen("these shares do not make a recovery key") from None
    return typed.key_pair()


def _words(text: str) -> list[str]:
    typed = text.lower().split()
    if len(typed) != WORDS_PER_SHARE:
        raise RefusedShare("length", counted=len(typed))
    words = [_BY_BEGINNING.get(word[:_TELLING], "") for word in typed]
    unknown = [place for place, word in enumerate(words) if not word or not word.startswith(typed[place])]
    if unknown:
        raise RefusedShare("words", places=tuple(place + 1 for place in unknown))
    return words


def _pair(secret: bytes) -> SealingKeyPair:
    return SealingKeyPair.from_seed(derive(secret, info=bind("recovery"), length=SEED_LENGTH))
