"""Stands in for the participation platform and its operator: takes a plan as a file, and gives the answer back as one.

It knows invite codes and whether somebody has registered with them, as the real one does; no name and no reference key.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from compartments.administration.platform.exchange import ANSWER
from compartments.administration.platform.planning import CREATE, LOCK, UNLOCK, Row

VERSION = "4.2.2"


class StandIn:
    """The platform while the demo is made."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}

    def register(self, codes: Collection[str]) -> None:
        """People register with their codes, where these exist."""
        for code in codes:
            if code in self._rows:
                self._rows[code] = self._rows[code]._replace(used=True, active=True)

    def carry_out(self, plan: str) -> str:
        """Carry a plan out, as the operator would, and return the answer."""
        wanted = json.loads(plan)
        outcomes = {}
        for code in wanted[CREATE]:
            self._rows[code] = Row(code, used=False, active=False, locked=False, held=False, deleted=False)
            outcomes[code] = "created"
        for code in wanted[LOCK]:
            self._rows[code] = self._rows[code]._replace(locked=True, held=True, active=False)
            outcomes[code] = "locked"
        for code in wanted[UNLOCK]:
            row = self._rows[code]
            self._rows[code] = row._replace(locked=False, held=False, active=row.used)
            outcomes[code] = "unlocked"
        return self.answer(wanted["plan"], outcomes)

    def answer(self, plan: str = "", outcomes: dict[str, str] | None = None) -> str:
        """Return what there is, and how a plan ended."""
        rows = [list(row) for row in self._rows.values()]
        body = {"format": ANSWER, "plan": plan, "version": VERSION, "outcomes": outcomes or {}, "rows": rows}
        return json.dumps(body)
