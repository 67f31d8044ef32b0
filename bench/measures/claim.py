"""The claim of an invite code: a POST that opens the slot, destroys it, tells clearing and is on the disk before the answer; against hello world."""

from __future__ import annotations

from dataclasses import replace
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
FASTER = 3
"""So many times as many find out what could be reached at best."""


def take(ground: Ground) -> tuple[float, str]:
    """The share of hello world's requests per second, and what it would be at best. Only an answer with a code counts."""
    instance = ground.copy("claim")
    blocks = BLOCKS if ground.pace.rounds > 1 else BLOCKS // 12
    folder, for_the_floor = ground.folder / "reference-keys", ground.folder / "keys-without-slots"
    _fill(ground, instance, folder, blocks)
    _written_down(for_the_floor, FASTER * blocks)
    with ground.module("bench.baseline", instance) as baseline, ground.schotten(instance) as server:
        claiming = Load(server.port, CLIENT, {"port": server.port, "folder": str(folder)})
        at_best = replace(claiming, arguments={"port": server.port, "folder": str(for_the_floor)})
        with ground.floor("claim-floor", at_best) as floor:
            return ground.against(hello(baseline.port), claiming, floor)


def _fill(ground: Ground, instance: Path, folder: Path, blocks: int) -> None:
    """Put slots as clearing's orders do, for keys that are written down for the clients."""
    to = SealingKey.from_bytes(Instance(instance).claim_sealing_key)
    with ground.officer(instance, "clearing"):
        for references in _written_down(folder, blocks):
            keys = [ClaimKeys.from_reference(reference) for reference in references]
            with claims.putting(new_id()):
                claims.put(Slot(one.slot_id, one.seal_slot(new_code(), to)) for one in keys)


def _written_down(folder: Path, blocks: int) -> list[list[str]]:
    """New keys, written down a file per block."""
    folder.mkdir()
    made = [[new_code() for _ in range(KEYS)] for _ in range(blocks)]
    for number, references in enumerate(made):
        (folder / f"{number}.txt").write_text("\n".join(references), encoding="ascii")
    return made
