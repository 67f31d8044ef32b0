"""Sealing under a key both sides know, and deriving keys from keys.

HKDF-SHA256 (RFC 5869) and ChaCha20-Poly1305 (RFC 8439). Every message gets a key of its own, derived from the
shared key, a random salt and the context, for two reasons: no nonce can repeat however many messages one key
seals, and a tag over key and context travels along, so that a sealed message opens under exactly one key
(ChaCha20-Poly1305 alone does not promise that: Len, Grubbs, Ristenpart, "Partitioning Oracle Attacks", 2021).

    sealed = version (1 byte) | salt (32) | commitment (32) | ciphertext and tag (plaintext + 16)
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from keys.binding import bind
from keys.comparison import equal
from keys.errors import CannotOpen, MalformedKey

KEY_LENGTH = 32
_VERSION = b"\x01"
_SALT_LENGTH = 32
_COMMITMENT_LENGTH = 32
_NONCE_LENGTH = 12
_TAG_LENGTH = 16
_HEADER_LENGTH = len(_VERSION) + _SALT_LENGTH + _COMMITMENT_LENGTH
OVERHEAD = _HEADER_LENGTH + _TAG_LENGTH


def derive(secret: bytes, *, info: bytes, length: int = 32) -> bytes:
    """`length` bytes (up to 8160) from a secret of high entropy, for the purpose `info` names (HKDF-SHA256, no salt).

    Never from a passphrase: that is what `keys.passphrase` is for. Raises MalformedKey for a secret of fewer than
    12 bytes (96 bits, the size of a typed code), ValueError for an empty `info` or an impossible length.
    """
    if len(secret) < 12:  # noqa: PLR2004
        raise MalformedKey("too short a secret to derive a key from")
    if not info:
        raise ValueError("say what the key is for")
    return hkdf(secret, salt=b"", info=info, length=length)


def seal_with(key: bytes, plaintext: bytes, *, info: bytes) -> bytes:
    """Seal `plaintext` under a 32-byte key, bound to `info`; 81 bytes longer than the plaintext.

    Raises MalformedKey if the key is not 32 bytes.
    """
    salt = secrets.token_bytes(_SALT_LENGTH)
    message_key, nonce, commitment = _message_keys(key, salt, info)
    return _VERSION + salt + commitment + ChaCha20Poly1305(message_key).encrypt(nonce, plaintext, None)


def open_with(key: bytes, sealed: bytes, *, info: bytes) -> bytes:
    """What was sealed. Raises CannotOpen for another key, another `info` or any changed bit; MalformedKey as above."""
    if len(sealed) < OVERHEAD or not sealed.startswith(_VERSION):
        raise CannotOpen("not a sealed message")
    salt = sealed[len(_VERSION) : len(_VERSION) + _SALT_LENGTH]
    message_key, nonce, commitment = _message_keys(key, salt, info)
    if not equal(commitment, sealed[_HEADER_LENGTH - _COMMITMENT_LENGTH : _HEADER_LENGTH]):
        raise CannotOpen("does not open with this key")
    try:
        return ChaCha20Poly1305(message_key).decrypt(nonce, sealed[_HEADER_LENGTH:], None)
    except InvalidTag:
        raise CannotOpen("does not open with this key") from None


def _message_keys(key: bytes, salt: bytes, info: bytes) -> tuple[bytes, bytes, bytes]:
    if len(key) != KEY_LENGTH:
        raise MalformedKey("a symmetric key is 32 bytes")
    length = KEY_LENGTH + _NONCE_LENGTH + _COMMITMENT_LENGTH
    derived = hkdf(key, salt=salt, info=bind("symmetric", info), length=length)
    after_nonce = KEY_LENGTH + _NONCE_LENGTH
    return derived[:KEY_LENGTH], derived[KEY_LENGTH:after_nonce], derived[after_nonce:]


def hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869), for the other modules of this package: they bind what they derive for."""
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
