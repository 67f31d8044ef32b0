"""The tables of the administration vault: those of the office itself (``tables``) and those of each of its parts."""

from __future__ import annotations

from app.vault.schema import Schema
from compartments.administration import tables
from compartments.administration.codes import models as codes
from compartments.administration.operations import models as operations
from compartments.administration.platform import models as platform
from compartments.administration.reconciliation import models as reconciliation
from compartments.administration.relay import models as relay
from compartments.administration.tables import AdministrationModel, database

__all__ = ["SCHEMA", "AdministrationModel", "database"]
_PARTS = (
    codes,
    operations,
    platform,
    reconciliation,
    relay,
)

SCHEMA = Schema(
    "administration",
    models=(*tables.MODELS, *(model for part in _PARTS for model in part.MODELS)),
    statements=(*tables.STATEMENTS, *(statement for part in _PARTS for statement in part.STATEMENTS)),
)
