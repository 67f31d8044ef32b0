"""Run by the tests in a process of its own, to be killed or to race: an officer who prepares or sends a run, or lists.

python -m tests.compartments.membership.invitations.officer <instance> <account> prepare|send|lists|back <run, job, batches or person> <smtp port>
(OFFICER_KEYS in the environment, hex)
"""

import os
import sys
from datetime import date
from pathlib import Path

from app.config import Settings
from app.envelopes import outbox
from app.instance import Instance
from app.office.authors import Author
from app.office.running import Place, run
from app.shared import sessions
from app.shared.database import SharedLayer
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from app.vault.opening import open_vault
from compartments.membership.invitations import runs
from compartments.membership.models import SCHEMA
from compartments.membership.reconciliation import batches, taking_back
from compartments.membership.views import compartment
from keys.identity import KeyPairs
from keys.service import ServiceKey


def send_list(kind: str, batch_id: str) -> None:
    """Send a list as two officers do."""
    first, second = Author("a" * 32, "Mika"), Author("b" * 32, "Lea")
    day = date(2026, 11, 21)
    seen = batches.preview(kind, day).seen
    batches.send(kind, batch_id=batch_id, seen=seen, reason="", by=first, day=day, confirmed_by=second)


def take_back(person: str, entry: str) -> None:
    """Take somebody back whom a list of leavers has met by mistake."""
    by = Author("a" * 32, "Mika")
    taking_back.take_back(int(person), "", entry_id=entry, by=by, day=date(2026, 11, 21))


def main(folder: str, account: str, what: str, subject: str, port: str) -> None:
    instance = Instance(Path(folder))
    layer = SharedLayer.at(
        instance.shared_file, ServiceKey.load(instance.service_key).derive("shared-database")
    )
    keys = KeyPairs.from_seed(bytes.fromhex(os.environ["OFFICER_KEYS"]))
    settings = Settings(
        instance=Path(folder),
        smtp_host="127.0.0.1",
        smtp_port=int(port),
        smtp_tls="none",
        smtp_from="einladung@verein.example",
    )
    with layer.bound():
        session = OfficerSession("test", Account.get_by_id(account), sessions.FULL, False, keys)
        if what == "back":
            with open_vault(instance, "membership", session.vault_keys("membership"), SCHEMA):
                take_back(*subject.split(":"))
                outbox.deliver({})
            return
        if what == "lists":
            with open_vault(instance, "membership", session.vault_keys("membership"), SCHEMA):
                for named in subject.split(","):
                    send_list(*named.split(":"))
                    outbox.deliver({})
            return
        if what == "prepare":
            with open_vault(instance, "membership", session.vault_keys("membership"), SCHEMA):
                by = Author(account, "Mika Register")
                runs.prepare(subject, contingent=3, per_minute=10_000, by=by, day=date(2026, 11, 21))
                outbox.deliver({})
            return
    run(subject, Place(instance, layer, compartment, session, settings.timezone, settings=settings))


if __name__ == "__main__":
    main(*sys.argv[1:])
