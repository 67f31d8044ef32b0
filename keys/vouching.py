"""Vouching for one's own words: a server recognises later what it has handed out, and any change made to it (HMAC-SHA256, RFC 2104).

A voucher says nothing about who brings it: whatever it is for, whose it is and until when it counts belongs into the message.
"""

import hmac
from typing import NoReturn

from keys.binding import bind
from keys.comparison import equal
from keys.errors import MalformedKey

KEY_LENGTH = 32


class VouchingKey:
    """32 bytes of a server's own (`ServiceKey.derive`), good for one purpose."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_LENGTH:
            raise MalformedKey("a key to vouch with is 32 bytes")
        self._secret = bytes(secret)

    def vouch(self, message: bytes) -> str:
        """A voucher for exactly this message: 64 hexadecimal signs."""
        return hmac.digest(self._secret, bind("voucher", message), "sha256").hex()

    def vouched(self, voucher: str, message: bytes) -> bool:
        """Whether `voucher`, whatever text it is, was made with this key for exactly this message."""
        return equal(voucher, self.vouch(message))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not pickled")

    def __repr__(self) -> str:
        return "<VouchingKey>"
