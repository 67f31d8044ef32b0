"""Run by the tests in a process of its own, to be killed: an officer who merges two records, looks for duplicates, admits somebody,
or takes in what waits.

python -m tests.compartments.membership.officer <instance> <account> merge|search|admit|take-in <what it is done to, as JSON>
(OFFICER_KEYS in the environment, hex)
"""

import json
import os
import sys
from datetime import date
from pathlib import Path

from app.config import Settings
from app.envelopes import outbox
from app.envelopes.receiving import receive
from app.instance import Instance
from app.office.running import Place, run
from app.shared import sessions
from app.shared.database import SharedLayer
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from app.vault.opening import open_vault
from compartments.membership import persons
from compartments.membership.admissions import admitting
from compartments.membership.duplicates import merging, pairs, searching
from compartments.membership.models import SCHEMA
from compartments.membership.service import ACTIONS, INCOMING
from compartments.membership.views import compartment
from keys.identity import KeyPairs
from keys.service import ServiceKey
from tests.compartments.membership.conftest import MIKA, NOW


def merge(entry: str, pair_id: int) -> None:
    """Merge a pair; the first record's fields and number stay."""
    if merging.merged_into(entry):
        return
    pair = pairs.find(pair_id)
    first, second = persons.find(pair.first_id), persons.find(pair.second_id)
    decided = merging.Merge(entry, pair_id, (first.revision, second.revision), persons.details_of(first))
    merging.merge(decided, by=MIKA, now=NOW)


def admit(admission_id: str, member_number: int) -> None:
    """Enter the first payment."""
    paid = admitting.FirstPayment(member_number, 9600, date(2026, 11, 20), 9600)
    admitting.admit(admission_id, paid, by=MIKA, now=NOW, day=NOW.date())


def take_in() -> None:
    """Open a page: what waits is taken in."""
    receive(INCOMING)


def main(folder: str, account: str, what: str, subject: str) -> None:
    searching.ROWS_PER_STEP, searching.PEOPLE_PER_STEP = 12, 3
    instance = Instance(Path(folder))
    layer = SharedLayer.at(
        instance.shared_file, ServiceKey.load(instance.service_key).derive("shared-database")
    )
    keys = KeyPairs.from_seed(bytes.fromhex(os.environ["OFFICER_KEYS"]))
    settings = Settings(instance=Path(folder))
    with layer.bound():
        session = OfficerSession("test", Account.get_by_id(account), sessions.FULL, False, keys)
        if what != "search":
            with open_vault(instance, "membership", session.vault_keys("membership"), SCHEMA):
                {"merge": merge, "admit": admit, "take-in": take_in}[what](*json.loads(subject))
                outbox.deliver(ACTIONS)
            return
    place = Place(instance, layer, compartment, session, settings.timezone, settings=settings)
    run(json.loads(subject), place)


if __name__ == "__main__":
    main(*sys.argv[1:])
