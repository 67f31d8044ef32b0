"""Ten thousand pairs of reference key and invite code with their claim slots: drawn, sealed, stored, and everything delivered."""

from __future__ import annotations

import statistics
import time

from app.clock import today
from app.envelopes import outbox
from app.instance import Instance
from app.office.authors import Author
from app.shared import sessions
from app.vault.opening import open_vault
from bench.ground import Ground
from compartments.clearing.keysets import making
from compartments.clearing.models import SCHEMA
from compartments.clearing.service import ACTIONS
from keys.randomness import new_id
from keys.sealing import SealingKey

PAIRS = 10_000
ROUNDS = 3
COMPARTMENT = "clearing"


def take(ground: Ground) -> tuple[float, str]:
    """Seconds for one set, as an officer who presses the button waits for it."""
    instance = Instance(ground.copy("issuing"))
    to = SealingKey.from_bytes(instance.claim_sealing_key)
    pairs = PAIRS if ground.pace.rounds > 1 else PAIRS // 20
    taken = []
    with ground.officer(instance.path, COMPARTMENT) as (account, keys):
        session = sessions.OfficerSession("", account, sessions.FULL, True, keys)
        for _ in range(min(ROUNDS, ground.pace.rounds)):
            began = time.perf_counter()
            with open_vault(instance, COMPARTMENT, session.vault_keys(COMPARTMENT), SCHEMA):
                by = Author(account.id, account.display_name)
                making.make(new_id(), new_id(), pairs, claim_key=to, by=by, day=today())
                outbox.deliver(ACTIONS)
            taken.append(time.perf_counter() - began)
    return statistics.median(taken), f"{pairs:,} pairs, slots and both lists delivered"
