"""The service key: what a server needs to start, kept in a file of its own outside the checkout.

It opens the shared layer and signs cookies and forms. It opens no vault.
"""

import secrets
from pathlib import Path
from typing import NoReturn, Self

from keys import keyfile
from keys.binding import bind
from keys.errors import MalformedKey, MissingServiceKey, ServiceKeyExists
from keys.symmetric import derive

KEY_LENGTH = 32


class ServiceKey:
    """256 bits, in the file as 64 hexadecimal signs and a line feed."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_LENGTH:
            raise MalformedKey("a service key is 32 bytes")
        self._secret = bytes(secret)

    @classmethod
    def create(cls, path: Path) -> Self:
        """Write a new key, mode 0600, durably. Raises ServiceKeyExists: never over one that is there."""
        secret = secrets.token_bytes(KEY_LENGTH)
        try:
            keyfile.create(path, secret)
        except FileExistsError:
            raise ServiceKeyExists("there is a service key already") from None
        return cls(secret)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises MissingServiceKey: no such file, one that others may read, or not a key."""
        return cls(keyfile.load(path, KEY_LENGTH, name="the service key", missing=MissingServiceKey))

    def derive(self, purpose: str, length: int = 32) -> bytes:
        """`length` bytes for one named purpose, independent of those for any other."""
        return derive(self._secret, info=bind("service", purpose), length=length)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a service key is not pickled")

    def __repr__(self) -> str:
        return "<ServiceKey>"
