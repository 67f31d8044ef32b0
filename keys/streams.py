"""Sealing what is too large to be held at once, in pieces that follow one another.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance",
CRYPTO 2015), with the pieces and nonces that age uses (C2SP, age.md: "Payload"). A piece says by its nonce which one it is and whether
it is the last, so none can be changed, left out, moved, repeated or taken from another stream. Key and commitment are made
as in `keys.symmetric`, from a salt of each stream's own.

    piece n = ChaCha20-Poly1305 of 64 KiB (the last: what is left), nonce = n (11 bytes, big-endian) | 1 for the last, 0 for the others
    in front of piece 0 = version (1 byte) | salt (32) | commitment (32)
"""

import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from keys.binding import bind
from keys.comparison import equal
from keys.errors import CannotOpen, MalformedKey
from keys.padding import Part
from keys.symmetric import KEY_LENGTH, hkdf

PIECE = 64 * 1024
_VERSION = b"\x02"
_SALT_LENGTH = 32
_COMMITMENT_LENGTH = 32
_COUNTER_LENGTH = 11
_TAG_LENGTH = 16
_SALTED = len(_VERSION) + _SALT_LENGTH
HEAD_LENGTH = _SALTED + _COMMITMENT_LENGTH
LONGEST_PIECE = HEAD_LENGTH + PIECE + _TAG_LENGTH


def seal_pieces(key: bytes, parts: Iterable[Part], *, info: bytes) -> Iterator[bytes]:
    """Seal `parts`, one after the other and of any length each, under a 32-byte key, bound to `info`.

    Holds no more than a piece or two. Raises MalformedKey if the key is not 32 bytes.
    """
    salt = secrets.token_bytes(_SALT_LENGTH)
    message_key, commitment = _keys(key, salt, info)
    sealed = seal_stream(message_key, parts)
    yield _VERSION + salt + commitment + next(sealed)
    yield from sealed


def open_pieces(key: bytes, pieces: Iterable[bytes], *, info: bytes) -> Iterator[bytes]:
    """What was sealed. Raises CannotOpen for another key, another `info`, any changed bit, any piece missing, moved or added.

    What has been yielded is genuine, but only the end shows that nothing is missing: act on no part before it.
    """
    rest = iter(pieces)
    first = next(rest, b"")
    message_key = _message_key(key, first, info)
    return open_stream(message_key, _preceded(first[HEAD_LENGTH:], rest))


def check_first_piece(key: bytes, first: bytes, *, info: bytes) -> None:
    """Raise CannotOpen unless these pieces were sealed under this key for this. Tells nothing of the other pieces."""
    _message_key(key, first, info)


def seal_stream(message_key: bytes, parts: Iterable[Part]) -> Iterator[bytes]:
    """STREAM alone, for a key that seals nothing else."""
    aead, number = ChaCha20Poly1305(message_key), 0
    waiting: Part = b""
    for piece in _cut(parts):
        if number:
            yield aead.encrypt(_nonce(number - 1, last=False), waiting, None)
        waiting, number = piece, number + 1
    yield aead.encrypt(_nonce(max(0, number - 1), last=True), waiting, None)


def open_stream(message_key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What :func:`seal_stream` sealed. Raises CannotOpen."""
    aead, number = ChaCha20Poly1305(message_key), 0
    rest = iter(pieces)
    piece = next(rest, None)
    while piece is not None:
        following = next(rest, None)
        last = following is None
        length = len(piece) - _TAG_LENGTH
        # No more than one piece is empty, and only where all of it is.
        if length > PIECE or (length < PIECE and not last) or (length <= 0 and number):
            raise CannotOpen("not a piece of such a stream")
        try:
            yield aead.decrypt(_nonce(number, last=last), piece, None)
        except InvalidTag:
            raise CannotOpen("does not open with this key, or is not in its place") from None
        piece, number = following, number + 1
    if not number:
        raise CannotOpen("there is no piece")


def _cut(parts: Iterable[Part]) -> Iterator[Part]:
    """The same bytes in pieces of one length; what is large is not copied."""
    waiting = bytearray()
    for part in parts:
        view = memoryview(part)
        while view:
            if not waiting and len(view) >= PIECE:
                yield view[:PIECE]
                view = view[PIECE:]
                continue
            taken = view[: PIECE - len(waiting)]
            waiting += taken
            view = view[len(taken) :]
            if len(waiting) == PIECE:
                yield waiting
                waiting = bytearray()
    if waiting:
        yield waiting


def _preceded(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _message_key(key: bytes, first: bytes, info: bytes) -> bytes:
    if len(first) < HEAD_LENGTH + _TAG_LENGTH or not first.startswith(_VERSION):
        raise CannotOpen("not a sealed stream")
    message_key, commitment = _keys(key, first[len(_VERSION) : _SALTED], info)
    if not equal(commitment, first[_SALTED:HEAD_LENGTH]):
        raise CannotOpen("does not open with this key")
    return message_key


def _keys(key: bytes, salt: bytes, info: bytes) -> tuple[bytes, bytes]:
    if len(key) != KEY_LENGTH:
        raise MalformedKey("a symmetric key is 32 bytes")
    derived = hkdf(key, salt=salt, info=bind("stream", info), length=KEY_LENGTH + _COMMITMENT_LENGTH)
    return derived[:KEY_LENGTH], derived[KEY_LENGTH:]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_COUNTER_LENGTH) + bytes([last])
