"""Ids of cover: rows that hold nothing and look like any other, except to whoever has the key.

id = 8 random bytes | the first 8 bytes of their HMAC-SHA256 under the key (as 32 hexadecimal signs)

Not derived with HKDF as keys are: a day of thousands of rows is looked through while others wait.
"""

import hmac
import secrets

from keys.binding import bind
from keys.comparison import equal
from keys.symmetric import derive

_HALF = 8
_MARK = bind("cover-id")


def cover_key(secret: bytes) -> bytes:
    """The key that recognises cover, from the server's key to the shared layer: 32 bytes."""
    return derive(secret, info=bind("cover"))


def cover_id(key: bytes) -> str:
    """A new id that only `is_cover` with the same key recognises."""
    start = secrets.token_bytes(_HALF)
    return (start + _mark(key, start)).hex()


def is_cover(key: bytes, row_id: str) -> bool:
    """Whether an id was made by `cover_id`; another one passes for cover once in 2**64."""
    try:
        raw = bytes.fromhex(row_id)
    except ValueError:
        return False
    return equal(raw[_HALF:], _mark(key, raw[:_HALF]))


def _mark(key: bytes, start: bytes) -> bytes:
    return hmac.digest(key, _MARK + start, "sha256")[:_HALF]
