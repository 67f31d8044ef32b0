"""Counting: incidents, consultations and steps outside, apart from the cases and without a word of them. Knows no Flask.

The case keeps, sealed, which counts came from it, so that a withdrawal of the consent to be counted takes them out again, until the year is
released; nothing on the side of the counts leads back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from peewee import fn

from compartments.counsel.cases.keyring import Ring
from compartments.counsel.cases.opened import Entry, Kind, OpenCase, in_one_piece
from compartments.counsel.colleagues import Colleague
from compartments.counsel.consents import service as consents
from compartments.counsel.incidents.codes import FIELDS
from compartments.counsel.incidents.counting import recount
from compartments.counsel.incidents.models import Consultation, Incident, Outward
from compartments.counsel.tables import ChangedMeanwhile
from keys.randomness import new_id

INCIDENT = "incident"


class NotCounted(PermissionError):
    """The person hasn't agreed that their case is counted."""


def add(values: Mapping[str, str], *, half: str, incident_id: str | None = None, again: bool = False) -> str:
    """Count an incident by its codes; return its id. ``again``: another one of the same person is counted in that year already.

    Raises ``ValueError`` for a code that there isn't.
    """
    incident_id, row = incident_id or new_id(), _row(values)
    Incident.insert(id=incident_id, half=half, again=again, **row).on_conflict_ignore().execute()
    return incident_id


def _row(values: Mapping[str, str]) -> dict[str, str]:
    for field, codes in FIELDS.items():
        if values[field] not in codes:
            raise ValueError(f"{field} has no such code")
    return {field: values[field] for field in FIELDS}


def add_from(case: OpenCase, values: Mapping[str, str], *, half: str, entry_id: str, now: datetime) -> str:
    """Count an incident out of a case. Editing the case later never touches it. Raises :class:`NotCounted`."""
    with in_one_piece():
        if not consents.may_count(case):
            raise NotCounted(case.id)
        counted, again = new_id(), half[:4] in {one.data["half"][:4] for one in counted_of(case)}
        event = {"what": INCIDENT, "incident": counted, "half": half}
        if case.add(Kind.EVENT, event, now=now, by=case.reader, entry_id=entry_id):
            add(values, half=half, incident_id=counted, again=again)
    return counted


def counted_of(case: OpenCase) -> list[Entry]:
    """Return what the case says of the incidents that were counted out of it, oldest first."""
    return [one for one in case.entries(Kind.EVENT) if one.data["what"] == INCIDENT]


def change(incident_id: str, values: Mapping[str, str], *, half: str, seen: str) -> None:
    """Correct an incident. Raises ``LookupError`` where there is none, ``ValueError`` as above, :class:`ChangedMeanwhile` unless it is as it was ``seen``.

    In another year it stands for no further person: whether its case has one there already nobody can tell from here.
    """
    row, present = _row(values), find(incident_id)
    if as_seen(present) != seen:
        raise ChangedMeanwhile(incident_id)
    again = present.again or present.half[:4] != half[:4]
    Incident.update(half=half, again=again, **row).where(Incident.id == incident_id).execute()


def as_seen(incident: Incident) -> str:
    """Return all that it says, to tell later whether it still does. A row has no number of its version: it has nothing but what is counted."""
    return " ".join([incident.half, *(getattr(incident, field) for field in FIELDS)])


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


def settle(case: OpenCase) -> None:
    """Let the counts of talks and steps be what the case is now; take everything of it out where the person doesn't want to be counted."""
    with in_one_piece():
        if consents.may_count(case):
            recount(case)
        else:
            uncount(case)


def step_outside(
    case: OpenCase, consent_id: str, step: str, *, way: str, entry_id: str, now: datetime
) -> None:
    """Make a step outside from a consent, and count it likewise. Raises :class:`~compartments.counsel.consents.service.NoConsent`."""
    with in_one_piece():
        consents.step_outside(case, consent_id, step, way=way, entry_id=entry_id, now=now)
        settle(case)


def let_in(
    case: OpenCase, ring: Ring, consent_id: str, others: Mapping[str, Colleague], *, now: datetime
) -> str:
    """Let a colleague in; return their account. Raises what :func:`~compartments.counsel.consents.service.let_in` does.

    A no to being counted may be among what is taken in before.
    """
    with in_one_piece():
        account = consents.let_in(case, ring, consent_id, others, now=now)
        settle(case)
    return account


def had_happened(
    case: OpenCase, consent_id: str, *, way: str, done_on: date, entry_id: str, now: datetime
) -> None:
    """Note a step that was made before a withdrawal was read, and count it likewise. Raises :class:`~compartments.counsel.consents.service.NoConsent`."""
    with in_one_piece():
        consents.had_happened(case, consent_id, way=way, done_on=done_on, entry_id=entry_id, now=now)
        settle(case)


def withdraw(case: OpenCase, consent_id: str, *, now: datetime) -> None:
    """Take a consent back on the person's word; the one to be counted takes the case out of the counts."""
    with in_one_piece():
        consents.withdraw(case, consent_id, now=now)
        settle(case)


def forget(counted: str) -> None:
    """Take one talk out of the counts."""
    Consultation.delete().where(Consultation.id == counted).execute()


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
