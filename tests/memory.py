"""How much memory something takes: what Python holds at most meanwhile, the same on every machine."""

import tracemalloc
from collections.abc import Callable


def peak(work: Callable[[], object]) -> int:
    """Return the most bytes of Python's memory that are taken while something is done."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
