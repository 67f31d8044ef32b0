"""Grants: a vault's key of one epoch, sealed to one officer. Bound to vault, epoch and account: none fits elsewhere."""

import secrets

from keys.binding import bind
from keys.errors import CannotOpen, MalformedKey
from keys.sealing import SealingKey, SealingKeyPair, open_sealed, seal

VAULT_KEY_LENGTH = 32


def new_vault_key() -> bytes:
    """256 random bits, handed to SQLCipher as a raw key."""
    return secrets.token_bytes(VAULT_KEY_LENGTH)


def seal_grant(vault_key: bytes, *, vault: str, epoch: int, account: str, to: SealingKey) -> bytes:
    """Let the holder of `to` open the vault. Raises MalformedKey for a vault key of other than 32 bytes.

    Above all for an empty one: SQLCipher takes that without a word, and writes a vault in clear.
    """
    if len(vault_key) != VAULT_KEY_LENGTH:
        raise MalformedKey("a vault key is 32 bytes")
    return seal(vault_key, to, info=_info(vault, epoch, account))


def open_grant(sealed: bytes, *, vault: str, epoch: int, account: str, keys: SealingKeyPair) -> bytes:
    """The 32-byte vault key. Raises CannotOpen: another's grant, another vault, another epoch, or changed."""
    vault_key = open_sealed(sealed, keys, info=_info(vault, epoch, account))
    if len(vault_key) != VAULT_KEY_LENGTH:  # anyone can seal anything to a public key
        raise CannotOpen("no vault key in this grant")
    return vault_key


def _info(vault: str, epoch: int, account: str) -> bytes:
    return bind("grant", vault, epoch, account)
