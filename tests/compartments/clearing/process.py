"""Run by the tests in a process of its own, to be killed or to race.

python -m tests.compartments.clearing.process <instance> issue <set id> <count> | pass-on <batch> | restore <id> | claim <device> | job <account> <job>
(VAULT_KEY, OFFICER_KEYS, hex, or REFERENCE in the environment)
"""

import os
import sys
from pathlib import Path

from app.clock import utc_now
from app.config import Settings
from app.envelopes import outbox
from app.envelopes.directory import PinnedKeys
from app.instance import Instance
from app.office.running import Place, run
from app.public.claiming import Claims
from app.shared import sessions
from app.shared.database import SharedLayer
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from app.vault.opening import open_vault
from compartments.clearing.keysets import large, making
from compartments.clearing.models import SCHEMA
from compartments.clearing.reconciliation import restoring
from compartments.clearing.reconciliation import service as reconciliation
from compartments.clearing.service import ACTIONS
from compartments.clearing.views import compartment
from keys.claims import ClaimKeyPair, ClaimKeys
from keys.identity import KeyPairs, PublicKeys
from keys.sealing import SealingKey
from keys.service import ServiceKey
from tests.compartments.clearing.conftest import CLARA, DAY


def claim(instance: Instance, device: str) -> None:
    pinned = PinnedKeys("clearing", 1, PublicKeys.from_bytes(instance.roots["clearing"]))
    reference = ClaimKeys.from_reference(os.environ["REFERENCE"])
    found = Claims(ClaimKeyPair.load(instance.claim_key))
    sys.stdout.write(found.claim(reference, device, clearing=pinned, day=DAY, now=utc_now()) or "nothing")


def issue(instance: Instance, set_id: str, count: str) -> None:
    to = SealingKey.from_bytes(instance.claim_sealing_key)
    making.make(set_id, "Herbst", int(count), claim_key=to, by=CLARA, day=DAY)
    outbox.deliver(ACTIONS)


def pass_on(_instance: Instance, batch: str) -> None:
    reconciliation.pass_on(batch, by=CLARA, day=DAY)
    outbox.deliver(ACTIONS)


def job(instance: Instance, account: str, job_id: str) -> None:
    """Run a job to its end, as its thread would."""
    making.SLOTS_PER_ORDER, large.STEP = 5, 12
    settings = Settings(instance=instance.path)
    keys = KeyPairs.from_seed(bytes.fromhex(os.environ["OFFICER_KEYS"]))
    session = OfficerSession("test", Account.get_by_id(account), sessions.FULL, False, keys)
    key = ServiceKey.load(instance.service_key).derive("shared-database")
    layer = SharedLayer.at(instance.shared_file, key)
    run(job_id, Place(instance, layer, compartment, session, settings.timezone, settings=settings))


def restore(instance: Instance, restoration: str) -> None:
    to = SealingKey.from_bytes(instance.claim_sealing_key)
    restoring.carry_out(restoration, claim_key=to, by=CLARA, day=DAY, agreed=True)
    outbox.deliver(ACTIONS)


STEPS = {"issue": issue, "pass-on": pass_on, "restore": restore}


def main(folder: str, what: str, *arguments: str) -> None:
    instance = Instance(Path(folder))
    key = ServiceKey.load(instance.service_key).derive("shared-database")
    with SharedLayer.at(instance.shared_file, key).bound():
        if what in ("claim", "job"):
            {"claim": claim, "job": job}[what](instance, *arguments)
            return
        with open_vault(instance, "clearing", [bytes.fromhex(os.environ["VAULT_KEY"])], SCHEMA):
            STEPS[what](instance, *arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
