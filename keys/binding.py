"""The one way to write a context down, so that no two contexts can ever be the same bytes.

HPKE as `cryptography` offers it has no associated data, and gluing strings together lets `("ab", "c")` pass for
`("a", "bc")`. So version, purpose, sender, recipient and type go into `info` through `bind`, each with its kind
and length in front.
"""

PROTOCOL = "schotten/v1"


def bind(*parts: str | bytes | int) -> bytes:
    """An unambiguous encoding of `parts`, led by the protocol's name and version.

    Each part becomes one byte for its kind (`s`, `b`, `i`), four for its length (big-endian), and its bytes: text
    as UTF-8, whole numbers from 0 to 2**64-1 as eight bytes. Kinds are told apart: `bind(1) != bind("1")`.

    Raises ValueError without any part or with a number out of range, TypeError for any other kind of part.
    """
    if not parts:
        raise ValueError("a context says at least what it is for")
    return b"".join(_encoded(part) for part in (PROTOCOL, *parts))


def _encoded(part: str | bytes | int) -> bytes:
    match part:
        case bool():  # an int to Python, a slip here
            raise TypeError("a context is bound to text, bytes and whole numbers")
        case str():
            kind, value = b"s", part.encode()
        case bytes():
            kind, value = b"b", part
        case int() if 0 <= part < 2**64:
            kind, value = b"i", part.to_bytes(8)
        case int():
            raise ValueError("a number in a context is between 0 and 2**64-1")
        case _:
            raise TypeError("a context is bound to text, bytes and whole numbers")
    return kind + len(value).to_bytes(4) + value
