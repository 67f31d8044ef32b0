"""While a person is being entered or changed: who is likely the same, before anything is saved."""

from __future__ import annotations

from flask import g, request

from app.clock import utc_now
from compartments.membership.details import Details
from compartments.membership.duplicates.candidates import Candidate, candidates, remember
from compartments.membership.duplicates.pairs import forget, partners
from compartments.membership.tables import Person, database

SEEN = "seen_duplicates"
IDENTITY = ("last_name", "first_name", "birth_date", "email", "street", "postcode", "city")


def stops(details: Details, *, form_id: str | None = None, person: Person | None = None) -> bool:
    """Whether the officer should look at somebody first; the template finds them in ``g.likely_duplicates``."""
    g.likely_duplicates = to_look_at(details, entry=form_id, person=person)
    return bool(g.likely_duplicates)


def to_look_at(
    details: Details, *, entry: str | None = None, person: Person | None = None
) -> list[Candidate]:
    """Return who the officer should look at before saving; nobody where the form has shown them already.

    ``entry`` is the id of the form that adds somebody: sent twice, it must not find whom it has just added. ``person`` is who is being changed.
    """
    if entry and Person.select().where(Person.entry_id == entry).exists():
        return []
    if person is not None and all(getattr(person, name) == getattr(details, name) for name in IDENTITY):
        return []
    found = candidates(details, but=person.id if person else None)
    known = partners(person.id) if person else set()
    seen = set(request.form.get(SEEN, "").split(","))
    unseen = [one for one in found if str(one.person.id) not in seen and one.person.id not in known]
    return found if unseen else []


def saved(person_id: int) -> None:
    """Put who is still likely the same on the list of open pairs: saving says that it is somebody else, a colleague may look again."""
    with database.atomic("IMMEDIATE"):
        person = Person.get_by_id(person_id)
        forget(person_id)
        remember(person, now=utc_now())
