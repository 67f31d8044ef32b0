"""kill -9 at every step of reading, writing and undoing: continued, it ends as if nothing had happened."""

import os
import signal
import subprocess
import sys

import pytest

from app.clock import utc_now
from app.office.running import run
from app.vault import jobs
from compartments.membership import persons
from compartments.membership.imports import committing, mapping, staging, undoing
from compartments.membership.listing import total
from compartments.membership.tables import FieldChange, Person, SearchWord
from keys.randomness import new_id
from tests.compartments.membership.conftest import MIKA, NOW
from tests.compartments.membership.imports.conftest import commit, kinds, row, stage, table

pytestmark = pytest.mark.slow
READING = ("import.before-batch", "import.after-batch", "import.staged", "job.after-step", "job.before-end")
WRITING = (
    "import.half-way",
    "import.before-commit",
    "import.after-commit",
    "job.after-step",
    "job.before-end",
)
UNDOING = ("import.before-undo", "import.after-undo", "job.before-end")
ROWS = [row(number, f"Name{number}") for number in range(1, 6)]


def killed(cast, job_id, point):
    member = cast["membership"]
    environment = {**os.environ, "OFFICER_KEYS": member.keys.to_bytes().hex(), "SCHOTTEN_FAULT_POINT": point}
    folder = str(cast.organisation.settings.instance)
    module = "tests.compartments.membership.imports.officer"
    ended = subprocess.run(
        [sys.executable, "-m", module, folder, member.account_id, job_id],
        env=environment,
        check=False,
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL


def go_on(cast, place, job_id):
    with cast.vault("membership"):
        jobs.resume(job_id, by=MIKA, now=utc_now())
    run(job_id, place)
    with cast.vault("membership"):
        assert jobs.find(job_id).state == jobs.DONE


@pytest.mark.parametrize("point", READING)
def test_killed_while_reading_every_row_is_staged_once(cast, place, start, point):
    with cast.vault("membership"):
        one = staging.upload(new_id(), "x.csv", table(*ROWS, row(1, "Doppelt")), by=MIKA, now=NOW)
        staging.begin(one.id, mapping.read(one.mapping))
    job_id = start(staging.JOB, one.id)
    killed(cast, job_id, point)
    go_on(cast, place, job_id)
    with cast.vault("membership"):
        assert kinds(one.id) == ["add"] * 5 + ["bad"]
        assert staging.find(one.id).state == "staged"


@pytest.mark.parametrize("point", WRITING)
def test_killed_while_writing_everybody_is_added_once_or_nobody_yet(cast, place, start, point):
    with cast.vault("membership"):
        import_id = stage(table(*ROWS))
    job_id = start(committing.JOB, import_id, version=1)
    killed(cast, job_id, point)
    with cast.vault("membership"):
        assert total() == Person.select().count()
        assert total() in (0, 5)
    go_on(cast, place, job_id)
    with cast.vault("membership"):
        assert (Person.select().count(), FieldChange.select().count(), total()) == (5, 5, 5)
        assert staging.find(import_id).state == "committed"


@pytest.mark.parametrize("point", UNDOING)
def test_killed_while_undoing_all_of_it_is_undone_once(cast, place, start, point):
    with cast.vault("membership"):
        persons.add(persons.Details(1, "Alt", "Anna", NOW.date()), entry_id=new_id(), by=MIKA, now=NOW)
        import_id = stage(table(*ROWS))
        commit(import_id)
    job_id = start(undoing.JOB, import_id, version=1)
    killed(cast, job_id, point)
    go_on(cast, place, job_id)
    with cast.vault("membership"):
        assert [person.last_name for person in Person.select()] == ["Alt"]
        assert {word.person_id for word in SearchWord.select()} == {Person.get().id}
        assert staging.find(import_id).state == "undone"
