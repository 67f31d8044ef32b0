"""What it costs to open a vault for each request, against keeping it open in a pool (docs/decisions on vaults)."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from app.clock import utc_now
from app.instance import Instance
from app.vault.context import any_vault, holding
from app.vault.models import Alarm
from app.vault.opening import create_vault, open_vault
from bench.ground import Ground
from compartments.membership.models import SCHEMA
from keys.grants import new_vault_key

ROWS = 50
REPETITIONS = 200


def take(ground: Ground) -> tuple[float, str]:
    """Milliseconds that reading 50 rows takes longer where the vault is opened for it (medians)."""
    instance = Instance(ground.folder / "opening")
    instance.create_folders()
    key = new_vault_key()
    create_vault(instance, SCHEMA.kind, key, SCHEMA)

    def opened() -> None:
        with open_vault(instance, SCHEMA.kind, [key], SCHEMA):
            _read()

    with open_vault(instance, SCHEMA.kind, [key], SCHEMA), any_vault.atomic():
        for number in range(ROWS):
            Alarm.create(kind="note", detail=f"number {number} " * 20, raised_at=utc_now())
    with open_vault(instance, SCHEMA.kind, [key], SCHEMA) as kept:
        pass
    kept.database.connect()
    with holding(kept):
        pooled = _median(_read)
    kept.database.close()
    per_request = _median(opened)
    return (
        per_request - pooled,
        f"{per_request:.2f} ms opened per request, {pooled:.2f} ms pooled, {ROWS} rows read",
    )


def _read() -> None:
    list(Alarm.select())


def _median(work: Callable[[], None]) -> float:
    times = []
    for _ in range(REPETITIONS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)
