"""Passphrases: wrapping an officer's private key under one (Argon2id, RFC 9106).

There is no password hash beside it: unwrapping is the check. How good a passphrase is, is asked in
`keys.strength`.

    wrapped = version (1 byte) | time cost (4) | memory in KiB (4) | parallelism (4) | salt (16) | sealed
    sealed  = keys.symmetric, under the key Argon2id gives, bound to all of the above and to the context
"""

import secrets
import struct
import unicodedata
from dataclasses import dataclass
from typing import Self

from argon2.low_level import Type, hash_secret_raw

from keys.binding import bind
from keys.errors import CannotOpen, WeakParameters, WeakPassphrase, WrongPassphrase
from keys.strength import MAX_LENGTH, Assessment, assess
from keys.symmetric import KEY_LENGTH, open_with, seal_with

__all__ = [
    "RECOMMENDED",
    "Argon2Policy",
    "Assessment",
    "account_context",
    "assess",
    "burn",
    "is_outdated",
    "require_strong",
    "unwrap",
    "wrap",
]

_VERSION = 1
_HEADER = struct.Struct(">BIII16s")
_SALT_LENGTH = 16
# What a stored header may ask of this machine: somebody who can write to the table shall not stop the server.
_MOST_TIME = 20
_MOST_MEMORY_KIB = 1024 * 1024
_MOST_PARALLELISM = 16


@dataclass(frozen=True, slots=True)
class Argon2Policy:
    """What deriving a key from a passphrase costs: passes over the memory, KiB of it, and lanes."""

    time_cost: int
    memory_kib: int
    parallelism: int


RECOMMENDED = Argon2Policy(time_cost=3, memory_kib=65536, parallelism=4)
"""RFC 9106, section 4, the second recommended option: 64 MiB, about 0.1 s."""


def require_strong(policy: Argon2Policy) -> None:
    """Raises WeakParameters unless at least as costly as RFC 9106's second option, and no more than is accepted.

    Production asks this at start-up: cheap parameters are for tests.
    """
    if policy.time_cost < RECOMMENDED.time_cost or policy.memory_kib < RECOMMENDED.memory_kib:
        raise WeakParameters("Argon2 takes at least 3 passes over 64 MiB (RFC 9106)")
    if not _acceptable(policy):
        raise WeakParameters("Argon2 takes at most 20 passes, 1 GiB and 16 lanes")


def account_context(account: str) -> bytes:
    """The context an account's private key is wrapped in: one account's key never opens as another's."""
    return bind("account", account)


def wrap(secret: bytes, passphrase: str, *, context: bytes, policy: Argon2Policy) -> bytes:
    """`secret` under a passphrase, bound to `context` (for an officer: `account_context`); 110 bytes longer.

    Raises WeakPassphrase for one that is empty or longer than 1024 characters, WeakParameters for a policy that
    `unwrap` would refuse, ValueError for an empty context. Judging the passphrase is `assess`'s business.
    """
    if not context:
        raise ValueError("say whose secret it is")
    if not passphrase or len(passphrase) > MAX_LENGTH:
        raise WeakPassphrase("a passphrase has between 1 and 1024 characters")
    if not _acceptable(policy):
        raise WeakParameters("parameters that would be refused on opening")
    header = _Header(policy, secrets.token_bytes(_SALT_LENGTH))
    key = _derive(passphrase, header)
    return header.to_bytes() + seal_with(key, secret, info=_info(header, context))


def unwrap(wrapped: bytes, passphrase: str, *, context: bytes) -> bytes:
    """The secret.

    Raises WrongPassphrase if it does not open; CannotOpen if these are no wrapped bytes, or ask for absurd cost.
    """
    header = _Header.from_bytes(wrapped)
    if len(passphrase) > MAX_LENGTH:
        raise WrongPassphrase("the passphrase does not open this")
    key = _derive(passphrase, header)
    try:
        return open_with(key, wrapped[_HEADER.size :], info=_info(header, context))
    except CannotOpen:
        raise WrongPassphrase("the passphrase does not open this") from None


def is_outdated(wrapped: bytes, policy: Argon2Policy) -> bool:
    """Whether the policy has risen since, so that this is to be wrapped anew. Raises CannotOpen as `unwrap` does."""
    stored = _Header.from_bytes(wrapped).policy
    return stored.time_cost < policy.time_cost or stored.memory_kib < policy.memory_kib


def burn(passphrase: str, policy: Argon2Policy) -> None:
    """Take as long as `unwrap` takes, for a name that does not exist: the time shall not tell."""
    if len(passphrase) <= MAX_LENGTH:
        _derive(passphrase, _Header(policy, secrets.token_bytes(_SALT_LENGTH)))


@dataclass(frozen=True, slots=True)
class _Header:
    policy: Argon2Policy
    salt: bytes

    def to_bytes(self) -> bytes:
        policy = self.policy
        return _HEADER.pack(_VERSION, policy.time_cost, policy.memory_kib, policy.parallelism, self.salt)

    @classmethod
    def from_bytes(cls, wrapped: bytes) -> Self:
        if len(wrapped) < _HEADER.size:
            raise CannotOpen("not a wrapped secret")
        version, time_cost, memory_kib, parallelism, salt = _HEADER.unpack_from(wrapped)
        header = cls(Argon2Policy(time_cost, memory_kib, parallelism), salt)
        if version != _VERSION or not _acceptable(header.policy):
            raise CannotOpen("not a wrapped secret of a version or cost that is accepted")
        return header


def _acceptable(policy: Argon2Policy) -> bool:
    return (
        1 <= policy.time_cost <= _MOST_TIME
        and 1 <= policy.parallelism <= _MOST_PARALLELISM
        and 8 * policy.parallelism <= policy.memory_kib <= _MOST_MEMORY_KIB  # RFC 9106: at least 8p KiB
    )


def _derive(passphrase: str, header: _Header) -> bytes:
    # NFKC, so that a passphrase is the same from every keyboard (NIST SP 800-63B, 3.1.1.2).
    text = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    policy = header.policy
    return hash_secret_raw(
        text, header.salt, policy.time_cost, policy.memory_kib, policy.parallelism, KEY_LENGTH, Type.ID
    )


def _info(header: _Header, context: bytes) -> bytes:
    return bind("passphrase", header.to_bytes(), context)
