"""What the parts of the demo are made with: the instance, the day, chance with a fixed seed, and the officers who do things."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from app.cli.schemas import SCHEMAS
from app.clock import utc_now
from app.config import Settings
from app.envelopes.directory import PinnedKeys
from app.instance import Instance
from app.shared import sessions
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from app.vault.opening import open_vault
from keys.identity import KeyPairs, PublicKeys

SEED = 20120501
FOLDER = Path(__file__).parent


@dataclass
class DemoOfficer:
    """An invented officer, with everything a newcomer needs to log in as one."""

    username: str
    name: str
    compartment: str
    role: str
    passphrase: str
    account: str
    keys: KeyPairs = field(repr=False)
    second_factor: str | None = None
    admitted: bool = True

    def session(self) -> OfficerSession:
        """The session that services ask for; call it where the shared layer is bound."""
        return OfficerSession(
            "demo", Account.get_by_id(self.account), sessions.FULL, stepped_up=True, keys=self.keys
        )


@dataclass
class World:
    """The demo while it is being made. Call everything where the shared layer is bound."""

    settings: Settings
    instance: Instance
    day: date
    officers: dict[str, DemoOfficer] = field(default_factory=dict)
    receipts: list[dict[str, str]] = field(default_factory=list)
    counsel_receipts: list[dict[str, str]] = field(default_factory=list)
    chance: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311  (invented people, not keys)

    def ago(self, days: int) -> date:
        """The day so many days ago."""
        return self.day - timedelta(days=days)

    def moment(self, days: int, hour: int = 18, minute: int = 0) -> datetime:
        """A moment (naive UTC) so many days ago, and never in the future."""
        return min(datetime.combine(self.ago(days), time(hour, minute)), utc_now())

    def pinned(self, vault: str) -> PinnedKeys:
        """The public keys that a compartment began with."""
        return PinnedKeys(vault, 1, PublicKeys.from_bytes(self.instance.roots[vault]))

    @contextmanager
    def inside(self, username: str) -> Iterator[DemoOfficer]:
        """Open the vault of an officer, as a request of theirs would."""
        officer = self.officers[username]
        schema = next(schema for schema in SCHEMAS if schema.kind == officer.compartment)
        keys = officer.session().vault_keys(officer.compartment)
        with open_vault(self.instance, officer.compartment, keys, schema, officer=officer.account):
            yield officer


def read_toml(name: str) -> dict[str, Any]:
    """Read one of the demo's files of texts."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
