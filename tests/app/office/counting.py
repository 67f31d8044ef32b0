"""A job for the tests: writes one note per step until there are as many as it was asked for.

Run as a program it is a process of its own, to be killed:  python -m tests.app.office.counting <instance> <account> <job>
(OFFICER_KEYS in the environment, hex).
"""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from app.clock import utc_now
from app.instance import Instance
from app.office.running import Place, run
from app.shared import sessions
from app.shared.database import SharedLayer
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from app.vault.context import any_vault
from app.vault.jobs import Outside, Progress
from app.vault.models import Note
from compartments.membership.views import compartment as membership
from keys.identity import KeyPairs
from keys.randomness import new_id
from keys.service import ServiceKey

ZONE = ZoneInfo("Europe/Berlin")


HELD_AT = 5


def count(task):
    """One note per step; what is left is what isn't written. With a ``gate`` it stands at the fifth until that file exists."""
    wanted = task.parameters["notes"]
    while (written := Note.select().count()) < wanted:
        yield Outside(lambda: time.sleep(task.parameters.get("pause", 0)))
        if written >= HELD_AT and "gate" in task.parameters and not Path(task.parameters["gate"]).exists():
            yield Progress(written, wanted)
            continue
        with any_vault.atomic("IMMEDIATE"):
            note(task, written + 1)
        yield Progress(written + 1, wanted, f"note {written + 1}")


def note(task, number):
    Note.create(
        entry_id=new_id(),
        author=task.officer,
        author_name=task.officer_name,
        text=str(number),
        written_at=utc_now(),
    )


def leave_open(task):
    """A step that forgets to end its transaction."""
    with any_vault.atomic("IMMEDIATE"):
        note(task, 1)
        yield Progress(1)


def break_off(task):
    """Fails half-way, with a text that nobody may see."""
    with any_vault.atomic("IMMEDIATE"):
        note(task, 1)
    yield Progress(1, 2)
    raise ValueError("Anna Müller")


JOBS = {"count": count, "leave-open": leave_open, "break-off": break_off}
COMPARTMENT = replace(membership, jobs=JOBS)


def main(folder: str, account: str, job_id: str) -> None:
    instance = Instance(Path(folder))
    key = ServiceKey.load(instance.service_key).derive("shared-database")
    layer = SharedLayer.at(instance.shared_file, key)
    keys = KeyPairs.from_seed(bytes.fromhex(os.environ["OFFICER_KEYS"]))
    with layer.bound():
        session = OfficerSession("killed", Account.get_by_id(account), sessions.FULL, False, keys)
    run(job_id, Place(instance, layer, COMPARTMENT, session, ZONE))


if __name__ == "__main__":
    main(*sys.argv[1:])
