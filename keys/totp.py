"""Time-based one-time codes as a second factor: TOTP (RFC 6238), six digits, thirty seconds, HMAC-SHA-1.

SHA-1 because authenticator apps agree on nothing else; HMAC does not rest on what is broken in it. The secret is
stored sealed under the officer's key, and a code counts once: the caller keeps the step that matched and takes
only later ones.
"""

import binascii

import pyotp

from keys.comparison import equal
from keys.errors import MalformedKey

DIGITS = 6
SECONDS = 30
_SECRET_SIGNS = 32


def new_secret() -> str:
    """160 random bits (RFC 4226's recommendation) as 32 signs of base32."""
    return pyotp.random_base32(_SECRET_SIGNS)


def matching_step(secret: str, code: str, at: float, window: int = 1) -> int | None:
    """The time step (count of 30 seconds since 1970) whose code this is, or None.

    Looks `window` steps to both sides of `at` (seconds since 1970, UTC). Spaces in the code are forgiven. The
    caller refuses a step that is not later than the last one used. Raises MalformedKey for a secret that is none.
    """
    typed = "".join(code.split())
    if not (len(typed) == DIGITS and typed.isascii() and typed.isdigit()):
        return None
    totp = _totp(secret)
    now = int(at) // SECONDS
    matched = None
    # No early exit: how long it takes shall not tell which step it was.
    for step in range(max(0, now - window), now + window + 1):
        if equal(totp.generate_otp(step), typed):
            matched = step
    return matched


def code_at(secret: str, at: float) -> str:
    """The code of a moment (seconds since 1970, UTC), as an authenticator app shows it. Raises MalformedKey."""
    return _totp(secret).generate_otp(int(at) // SECONDS)


def provisioning_uri(secret: str, username: str, issuer: str) -> str:
    """The otpauth:// address an authenticator app reads from a QR code: it holds the secret. Raises MalformedKey."""
    return _totp(secret).provisioning_uri(name=username, issuer_name=issuer)


def _totp(secret: str) -> pyotp.TOTP:
    try:
        return pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS)
    except (ValueError, binascii.Error):
        raise MalformedKey("not a secret for one-time codes") from None
