"""The tables of the membership vault: those of the office itself (``tables``) and those of each of its parts."""

from __future__ import annotations

from app.vault.schema import Schema
from compartments.membership import tables
from compartments.membership.admissions import models as admissions
from compartments.membership.dues import models as dues
from compartments.membership.duplicates import models as duplicates
from compartments.membership.exports import models as exports
from compartments.membership.imports import models as imports
from compartments.membership.invitations import models as invitations
from compartments.membership.reconciliation import models as reconciliation
from compartments.membership.rights import models as rights
from compartments.membership.tables import (
    EXIT_REASONS,
    OFFICE,
    PERSONS,
    Division,
    FieldChange,
    MembershipModel,
    Person,
    ReadEvent,
    SearchWord,
    Setting,
    database,
)

__all__ = [
    "EXIT_REASONS",
    "OFFICE",
    "PERSONS",
    "SCHEMA",
    "Division",
    "FieldChange",
    "MembershipModel",
    "Person",
    "ReadEvent",
    "SearchWord",
    "Setting",
    "database",
]
_PARTS = (
    admissions,
    dues,
    duplicates,
    exports,
    imports,
    invitations,
    reconciliation,
    rights,
)

SCHEMA = Schema(
    "membership",
    models=(*tables.MODELS, *(model for part in _PARTS for model in part.MODELS)),
    statements=(*tables.STATEMENTS, *(statement for part in _PARTS for statement in part.STATEMENTS)),
)
