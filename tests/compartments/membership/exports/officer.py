"""Run by the tests in a process of its own, to be killed: an officer who confirms or downloads an export.

python -m tests.compartments.membership.exports.officer <instance> <account> confirm|download <id>    (OFFICER_KEYS in the environment, hex)
"""

import os
import sys
from pathlib import Path

from app.envelopes import outbox
from app.instance import Instance
from app.office.authors import Author
from app.shared import sessions
from app.shared.database import SharedLayer
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from app.vault import proposals
from app.vault.context import any_vault
from app.vault.opening import open_vault
from compartments.membership.exports import exporting
from compartments.membership.exports.service import ACTIONS
from compartments.membership.models import SCHEMA
from keys.identity import KeyPairs
from keys.service import ServiceKey
from tests.compartments.membership.conftest import LEA, MIKA, NOW
from tests.compartments.membership.exports.conftest import DAY, WORDS


def main(folder: str, account: str, what: str, export_id: str) -> None:
    instance = Instance(Path(folder))
    layer = SharedLayer.at(
        instance.shared_file, ServiceKey.load(instance.service_key).derive("shared-database")
    )
    keys = KeyPairs.from_seed(bytes.fromhex(os.environ["OFFICER_KEYS"]))
    with layer.bound():
        session = OfficerSession("test", Account.get_by_id(account), sessions.FULL, True, keys)
        with open_vault(instance, "membership", session.vault_keys("membership"), SCHEMA, officer=account):
            if what == "confirm":
                confirm(export_id, LEA)
            else:
                exporting.download(export_id, WORDS, by=MIKA, now=NOW, day=DAY)
                outbox.deliver(ACTIONS)


def confirm(export_id: str, by: Author) -> None:
    """As the page of proposals does it: in one transaction with the confirmation."""
    with any_vault.atomic("IMMEDIATE"):
        proposals.confirm(exporting.proposal_of(export_id).id, by=by, now=NOW)
        exporting.confirm(export_id, by=by, day=DAY)


if __name__ == "__main__":
    main(*sys.argv[1:])
