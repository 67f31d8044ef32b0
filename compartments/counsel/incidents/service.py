"""Counting: incidents, consultations and steps outside, apart from the cases and without a word of them. Knows no Flask.

The case keeps, sealed, which counts came from it, so that a withdrawal of the consent to be counted takes them out again, until the year is
released; nothing on the side of the counts leads back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from peewee import fn

from app.clock import day_of
from compartments.counsel.cases.opened import Kind, OpenCase, in_one_piece
from compartments.counsel.consents import service as consents
from compartments.counsel.incidents.codes import FIELDS
from compartments.counsel.incidents.models import Consultation, Incident, Outward
from keys.randomness import new_id

INCIDENT = "incident"


class NotCounted(PermissionError):
    """The person hasn't agreed that their case is counted."""


def half_of(day: date) -> str:
    """Return the half-year of a day, such as "2026-1"."""
    return f"{day.year}-{1 if day.month <= 6 else 2}"  # noqa: PLR2004


def add(values: Mapping[str, str], *, half: str, incident_id: str | None = None) -> str:
    """Count an incident by its codes; return its id. Raises ``ValueError`` for a code that there isn't."""
    for field, codes in FIELDS.items():
        if values[field] not in codes:
            raise ValueError(f"{field} has no such code")
    incident_id = incident_id or new_id()
    row = {field: values[field] for field in FIELDS}
    Incident.insert(id=incident_id, half=half, **row).on_conflict_ignore().execute()
    return incident_id


def add_from(case: OpenCase, values: Mapping[str, str], *, half: str, entry_id: str, now: datetime) -> str:
    """Count an incident out of a case. Editing the case later never touches it. Raises :class:`NotCounted`."""
    with in_one_piece():
        if not consents.may_count(case):
            raise NotCounted(case.id)
        counted = new_id()
        event = {"what": INCIDENT, "incident": counted, "half": half}
        if case.add(Kind.EVENT, event, now=now, by=case.reader, entry_id=entry_id):
            add(values, half=half, incident_id=counted)
    return counted


def change(incident_id: str, values: Mapping[str, str], *, half: str) -> None:
    """Correct an incident. Raises ``LookupError`` where there is none, ``ValueError`` as above."""
    for field, codes in FIELDS.items():
        if values[field] not in codes:
            raise ValueError(f"{field} has no such code")
    row = {field: values[field] for field in FIELDS}
    if not Incident.update(half=half, **row).where(Incident.id == incident_id).execute():
        raise LookupError(incident_id)


def remove(incident_id: str) -> None:
    """Take an incident out of the count."""
    Incident.delete().where(Incident.id == incident_id).execute()


def find(incident_id: str) -> Incident:
    """Return an incident; raises ``LookupError``."""
    found: Incident | None = Incident.get_or_none(Incident.id == incident_id)
    if found is None:
        raise LookupError(incident_id)
    return found


def of_year(year: int) -> list[Incident]:
    """Return a year's incidents, in no order that tells when they were counted."""
    return list(
        Incident.select().where(Incident.half.startswith(f"{year}-")).order_by(Incident.half, Incident.id)
    )


def years() -> list[int]:
    """Return the years of which something is counted, newest first."""
    halves = {row.half for row in Incident.select(fn.DISTINCT(Incident.half).alias("half"))} | {
        row.half for row in Consultation.select(fn.DISTINCT(Consultation.half).alias("half"))
    }
    return sorted({int(half[:4]) for half in halves}, reverse=True)


def count_talk(case: OpenCase, *, day: date, first: bool, channel: str, counted: str) -> None:
    """Count a talk, under the id that the case's entry has. Nothing where the person doesn't want to be counted."""
    if consents.may_count(case):
        Consultation.insert(
            id=counted, half=half_of(day), first=first, channel=channel
        ).on_conflict_ignore().execute()


def step_outside(
    case: OpenCase, consent_id: str, step: str, *, way: str, entry_id: str, now: datetime
) -> None:
    """Make a step outside from a consent, and count it likewise. Raises :class:`~compartments.counsel.consents.service.NoConsent`."""
    with in_one_piece():
        entry = consents.step_outside(case, consent_id, step, way=way, entry_id=entry_id, now=now)
        if entry is not None and consents.may_count(case):
            Outward.insert(id=entry.data["counted"], half=half_of(day_of(now)), step=step).execute()


def withdraw(case: OpenCase, consent_id: str, *, now: datetime) -> None:
    """Take a consent back on the person's word; the one to be counted takes the case out of the counts."""
    with in_one_piece():
        consents.withdraw(case, consent_id, now=now)
        settle(case)


def settle(case: OpenCase) -> None:
    """Take a case out of the counts where the person has withdrawn the consent to be counted."""
    if not consents.may_count(case):
        uncount(case)


def uncount(case: OpenCase) -> int:
    """Take everything that came from a case out of the counts again; return how many rows. Released figures stay as they were released."""
    ids = [
        str(one.data[name])
        for one in case.entries()
        for name in ("incident", "counted")
        if one.data.get(name)
    ]
    return sum(
        int(model.delete().where(model.id.in_(ids)).execute()) for model in (Incident, Consultation, Outward)
    )
