"""What names an account may carry: user names are plain ASCII, so that none looks like another one's; display names are free."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 100
_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,30})[a-z0-9]")


class BadUsername(ValueError):
    """Not 3 to 32 small letters, digits, dots, dashes or underscores, with a letter or digit at both ends."""


def normal_username(typed: str) -> str:
    """Return the form in which a user name is stored and looked up: small letters, no spaces around. Never raises."""
    readable = typed[:200].encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFKC", readable).strip().lower()


def checked_username(typed: str) -> str:
    """Return the normal form; raises :class:`BadUsername`."""
    username = normal_username(typed)
    if not _USERNAME.fullmatch(username):
        raise BadUsername("3 to 32 letters from a to z, digits, dots, dashes or underscores")
    return username
