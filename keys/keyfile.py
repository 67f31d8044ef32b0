"""A secret in a file of its own: written once and durably, read only where nobody else may read it."""

import os
import secrets
import stat
from pathlib import Path

from keys.errors import MissingKeyFile


def create(path: Path, secret: bytes) -> None:
    """Write a secret as hexadecimal signs and a line feed, mode 0600. Raises FileExistsError: never over one that is there."""
    # Written whole under another name and then linked, which fails if the name is taken: a crash leaves
    # either no key or a whole one.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write_durably(draft, secret.hex().encode() + b"\n")
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def load(path: Path, length: int, *, name: str, missing: type[MissingKeyFile] = MissingKeyFile) -> bytes:
    """The `length` bytes of the secret. Raises `missing`: no such file, one that others may read, or not a key.

    `name` is what the errors call it ("the service key").
    """
    try:
        content = _read_private(path, 2 * length + 1, name, missing)
    except OSError:
        raise missing(f"{name} is not there, or not to be read") from None
    try:
        secret = bytes.fromhex(content.decode("ascii"))
    except ValueError:
        secret = b""
    if len(secret) != length:
        raise missing(f"{name}'s file is damaged")
    return secret


def _write_durably(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _read_private(path: Path, longest: int, name: str, missing: type[MissingKeyFile]) -> bytes:
    # Non-blocking, so that a pipe put in the key's place does not hang the start.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        # Asked of the opened file, not of its name, which could be another one by then.
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise missing(f"{name} is not a file")
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise missing(f"{name}'s file is open to others: it must have mode 0600")
        return file.read(longest + 1)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
