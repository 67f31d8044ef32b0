"""Statistical disclosure control: the one way for figures about persons out of a compartment. Knows no Flask and no database, holds no record."""

from __future__ import annotations

from app.disclosure.audit import AuditFailed
from app.disclosure.primary import COUNSEL_THRESHOLD, THRESHOLD
from app.disclosure.protection import protect, protect_together
from app.disclosure.released import Protected
from app.disclosure.rounding import published_total, rounded
from app.disclosure.tables import TOTAL, Cell, Dimension, NotATable, Table

__all__ = [
    "COUNSEL_THRESHOLD",
    "THRESHOLD",
    "TOTAL",
    "AuditFailed",
    "Cell",
    "Dimension",
    "NotATable",
    "Protected",
    "Table",
    "protect",
    "protect_together",
    "published_total",
    "rounded",
]
