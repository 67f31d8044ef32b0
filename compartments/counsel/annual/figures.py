"""The tables of a year's report, counted from what the vault holds apart from the cases, and protected together.

Several talks, incidents or steps may be one person's: a number behind which there are too few people is as confidential as a small one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.disclosure import COUNSEL_THRESHOLD, TOTAL, Cell, Dimension, Protected, Table, protect_together
from compartments.counsel.annual.models import YearSeed
from compartments.counsel.cases.words import CHANNELS
from compartments.counsel.incidents import codes
from compartments.counsel.incidents.models import Consultation, Incident, Outward
from compartments.counsel.prevention import service as prevention
from compartments.counsel.prevention.models import AUDIENCES
from compartments.counsel.tables import database
from keys.randomness import token_bytes

KIND = Dimension("kind", codes.KINDS)
MANNER = Dimension("manner", codes.MANNERS)
SETTING = Dimension("setting", codes.SETTINGS)
LEVEL = Dimension("level", codes.LEVELS)
RELATION = Dimension("relation", codes.RELATIONS)
OUTCOME = Dimension("outcome", codes.OUTCOMES)
REPORTED = Dimension("reported_before", codes.REPORTED)
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
    ("incidents-by-reported-before", (REPORTED,)),
)


def tables(year: int) -> list[Table]:
    """Return the year's tables, the most important first."""
    return [_consultations(year), *_incidents(year), _steps(year), _attendance(year)]


def protected(year: int) -> list[Protected]:
    """Return the tables as they may leave."""
    return protect_together(tables(year), COUNSEL_THRESHOLD, seed=_seed(year))


def _seed(year: int) -> bytes:
    """Return the year's own, which stays the same: two previews that left out different numbers would tell more together."""
    with database.atomic("IMMEDIATE"):
        YearSeed.insert(year=year, seed=token_bytes()).on_conflict_ignore().execute()
        return bytes(YearSeed.get_by_id(year).seed)


def _consultations(year: int) -> Table:
    rows = list(Consultation.select().where(Consultation.half.startswith(f"{year}-")))
    counts, persons = Counter[Cell](), Counter[Cell]()
    for row in rows:
        turn, channel = "first" if row.first else "later", row.channel
        counts[turn, channel] += 1
        persons[turn, channel] += row.new_here
        persons[turn, TOTAL] += row.new_by_turn
        persons[TOTAL, channel] += row.new_by_channel
        persons[TOTAL, TOTAL] += row.new_in_year
    return Table(
        "consultations", (TURN, CHANNEL), dict(counts), persons=dict(persons), counted="consultations"
    )


def _incidents(year: int) -> Sequence[Table]:
    """Behind an incident stands a person; behind another one of the same case no further one."""
    rows: list[Any] = list(Incident.select().where(Incident.half.startswith(f"{year}-")).dicts())
    found = []
    for name, dimensions in INCIDENT_TABLES:
        table = Table.from_records(name, rows, dimensions, counted="incidents")
        once = [row for row in rows if not row["again"]]
        persons = Table.from_records(name, once, dimensions).cells
        found.append(replace(table, persons=persons))
    return found


def _steps(year: int) -> Table:
    counts, persons = Counter[Cell](), Counter[Cell]()
    for row in Outward.select().where(Outward.half.startswith(f"{year}-")):
        counts[row.step,] += 1
        persons[row.step,] += row.new_by_step
        persons[TOTAL,] += row.new_in_year
    return Table("steps-outside", (STEP,), dict(counts), persons=dict(persons), counted="steps")


def _attendance(year: int) -> Table:
    """How many came to events, for whom these were: a public number, under the same control as all others."""
    came: Counter[tuple[str, ...]] = Counter()
    for event in prevention.events(year):
        came[(event.audience,)] += event.number
    return Table("attendance", (AUDIENCE,), dict(came), counted="attendance")
