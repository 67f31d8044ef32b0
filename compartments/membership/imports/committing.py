"""Writing an import into the register: all of it or nothing, once, and only what the officer has seen. Knows no Flask."""

from __future__ import annotations

import json
from datetime import date, datetime

from app.clock import utc_now
from app.faultpoints import reached
from app.office.authors import Author
from app.vault import proposals
from app.vault.jobs import Progress, Steps, Task
from compartments.membership.duplicates import keying
from compartments.membership.imports import bulk, files, staging, thresholds, wholesale
from compartments.membership.imports.indexing import Words
from compartments.membership.imports.models import (
    COMMITTED,
    EXIT,
    STAGED,
    Import,
    StagedRow,
)
from compartments.membership.room import in_bulk
from compartments.membership.tables import database

JOB = "import-commit"
PROPOSAL = "import"
BATCH, SHARE = 2_500, 50
"""So many rows are written at once, and at least a fiftieth of the members: few fit into the processor's cache, and of many, sorted, more
fall on the same page of a large register.
"""


class Changed(Exception):
    """The register, or the import, is no longer what the officer saw. The preview has been made anew; nothing was written."""


class NeedsSecondOfficer(Exception):
    """So many would be removed or locked that a second officer has to confirm."""


def needs_second_officer(import_id: int) -> bool:
    """Whether an import takes a second officer."""
    found = staging.counts(import_id)
    return thresholds.exceeded(found[EXIT] + found["locks"], staging.members())


def commit(
    import_id: int, *, version: int, by: Author, now: datetime, day: date, proposal: str | None = None
) -> Import:
    """Write an import that was seen as ``version``; one that is written already is returned as it is.

    Raises :class:`Changed`, :class:`NeedsSecondOfficer`, :class:`~compartments.membership.imports.staging.WrongState`.
    """
    with in_bulk(), wholesale.without_foreign_keys(), database.atomic("IMMEDIATE"):
        one = staging.find(import_id)
        if one.state == COMMITTED:
            return one
        if one.state != STAGED:
            raise staging.WrongState(one.state)
        outdated = staging.outdated(import_id)
        if outdated:
            staging.refresh(one, outdated, day)
        elif one.version == version:
            confirmed = confirmed_by(proposal, {"import": import_id, "version": version, "undo": False})
            if confirmed is None and needs_second_officer(import_id):
                raise NeedsSecondOfficer(import_id)
            _write(one, bulk.Note(by, now, staging.ticket_of(one)))
            files.forget([one.id])
            one.state = COMMITTED
            one.committed_by_name, one.committed_at = by.name, now
            one.confirmed_by_name = confirmed or ""
            one.save()
            reached("import.before-commit")
    reached("import.after-commit")
    if one.state != COMMITTED:
        raise Changed(import_id)
    return one


def confirmed_by(proposal_id: str | None, subject: dict[str, object]) -> str | None:
    """Return who has confirmed exactly this, or None."""
    if not proposal_id:
        return None
    proposal = proposals.find(proposal_id)
    fits = proposal.kind == PROPOSAL and proposals.subject_of(proposal) == subject
    return proposal.decided_by_name if fits and proposal.state == proposals.CONFIRMED else None


def entry_of(import_id: int, place: int) -> str:
    """The entry id of the person whom a row adds: no row adds two."""
    return f"i{import_id:015x}{place:016x}"


def _write(one: Import, note: bulk.Note) -> None:
    place, index = 0, Words()
    at_once = max(BATCH, staging.members() // SHARE)
    with wholesale.adding():
        while rows := staging.adds(one.id, place, at_once):
            bulk.add(((entry_of(one.id, at), given) for at, given in rows), note, index)
            place = rows[-1][0]
            reached("import.half-way")
    for changed in staging.changing(one.id, at_once):
        bulk.change([edit_of(row) for row in changed], note, index)
    wholesale.check_divisions()


def edit_of(row: StagedRow) -> bulk.Edit:
    """What a row changes."""
    return bulk.Edit(row.person or 0, json.loads(row.changes))


def commit_job(task: Task) -> Steps:
    """The job: one transaction, and then the keys by which duplicates are found, in small steps. What can't be done is said on the page."""
    by = Author(task.officer, task.officer_name)
    try:
        commit(
            int(task.subject),
            version=task.parameters["version"],
            by=by,
            now=utc_now(),
            day=task.day,
            proposal=task.parameters.get("proposal"),
        )
    except (Changed, NeedsSecondOfficer, staging.WrongState):
        return
    yield Progress(done=0)
    for done in keying.complete():
        yield Progress(done=done)
