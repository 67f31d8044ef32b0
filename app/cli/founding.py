"""Founds an instance: keys, vaults, the shared layer and the first officers' enrolment codes. What it returns is shown once and kept nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app import faultpoints
from app.cli.ground import refuse_checkout
from app.cli.unfinished import filling
from app.clock import today, utc_now
from app.config import UNNAMED, Settings
from app.instance import PRIVATE_FILE, Instance
from app.shared import acts
from app.shared.commitments import FIRST_TEXTS
from app.shared.database import SharedLayer
from app.shared.dialect import create_schema, write_transaction
from app.shared.models import (
    Assignment,
    CommitmentText,
    CompartmentKey,
    Enrolment,
    Person,
    Vault,
    VaultEpoch,
)
from app.vault.context import any_vault
from app.vault.models import OwnKeys, Pin
from app.vault.opening import create_vault, open_vault
from app.vault.schema import Schema
from app.vault.trust import RECOVERY, trust
from keys.claims import ClaimKeyPair
from keys.codes import new_code
from keys.enrolment import code_id, seal_under_code
from keys.grants import new_vault_key
from keys.identity import KeyPairs
from keys.randomness import new_id
from keys.recovery import new_recovery
from keys.sealing import SealingKey, bind, seal
from keys.service import ServiceKey

FIRST_EPOCH = 1
CODES_ARE_VALID_FOR = timedelta(days=365)
"""Long, because a first code that runs out leaves its compartment to the paper shares; ``doctor`` reminds of unused ones."""


@dataclass(frozen=True)
class Founded:
    """What must be written down now: a first officer's code and the recovery shares, per compartment."""

    codes: Mapping[str, str] = field(repr=False)
    recovery_shares: Mapping[str, list[str]] = field(repr=False)


@dataclass(frozen=True)
class _NewVault:
    name: str
    schema: Schema
    key: bytes = field(repr=False)
    keys: KeyPairs = field(repr=False)
    recovery_key: SealingKey = field(repr=False)
    shares: list[str] = field(repr=False)


def found(
    settings: Settings,
    schemas: Iterable[Schema],
    *,
    demo: bool = False,
    announce: Callable[[Founded], None] = lambda _: None,
) -> Founded:
    """Make an instance with one vault per schema. Raises :class:`~app.instance.InstanceError` where one is already there.

    ``announce`` is handed what must be written down *before* ``instance.json`` makes the instance whole: a crash on the way, or a
    terminal that is gone, leaves a marked folder, which the next attempt clears and begins anew. No code of it was ever worth anything.
    """
    instance = Instance(settings.instance)
    if not demo:
        refuse_checkout(instance)
    with filling(instance):
        vaults = [_new_vault(schema) for schema in schemas]
        for vault in vaults:
            create_vault(instance, vault.name, vault.key, vault.schema)
            _fill(instance, vault, vaults)
            faultpoints.reached("founding.after-vault")
        claims = ClaimKeyPair.create(instance.claim_key)
        founded = Founded(
            _found_shared_layer(settings, instance, vaults), {vault.name: vault.shares for vault in vaults}
        )
        announce(founded)
        faultpoints.reached("founding.before-description")
        instance.describe(_facts(settings, vaults, claims.public, demo=demo))
        faultpoints.reached("founding.after-description")
    return founded


def _found_shared_layer(settings: Settings, instance: Instance, vaults: list[_NewVault]) -> dict[str, str]:
    """Make the service key and the shared layer; return the first officers' codes."""
    service_key = ServiceKey.create(instance.service_key)
    shared = SharedLayer.at(instance.shared_file, service_key.derive("shared-database"), settings.shared_url)
    day = today(settings.timezone)
    codes = {}
    with shared.bound() as database:
        create_schema(database)
        with write_transaction(database):
            CommitmentText.create(version=1, texts=FIRST_TEXTS, in_force_from=day)
            for vault in vaults:
                _publish(vault)
                codes[vault.name] = _first_enrolment(vault, day)
    shared.close()
    if instance.shared_file.exists():
        instance.shared_file.chmod(PRIVATE_FILE)
    return codes


def _facts(settings: Settings, vaults: list[_NewVault], claims: SealingKey, *, demo: bool) -> dict[str, Any]:
    return {
        "demo": demo,
        "organisation": settings.organisation if settings.organisation != UNNAMED else None,
        "founded": utc_now().isoformat(timespec="seconds"),
        "claim_key": claims.to_bytes().hex(),
        "roots": {vault.name: vault.keys.public.to_bytes().hex() for vault in vaults},
    }


def _new_vault(schema: Schema) -> _NewVault:
    recovery_key, shares = new_recovery()
    return _NewVault(schema.kind, schema, new_vault_key(), KeyPairs.generate(), recovery_key, shares)


def _fill(instance: Instance, vault: _NewVault, everyone: list[_NewVault]) -> None:
    with open_vault(instance, vault.name, [vault.key], vault.schema), any_vault.atomic():
        OwnKeys.create(epoch=FIRST_EPOCH, private_keys=vault.keys.to_bytes())
        trust(RECOVERY, vault.recovery_key.to_bytes())
        for other in everyone:
            if other is not vault:
                Pin.create(vault=other.name, epoch=FIRST_EPOCH, public_keys=other.keys.public.to_bytes())


def _publish(vault: _NewVault) -> None:
    Vault.create(
        name=vault.name, kind=vault.schema.kind, epoch=FIRST_EPOCH, recovery_key=vault.recovery_key.to_bytes()
    )
    recovery = seal(vault.key, vault.recovery_key, info=bind("recovery", vault.name, FIRST_EPOCH))
    VaultEpoch.create(vault=vault.name, epoch=FIRST_EPOCH, state="active", recovery=recovery)
    CompartmentKey.create(
        vault=vault.name, epoch=FIRST_EPOCH, public_keys=vault.keys.public.to_bytes(), signature=None
    )
    acts.record(acts.Kind.VAULT_CREATED, compartment=vault.schema.kind, subject=vault.name)


def _first_enrolment(vault: _NewVault, day: date) -> str:
    code = new_code()
    person = Person.create(id=new_id())
    assignment = Assignment.create(
        id=new_id(), person=person, compartment=vault.schema.kind, appointed_on=day, starts_on=day
    )
    Enrolment.create(
        id=code_id(code),
        assignment=assignment,
        first_grant=seal_under_code(vault.key, code, info=bind("first-grant", vault.name, FIRST_EPOCH)),
        expires_on=day + CODES_ARE_VALID_FOR,
    )
    return code
