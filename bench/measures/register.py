"""The register, a page of 50 out of 9,000 members and a search in turn: over the vault opened for each request, against plain SQLite kept open."""

from __future__ import annotations

from pathlib import Path

from app.instance import Instance
from app.shared import sessions
from app.vault.opening import open_vault
from bench import plain
from bench.ground import Ground
from bench.load import Load
from compartments.membership.models import SCHEMA

CLIENT = "bench.clients:readers"
PATHS = ("/membership/", "/membership/?q=m%C3%BCl")
COMPARTMENT = "membership"


def take(ground: Ground) -> tuple[float, str]:
    """The share of requests per second that is left of plain SQLite's."""
    instance = ground.copy("register")
    file = ground.folder / "register-plain.db"
    cookies = _session(ground, instance, file)
    load = {"paths": PATHS, "contains": "<table", "cookies": cookies}
    with (
        ground.module("bench.plain", instance, **{plain.FILE: str(file)}) as kept_open,
        ground.schotten(instance) as opened,
    ):
        return ground.against(Load(kept_open.port, CLIENT, load), Load(opened.port, CLIENT, load))


def _session(ground: Ground, instance: Path, file: Path) -> dict[str, str]:
    """Begin a session of the membership office; on the way, copy its vault in clear."""
    with ground.officer(instance, COMPARTMENT) as (account, keys):
        session = sessions.OfficerSession("", account, sessions.FULL, True, keys)
        vault_keys = session.vault_keys(COMPARTMENT)
        with open_vault(Instance(instance), COMPARTMENT, vault_keys, SCHEMA) as vault:
            plain.export(vault, file)
        return {f"__Host-schotten-{COMPARTMENT}": sessions.begin(account, keys)}
