"""The hash chain of the log of acts: whoever changes, drops or reorders an entry breaks every link after it."""

import hashlib

from keys.binding import bind

LINK_LENGTH = 32
START = bytes(LINK_LENGTH)


def link(previous: bytes, entry: bytes) -> bytes:
    """The 32 bytes that seal `entry` onto everything before it (SHA-256); the first entry follows on START.

    Raises ValueError if `previous` is not 32 bytes.
    """
    if len(previous) != LINK_LENGTH:
        raise ValueError("a link of the chain is 32 bytes")
    return hashlib.sha256(bind("chain", previous, entry)).digest()
