"""Comparing secrets without telling by the time it takes how much of a guess was right."""

import hmac


def equal(one: bytes | str, other: bytes | str) -> bool:
    """Whether both are the same, in time that depends on lengths only."""
    return hmac.compare_digest(_as_bytes(one), _as_bytes(other))


def _as_bytes(value: bytes | str) -> bytes:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
