"""Named places where a test kills the process, to show that nothing is lost there. Does nothing in normal use.

``SCHOTTEN_FAULT_POINT=admission.after-grant`` makes the process kill itself, as ``kill -9`` would, on reaching
that point. Without the variable a point costs one dictionary look-up. The variable can only end the process, so it gives
nothing to somebody who can set it: they could kill the process anyway.
"""

from __future__ import annotations

import os
import signal


def reached(point: str) -> None:
    """Die here by SIGKILL if the environment names this point."""
    wanted = os.environ.get("SCHOTTEN_FAULT_POINT")
    if wanted is not None and wanted == point:
        os.kill(os.getpid(), signal.SIGKILL)
