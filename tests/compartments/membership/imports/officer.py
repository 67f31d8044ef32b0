"""Run by the tests in a process of its own, to be killed: an officer whose job reads, writes or undoes an import.

python -m tests.compartments.membership.imports.officer <instance> <account> <job>      (OFFICER_KEYS in the environment, hex)
"""

import os
import sys
from pathlib import Path

from app.config import Settings
from app.instance import Instance
from app.office.running import Place, run
from app.shared import sessions
from app.shared.database import SharedLayer
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from compartments.membership.imports import committing, staging
from compartments.membership.views import compartment
from keys.identity import KeyPairs
from keys.service import ServiceKey


def main(folder: str, account: str, job: str) -> None:
    staging.BATCH, committing.BATCH = 2, 2
    instance = Instance(Path(folder))
    layer = SharedLayer.at(
        instance.shared_file, ServiceKey.load(instance.service_key).derive("shared-database")
    )
    keys = KeyPairs.from_seed(bytes.fromhex(os.environ["OFFICER_KEYS"]))
    settings = Settings(instance=Path(folder))
    with layer.bound():
        session = OfficerSession("test", Account.get_by_id(account), sessions.FULL, False, keys)
    run(job, Place(instance, layer, compartment, session, settings.timezone, settings=settings))


if __name__ == "__main__":
    main(*sys.argv[1:])
