"""The service key: what a server needs to start, kept in a file of its own outside the checkout.

It opens the shared layer and signs cookies and forms. It opens no vault.
"""

import os
import secrets
import stat
from pathlib import Path
from typing import NoReturn, Self

from keys.binding import bind
from keys.errors import MalformedKey, MissingServiceKey, ServiceKeyExists
from keys.symmetric import derive

KEY_LENGTH = 32
_FILE_LENGTH = 2 * KEY_LENGTH + 1


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
        # Written whole under another name and then linked, which fails if the name is taken: a crash leaves
        # either no key or a whole one.
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            _write_durably(draft, secret.hex().encode() + b"\n")
            os.link(draft, path)
        except FileExistsError:
            raise ServiceKeyExists("there is a service key already") from None
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(path.parent)
        return cls(secret)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises MissingServiceKey: no such file, one that others may read, or not a key."""
        try:
            content = _read_private(path)
        except OSError:
            raise MissingServiceKey("the service key is not there, or not to be read") from None
        try:
            secret = bytes.fromhex(content.decode("ascii"))
        except ValueError:
            secret = b""
        if len(secret) != KEY_LENGTH:
            raise MissingServiceKey("the service key's file is damaged")
        return cls(secret)

    def derive(self, purpose: str, length: int = 32) -> bytes:
        """`length` bytes for one named purpose, independent of those for any other."""
        return derive(self._secret, info=bind("service", purpose), length=length)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a service key is not pickled")

    def __repr__(self) -> str:
        return "<ServiceKey>"


def _write_durably(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _read_private(path: Path) -> bytes:
    # Non-blocking, so that a pipe put in the key's place does not hang the start.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        # Asked of the opened file, not of its name, which could be another one by then.
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise MissingServiceKey("the service key is not a file")
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise MissingServiceKey("the service key's file is open to others: it must have mode 0600")
        return file.read(_FILE_LENGTH + 1)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
