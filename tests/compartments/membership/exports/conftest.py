"""A register with somebody in it, an officer who asks for lists, and a colleague who confirms them."""

import pytest

from app.office.authors import Author
from app.vault import proposals
from compartments.membership.exports import exporting
from compartments.membership.exports.columns import COLUMNS, Words
from compartments.membership.filters import Filter
from keys.randomness import new_id
from tests.compartments.membership.conftest import LEA, MIKA, NOW

DAY = NOW.date()
WORDS = Words({name: name for name in COLUMNS}, {}, {"resigned": "Ausgetreten"}, "ja", "nein", "Herkunft")
PURPOSE = "Einladung zum Kreisparteitag am 12. Mai"


@pytest.fixture
def ask(office):
    """Asks for an export and returns it."""

    def ask(*columns, asked=None, by=MIKA, days=14, purpose=PURPOSE) -> exporting.Export:
        wanted = exporting.Wanted(purpose, "Druckerei Eins", columns, asked or Filter(), days)
        entry = new_id()
        exporting.ask(wanted, entry_id=entry, summary=lambda one: f"{one.number}", by=by, now=NOW, day=DAY)
        return exporting.find(entry)

    return ask


@pytest.fixture
def confirmed(ask):
    """Asks for an export, has it confirmed, and returns it."""

    def confirmed(*columns, **more):
        one = ask(*columns, **more)
        proposals.confirm(exporting.proposal_of(one.id).id, by=LEA, now=NOW)
        return exporting.confirm(one.id, by=LEA, day=DAY)

    return confirmed


def download(one, *, by=MIKA, day=DAY, now=NOW):
    return exporting.download(one.id, WORDS, by=by, now=now, day=day)


def officer(member) -> Author:
    return Author(member.account_id, member.display_name)
