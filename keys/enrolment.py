"""One-time enrolment: a secret waits sealed under a code that somebody was handed.

A code has 96 bits, so that HKDF suffices and no slow derivation is needed (`keys.codes`).
"""

from keys.binding import bind
from keys.codes import normalise
from keys.symmetric import derive, open_with, seal_with


def code_id(code: str) -> str:
    """What is stored to find the enrolment a code belongs to: 64 hexadecimal signs. Raises MalformedCode."""
    return derive(_secret(code), info=bind("enrolment", "id"), length=32).hex()


def seal_under_code(secret: bytes, code: str, *, info: bytes) -> bytes:
    """Seal `secret` so that only the code opens it, bound to `info`. Raises MalformedCode."""
    return seal_with(_key(code), secret, info=bind("enrolment", info))


def open_under_code(sealed: bytes, code: str, *, info: bytes) -> bytes:
    """Raises CannotOpen for another code, another `info` or any changed bit; MalformedCode for no code at all."""
    return open_with(_key(code), sealed, info=bind("enrolment", info))


def _key(code: str) -> bytes:
    return derive(_secret(code), info=bind("enrolment", "key"))


def _secret(code: str) -> bytes:
    return normalise(code).encode("ascii")
