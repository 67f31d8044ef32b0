"""Tables of the counsel vault: each of its parts its own."""

from __future__ import annotations

from app.vault.schema import Schema
from compartments.counsel.annual import models as annual
from compartments.counsel.cases import models as cases
from compartments.counsel.counsellors import models as counsellors
from compartments.counsel.incidents import models as incidents
from compartments.counsel.prevention import models as prevention
from compartments.counsel.retention import models as retention
from compartments.counsel.services import models as services

SCHEMA = Schema(
    "counsel",
    models=(
        *cases.MODELS,
        *counsellors.MODELS,
        *services.MODELS,
        *incidents.MODELS,
        *annual.MODELS,
        *prevention.MODELS,
        *retention.MODELS,
    ),
)
