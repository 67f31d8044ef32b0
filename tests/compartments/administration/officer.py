"""A process of its own that takes one step of a reconciliation: `python -m … <instance> <step> <batch>`; the vault's key stands in VAULT_KEY."""

import os
import sys
from pathlib import Path

from app.clock import today
from app.envelopes import outbox
from app.instance import Instance
from app.office.authors import Author
from app.shared.database import SharedLayer
from app.vault.jobs import Outside, Task
from app.vault.opening import open_vault
from compartments.administration.models import SCHEMA
from compartments.administration.reconciliation import batches, service
from keys.service import ServiceKey


def run(work, subject=""):
    """A job without its thread."""
    steps = work(Task("job", "kind", subject, {}, "ada", "Ada", today()))
    answer = None
    try:
        while True:
            said = steps.send(answer)
            answer = said.call() if isinstance(said, Outside) else None
    except StopIteration:
        return


STEPS = {
    "prepare": lambda batch: run(service.prepare, batch),
    "confirm": lambda batch: batches.confirm(batch, by=Author("bea", "Bea")),
    "apply": lambda batch: run(service.apply, batch),
    "deliver": lambda _batch: outbox.deliver(service.ACTIONS),
}


def main(folder: str, step: str, batch: str) -> None:
    instance = Instance(Path(folder))
    layer = SharedLayer.at(
        instance.shared_file, ServiceKey.load(instance.service_key).derive("shared-database"), None
    )
    key = bytes.fromhex(os.environ["VAULT_KEY"])
    with layer.bound(), open_vault(instance, "administration", [key], SCHEMA):
        STEPS[step](batch)


if __name__ == "__main__":
    main(*sys.argv[1:])
