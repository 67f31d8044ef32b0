"""Random values from the operating system's generator (`secrets`), so that nobody else needs to import it."""

import secrets
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def token_bytes(length: int = 32) -> bytes:
    """`length` random bytes."""
    return secrets.token_bytes(length)


def token_hex(length: int = 32) -> str:
    """`length` random bytes as `2 * length` hexadecimal signs."""
    return secrets.token_hex(length)


def new_id() -> str:
    """A random 128-bit id, 32 hexadecimal signs, that tells neither order nor time."""
    return secrets.token_hex(16)


def shuffle(items: Iterable[T]) -> list[T]:
    """A copy in an order nobody can foresee, every order equally likely; what was given stays as it is."""
    shuffled = list(items)
    secrets.SystemRandom().shuffle(shuffled)
    return shuffled
