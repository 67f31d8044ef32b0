"""Who does something, as histories and notes keep it: the account and the name it had then. Knows no Flask."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Author:
    """An officer. The name is kept beside the id, so that a history is readable after the account has ended."""

    id: str
    name: str
