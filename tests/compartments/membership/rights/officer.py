"""Run by the tests in a process of its own, to be killed: a second officer who confirms an erasure.

python -m tests.compartments.membership.rights.officer <instance> <account> <proposal>    (OFFICER_KEYS in the environment, hex)
"""

import os
import sys
from pathlib import Path

from app.envelopes import outbox
from app.instance import Instance
from app.shared import sessions
from app.shared.database import SharedLayer
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from app.vault.opening import open_vault
from compartments.membership.models import SCHEMA
from compartments.membership.service import ACTIONS
from keys.identity import KeyPairs
from keys.service import ServiceKey
from tests.compartments.membership.rights.conftest import confirm


def main(folder: str, account: str, proposal: str) -> None:
    instance = Instance(Path(folder))
    layer = SharedLayer.at(
        instance.shared_file, ServiceKey.load(instance.service_key).derive("shared-database")
    )
    keys = KeyPairs.from_seed(bytes.fromhex(os.environ["OFFICER_KEYS"]))
    with layer.bound():
        session = OfficerSession("test", Account.get_by_id(account), sessions.FULL, True, keys)
        with open_vault(instance, "membership", session.vault_keys("membership"), SCHEMA, officer=account):
            confirm(proposal)
            outbox.deliver(ACTIONS)


if __name__ == "__main__":
    main(*sys.argv[1:])
