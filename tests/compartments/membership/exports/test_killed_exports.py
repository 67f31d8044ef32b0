"""kill -9 while an export is confirmed or downloaded: no file is made that isn't written down, and what is written down is whole."""

import os
import signal
import subprocess
import sys

import pytest

from app.envelopes import outbox
from app.shared.models import Act
from app.vault import proposals
from compartments.membership import persons
from compartments.membership.exports import exporting
from compartments.membership.exports.models import Download
from compartments.membership.exports.service import ACTIONS
from compartments.membership.filters import Filter
from compartments.membership.tables import ReadEvent
from keys.randomness import new_id
from tests.compartments.membership.conftest import MIKA, NOW, details
from tests.compartments.membership.exports.conftest import DAY, PURPOSE
from tests.compartments.membership.exports.conftest import download as download_it
from tests.compartments.membership.exports.officer import LEA, confirm

pytestmark = pytest.mark.slow


@pytest.fixture
def export(cast):
    """An export that waits for the second officer; its id."""
    with cast.vault("membership"):
        for at in range(1, 4):
            persons.add(details("Öz", f"J{at}", member_number=at), entry_id=new_id(), by=MIKA, now=NOW)
        wanted, entry = exporting.Wanted(PURPOSE, "Druckerei", ["last_name"], Filter()), new_id()
        exporting.ask(wanted, entry_id=entry, summary=lambda _one: "x", by=MIKA, now=NOW, day=DAY)
    return entry


def killed(cast, what, export_id, point):
    member = cast["membership"]
    environment = {**os.environ, "OFFICER_KEYS": member.keys.to_bytes().hex(), "SCHOTTEN_FAULT_POINT": point}
    folder = str(cast.organisation.settings.instance)
    module = "tests.compartments.membership.exports.officer"
    command = [sys.executable, "-m", module, folder, member.account_id, what, export_id]
    assert subprocess.run(command, env=environment, check=False, timeout=60).returncode == -signal.SIGKILL


def test_killed_while_confirming_neither_half_is_done(cast, export):
    killed(cast, "confirm", export, "export.confirmed")
    with cast.vault("membership"):
        assert exporting.find(export).state == "asked"
        assert exporting.proposal_of(export).state == proposals.OPEN
        confirm(export, LEA)
        assert exporting.find(export).state == "confirmed"


@pytest.mark.parametrize(
    ("point", "noted"),
    [("export.half-way", 0), ("export.before-commit", 0), ("export.after-commit", 1)],
)
def test_killed_while_downloading_the_note_is_there_before_the_file_is(cast, export, point, noted):
    with cast.vault("membership"):
        confirm(export, LEA)
    killed(cast, "download", export, point)
    with cast.vault("membership"):
        outbox.deliver(ACTIONS)
        assert (Download.select().count(), ReadEvent.select().count()) == (noted, 3 * noted)
        assert Act.select().where(Act.act == "exported").count() == noted
        file = download_it(exporting.find(export))
        outbox.deliver(ACTIONS)
        assert (file.name, file.rows) == (f"export-1-{noted + 1}.csv", 4)
        assert Act.select().where(Act.act == "exported").count() == noted + 1
