"""The claim of an invite code: a POST that opens the slot, destroys it, tells clearing and is on the disk before the answer; against hello world."""

from __future__ import annotations

from pathlib import Path

from app.instance import Instance
from app.shared import claims
from app.shared.claims import Slot
from bench.ground import Ground, hello
from bench.load import Load
from keys.claims import ClaimKeys
from keys.codes import new_code
from keys.randomness import new_id
from keys.sealing import SealingKey

CLIENT = "bench.claimants:claimant"
BLOCKS, KEYS = 240, 100
"""So many members at most claim while the bench runs; each block of keys is one client's."""


def take(ground: Ground) -> tuple[float, str]:
    """The share of hello world's requests per second. Only an answer with a code counts."""
    instance = ground.copy("claim")
    folder = ground.folder / "reference-keys"
    _fill(ground, instance, folder, BLOCKS if ground.pace.rounds > 1 else BLOCKS // 12)
    with ground.module("bench.baseline", instance) as baseline, ground.schotten(instance) as server:
        claiming = Load(server.port, CLIENT, {"port": server.port, "folder": str(folder)})
        return ground.against(hello(baseline.port), claiming)


def _fill(ground: Ground, instance: Path, folder: Path, blocks: int) -> None:
    """Put slots as clearing's orders do; write the keys down for the clients, a file per block."""
    folder.mkdir()
    to = SealingKey.from_bytes(Instance(instance).claim_sealing_key)
    with ground.officer(instance, "clearing"):
        for block in range(blocks):
            references = [new_code() for _ in range(KEYS)]
            keys = [ClaimKeys.from_reference(reference) for reference in references]
            with claims.putting(new_id()):
                claims.put(Slot(one.slot_id, one.seal_slot(new_code(), to)) for one in keys)
            (folder / f"{block}.txt").write_text("\n".join(references), encoding="ascii")
