"""Sessions: a token in the browser's cookie, its hash and a sealed blob on the server.

Neither half alone opens anything: the server never stores the token, the browser never sees the blob.
"""

import hashlib
import secrets

from keys.binding import bind
from keys.symmetric import derive, open_with, seal_with

_TOKEN_BYTES = 32


def new_token() -> str:
    """256 random bits as 43 signs that are safe in a cookie."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_id(token: str) -> str:
    """What the server stores to find the session: SHA-256, 64 hexadecimal signs, of any text a browser may send."""
    return hashlib.sha256(bind("session", "id", _bytes(token))).hexdigest()


def seal_session(token: str, payload: bytes) -> bytes:
    """Seal what the session holds under its token. Raises MalformedKey for a token too short to be one."""
    return seal_with(_key(token), payload, info=_context(token))


def open_session(token: str, sealed: bytes) -> bytes:
    """Raises CannotOpen for another token or any changed bit, MalformedKey for a token too short to be one."""
    return open_with(_key(token), sealed, info=_context(token))


def _key(token: str) -> bytes:
    return derive(_bytes(token), info=bind("session", "key"))


def _context(token: str) -> bytes:
    # A blob copied into another row of the table opens nothing there.
    return bind("session", token_id(token))


def _bytes(token: str) -> bytes:
    return token.encode("utf-8", "surrogatepass")
