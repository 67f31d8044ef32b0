"""The recovery key: its private half exists only on paper, as SLIP-39 shares of which any k open it.

https://github.com/satoshilabs/slips/blob/master/slip-0039.md. One share less than k tells nothing at all about the
key (Shamir, 1979). The program prints the shares once and keeps the public half.
"""

import secrets
from collections.abc import Iterable

from shamir_mnemonic import MnemonicError, combine_mnemonics, decode_mnemonics, generate_mnemonics

from keys.binding import bind
from keys.errors import CannotOpen
from keys.sealing import SEED_LENGTH, SealingKey, SealingKeyPair
from keys.symmetric import derive

_SECRET_LENGTH = 32
_MOST_SHARES = 16


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


def recover(shares: Iterable[str]) -> SealingKeyPair:
    """The recovery key pair from k or more shares as typed (case and spacing are forgiven).

    Raises CannotOpen for too few, mistyped or mixed shares. Shares of another organisation that fit together give
    another key: the caller compares `.public` with the one on record.
    """
    words = {" ".join(share.lower().split()) for share in shares}
    try:
        secret = combine_mnemonics(_just_enough(words))
    # IndexError and ValueError: what the library makes of words that are hardly a share.
    except (MnemonicError, IndexError, ValueError):
        # Its messages quote the beginning of a share.
        raise CannotOpen("these shares do not make a recovery key") from None
    if len(secret) != _SECRET_LENGTH:
        raise CannotOpen("these shares do not make a recovery key")
    return _pair(secret)


def _just_enough(words: set[str]) -> list[str]:
    """The library takes exactly k; somebody who comes with all the papers should not have to know that."""
    if not words:
        raise MnemonicError("no shares")
    groups = decode_mnemonics(words)
    return [
        share.mnemonic()
        for group in groups.values()
        for share in (group.get_minimal_group() if group.is_complete() else group)
    ]


def _pair(secret: bytes) -> SealingKeyPair:
    return SealingKeyPair.from_seed(derive(secret, info=bind("recovery"), length=SEED_LENGTH))
