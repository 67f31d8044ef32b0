"""What was made from public facts, found again by those facts. **Never for anything that holds a secret.**

There is no time after which it is forgotten, and nobody has to say that something has changed: the key is all that the value was
made from, so a change is another key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """The ``most`` values last asked for, in one process, for all its threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = Lock()

    def get(self, facts: Hashable, make: Callable[[], Made]) -> Made:
        """Return what ``make`` made from ``facts`` the last time, or let it make it now."""
        with self._lock:
            if facts in self._values:
                self._values.move_to_end(facts)
                return self._values[facts]
        made = make()
        with self._lock:
            self._values[facts] = made
            if len(self._values) > self._most:
                self._values.popitem(last=False)
        return made
