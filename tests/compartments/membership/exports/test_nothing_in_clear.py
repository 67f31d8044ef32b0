"""What an export holds goes to the officer and is written nowhere: not in a file of the instance, not in a temporary one, not in a log."""

import tempfile

import pytest

from compartments.membership import persons
from compartments.membership.exports import exporting
from compartments.membership.exports.models import Export
from compartments.membership.filters import Filter
from compartments.membership.tables import Person
from keys.randomness import new_id
from tests.compartments.membership.conftest import LEA, NOW, details
from tests.compartments.membership.exports.conftest import DAY, PURPOSE, officer
from tests.pages import fill

CANARY = "Quarzkanarienschlag"


@pytest.fixture
def export(cast):
    """A confirmed export of ten thousand lines, more than any buffer keeps in memory; the address of its page."""
    with cast.vault("membership"):
        asker = officer(cast["membership"])
        everybody = (details(CANARY, f"Vera{at}", member_number=at) for at in range(1, 10_001))
        persons.add_many(everybody, by=LEA, now=NOW)
        wanted = exporting.Wanted(PURPOSE, "Druckerei", ["last_name", "first_name"], Filter(), 90)
        entry = new_id()
        exporting.ask(wanted, entry_id=entry, summary=lambda _one: "x", by=asker, now=NOW, day=DAY)
        Export.update(expires_on=DAY.replace(year=9000)).execute()
        exporting.confirm(entry, by=LEA, day=DAY)
        assert Person.select().count() == 10_000
    return f"/membership/exports/{entry}"


def test_a_download_leaves_nothing_readable_behind(cast, export, tmp_path, monkeypatch, caplog, capfd):
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spool))
    client = cast["membership"].client()
    file = fill(client, client.get(export), "/download")
    assert file.data.count(CANARY.encode()) == 10_000
    assert list(spool.iterdir()) == []
    files = [path for path in cast.organisation.settings.instance.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert [path.name for path in files if CANARY.encode() in path.read_bytes()] == []
    said = "".join(capfd.readouterr()) + caplog.text
    assert CANARY not in said
