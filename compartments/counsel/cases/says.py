"""Reads what a letter says, without believing it: who seals one without our pages writes in it what they like."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from compartments.counsel.cases.head import Reach
from keys.sealing import SealingKey
from keys.signing import VerifyKey
from keys.visits import drop_id

LONGEST = 60_000
EARLIEST = datetime(2000, 1, 1)  # noqa: DTZ001  (naive UTC, as everywhere)


def reach(said: Mapping[str, Any]) -> Reach:
    """Where answers go. Raises ``ValueError`` and :class:`keys.errors.KeysError` for keys that are none: nothing could be answered, closed or erased with them."""
    found = Reach(str(said["sealing_key"]), str(said["signing_key"]), str(said["answers"]))
    SealingKey.from_bytes(bytes.fromhex(found.sealing_key))
    VerifyKey.from_bytes(bytes.fromhex(found.signing_key))
    drop_id(bytes.fromhex(found.answers), 0)
    return found


def written_at(said: Mapping[str, Any], now: datetime) -> str:
    """When the person sent it, to the minute, as their own page says; empty where that isn't told, or can't be."""
    try:
        at = datetime.fromisoformat(str(said.get("at", "")))
        possible = EARLIEST < at <= now + timedelta(days=1)
    except (TypeError, ValueError):
        return ""
    return at.isoformat(timespec="minutes") if possible else ""


def text(said: Mapping[str, Any], field: str) -> str:
    """A text that has to be there. Raises ``KeyError`` and ``ValueError``."""
    found = said[field]
    if not isinstance(found, str) or len(found) > LONGEST:
        raise ValueError(f"{field} is no text of at most {LONGEST} signs")
    return found
