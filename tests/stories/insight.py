"""Somebody with an officer's passphrase and every file of the instance in hand: what can they open? The server is not asked."""

from importlib import import_module
from pathlib import Path

from app.accounts.login import authenticate
from app.clock import utc_now
from app.config import Settings
from app.instance import Instance
from app.shared.database import SharedLayer
from app.shared.models import Account, Grant
from app.vault.errors import VaultError
from app.vault.opening import open_vault
from keys.errors import CannotOpen
from keys.grants import open_grant
from keys.identity import KeyPairs
from keys.service import ServiceKey
from tests.stories.people import Colleague


def attempts_to_open(folder: Path, compartment: str, *, by: Colleague) -> list[str]:
    """Try every key that the officer's passphrase leads to on a compartment's file; return the name once for each key that fits."""
    instance, settings = Instance(folder), Settings(instance=folder)
    layer = SharedLayer.at(
        instance.shared_file, ServiceKey.load(instance.service_key).derive("shared-database"), ""
    )
    with layer.bound():
        account, keys = authenticate(by.username, by.passphrase, settings.argon2, utc_now())
        reached = _vault_keys(account, keys)
    layer.close()
    assert reached, "an officer's passphrase opens at least their own compartment"
    schema = import_module(f"compartments.{compartment}.models").SCHEMA
    fitting = []
    for key in reached:
        try:
            with open_vault(instance, compartment, [key], schema, officer=account.id):
                fitting.append(compartment)
        except VaultError:
            continue
    return fitting


def _vault_keys(account: Account, keys: KeyPairs) -> list[bytes]:
    """Every grant of everybody, tried with this officer's keys, as its holder and as oneself."""
    found = []
    for grant in Grant.select():
        for holder in {grant.account_id, account.id}:
            try:
                found.append(
                    open_grant(
                        bytes(grant.sealed_key),
                        vault=grant.vault_id,
                        epoch=grant.epoch,
                        account=holder,
                        keys=keys.sealing,
                    )
                )
            except CannotOpen:
                continue
    return found
