"""The tables of all six compartments: only the command line knows them all, to found them together."""

from __future__ import annotations

from app.offices import OFFICES
from app.vault.schema import Schema
from compartments.administration.models import SCHEMA as ADMINISTRATION
from compartments.board.models import SCHEMA as BOARD
from compartments.clearing.models import SCHEMA as CLEARING
from compartments.counsel.models import SCHEMA as COUNSEL
from compartments.desk.models import SCHEMA as DESK
from compartments.membership.models import SCHEMA as MEMBERSHIP

SCHEMAS: tuple[Schema, ...] = (BOARD, DESK, MEMBERSHIP, ADMINISTRATION, CLEARING, COUNSEL)

if [schema.kind for schema in SCHEMAS] != list(OFFICES):
    raise LookupError("every compartment is founded, in the order of app.offices")
