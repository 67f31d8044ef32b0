"""The tables of a year's report, counted from what the vault holds apart from the cases, and protected together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.disclosure import COUNSEL_THRESHOLD, Dimension, Protected, Table, protect_together
from compartments.counsel.cases.words import CHANNELS
from compartments.counsel.incidents import codes
from compartments.counsel.incidents.models import Consultation, Incident, Outward
from compartments.counsel.prevention import service as prevention
from compartments.counsel.prevention.models import AUDIENCES

KIND = Dimension("kind", codes.KINDS)
MANNER = Dimension("manner", codes.MANNERS)
SETTING = Dimension("setting", codes.SETTINGS)
LEVEL = Dimension("level", codes.LEVELS)
RELATION = Dimension("relation", codes.RELATIONS)
OUTCOME = Dimension("outcome", codes.OUTCOMES)
TURN = Dimension("turn", ("first", "later"))
CHANNEL = Dimension("channel", tuple(CHANNELS))
STEP = Dimension("step", ("referral", "passing-on"))
AUDIENCE = Dimension("audience", AUDIENCES)

INCIDENT_TABLES = (
    ("incidents-by-kind-and-setting", (KIND, SETTING)),
    ("incidents-by-manner", (MANNER,)),
    ("incidents-by-level", (LEVEL,)),
    ("incidents-by-relation", (RELATION,)),
    ("incidents-by-outcome", (OUTCOME,)),
)


def tables(year: int) -> list[Table]:
    """Return the year's tables, the most important first."""
    return [_consultations(year), *_incidents(year), _steps(year), _attendance(year)]


def protected(year: int) -> list[Protected]:
    """Return the tables as they may leave."""
    return protect_together(tables(year), COUNSEL_THRESHOLD)


def _consultations(year: int) -> Table:
    rows = Consultation.select().where(Consultation.half.startswith(f"{year}-"))
    records = [{"turn": "first" if row.first else "later", "channel": row.channel} for row in rows]
    return Table.from_records("consultations", records, [TURN, CHANNEL], counted="consultations")


def _incidents(year: int) -> Sequence[Table]:
    rows: list[Any] = list(Incident.select().where(Incident.half.startswith(f"{year}-")).dicts())
    return [
        Table.from_records(name, rows, dimensions, counted="incidents")
        for name, dimensions in INCIDENT_TABLES
    ]


def _steps(year: int) -> Table:
    rows: list[Any] = list(Outward.select().where(Outward.half.startswith(f"{year}-")).dicts())
    return Table.from_records("steps-outside", rows, [STEP], counted="steps")


def _attendance(year: int) -> Table:
    """How many came to events, for whom these were: a public number, under the same control as all others."""
    came: Counter[tuple[str, ...]] = Counter()
    for event in prevention.events(year):
        came[(event.audience,)] += event.number
    return Table("attendance", (AUDIENCE,), dict(came), counted="attendance")
