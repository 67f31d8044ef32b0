"""The tables of the clearing vault: those of the office itself (``tables``) and those of each of its parts."""

from __future__ import annotations

from app.vault.schema import Schema
from compartments.clearing import tables
from compartments.clearing.keysets import models as keysets
from compartments.clearing.reconciliation import models as reconciliation
from compartments.clearing.relay import models as relay
from compartments.clearing.tables import ClearingModel, database

__all__ = ["SCHEMA", "ClearingModel", "database"]
_PARTS = (
    keysets,
    reconciliation,
    relay,
)

SCHEMA = Schema(
    "clearing",
    models=(*tables.MODELS, *(model for part in _PARTS for model in part.MODELS)),
    statements=(*tables.STATEMENTS, *(statement for part in _PARTS for statement in part.STATEMENTS)),
)
