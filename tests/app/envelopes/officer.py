"""Run by the tests in a process of its own, to be killed or to race: opens a vault and takes in, or delivers.

python -m tests.app.envelopes.officer <instance> <vault> receive|deliver [times]      (VAULT_KEY in the environment, hex)
"""

import os
import sys
from importlib import import_module
from pathlib import Path

from app.envelopes import outbox
from app.envelopes.receiving import receive
from app.instance import Instance
from app.shared.database import SharedLayer
from app.vault.opening import open_vault
from keys.service import ServiceKey


def main(folder: str, vault: str, what: str, times: str = "1") -> None:
    instance = Instance(Path(folder))
    layer = SharedLayer.at(
        instance.shared_file, ServiceKey.load(instance.service_key).derive("shared-database")
    )
    schema = import_module(f"compartments.{vault}.models").SCHEMA
    service = import_module(f"compartments.{vault}.service")
    key = bytes.fromhex(os.environ["VAULT_KEY"])
    with layer.bound():
        for _ in range(int(times)):
            with open_vault(instance, vault, [key], schema):
                receive(service.INCOMING) if what == "receive" else outbox.deliver(service.ACTIONS)


if __name__ == "__main__":
    main(*sys.argv[1:])
