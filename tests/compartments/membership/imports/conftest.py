"""A membership office that takes lists in."""

import csv
import io

import pytest

from app.clock import utc_now
from app.office.running import Place, run
from app.vault import jobs
from compartments.membership.imports import committing, mapping, staging, undoing
from compartments.membership.imports.models import StagedRow
from compartments.membership.views import compartment
from keys.randomness import new_id
from tests.compartments.membership.conftest import MIKA, NOW

DAY = NOW.date()
HEADER = ("Mitgliedsnummer", "Name1", "Name2", "PLZ", "Ort", "EMail", "USER_Eintrittsdatum")


def table(*rows, header=HEADER, delimiter=";", encoding="utf-8"):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return file.getvalue().encode(encoding)


def row(number, last="Neu", first="Nina", *, entered="01.02.2020", email="", postcode="50667"):
    return (str(number), last, first, postcode, "Köln", email, entered)


def drain(job, import_id, **parameters):
    """Run a job's work to its end, inside an open vault."""
    task = jobs.Task(new_id(), "import", str(import_id), parameters, MIKA.id, MIKA.name, DAY)
    for _progress in job(task):
        pass


def stage(content, **given):
    """Upload and read a list, inside an open vault; return its id."""
    one = staging.upload(new_id(), "liste.csv", content, by=MIKA, now=NOW)
    staging.begin(one.id, {**mapping.read(one.mapping), **given})
    drain(staging.stage, one.id)
    return one.id


def commit(import_id, **more):
    version = staging.find(import_id).version
    return committing.commit(import_id, **{"version": version, "by": MIKA, "now": NOW, "day": DAY, **more})


def undo(import_id, **more):
    return undoing.undo(
        import_id, **{"version": staging.find(import_id).version, "by": MIKA, "now": NOW, **more}
    )


def kinds(import_id):
    rows = StagedRow.select().where(StagedRow.import_id == import_id).order_by(StagedRow.place)
    return [row.kind for row in rows]


@pytest.fixture
def place(cast):
    """Where the officer's jobs run."""
    settings = cast.organisation.settings
    with cast.shared():
        session = cast["membership"].session()
    return Place(
        cast.organisation.instance,
        cast["membership"].shared,
        compartment,
        session,
        settings.timezone,
        settings=settings,
    )


@pytest.fixture
def start(cast):
    """Writes a job down, as the page does."""

    def start(kind, import_id, **parameters):
        with cast.vault("membership"):
            return jobs.start(kind, str(import_id), parameters, by=MIKA, now=utc_now()).id

    return start


@pytest.fixture
def work(cast, place, start):
    """Starts a job and runs it here."""

    def work(kind, import_id, **parameters):
        run(start(kind, import_id, **parameters), place)

    return work
