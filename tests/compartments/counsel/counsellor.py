"""Run by the tests in a process of its own, to be killed: a counsellor opens a case and does one thing with it.

python -m tests.compartments.counsel.counsellor <instance> <account> <case> open|admit|step-out|erase [colleague]
(VAULT_KEY and OFFICER_KEYS in the environment, hex)
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

from app.clock import utc_now
from app.instance import Instance
from app.office.authors import Author
from app.shared.database import SharedLayer
from app.vault.opening import open_vault
from compartments.counsel.cases import readers
from compartments.counsel.cases.desk import Desk
from compartments.counsel.cases.keyring import Ring
from compartments.counsel.colleagues import colleagues
from compartments.counsel.models import SCHEMA
from compartments.counsel.retention import service as retention
from keys.identity import KeyPairs
from keys.service import ServiceKey


def main(folder: str, account: str, case_id: str, what: str, colleague: str = "") -> None:
    instance, now = Instance(Path(folder)), utc_now()
    key = ServiceKey.load(instance.service_key).derive("shared-database")
    layer = SharedLayer.at(instance.shared_file, key)
    keys = KeyPairs.from_seed(bytes.fromhex(os.environ["OFFICER_KEYS"]))
    vault_key = bytes.fromhex(os.environ["VAULT_KEY"])
    with layer.bound(), open_vault(instance, "counsel", [vault_key], SCHEMA, officer=account):
        others = colleagues()
        desk = Desk(Author(account, others[account].name), Ring.of(account, keys), others)
        case = desk.open(case_id, now=now)
        if what == "admit":
            readers.admit(case, desk.ring, colleague, others, now=now)
        elif what == "step-out":
            readers.step_out(case, desk.ring, others, reason="Ich kenne ihn.", now=now)
        elif what == "erase":
            retention.erase(case, retention.BY_HAND, backups_kept=timedelta(days=14), now=now)


if __name__ == "__main__":
    main(*sys.argv[1:])
