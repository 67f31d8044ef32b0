"""What the pages don't show: what opens for somebody with an officer's passphrase and every file in hand; an hour that passes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from app.accounts.login import authenticate
from app.clock import utc_now
from app.config import Settings
from app.instance import Instance
from app.shared.database import SharedLayer
from app.shared.models import Account, Grant, Session
from app.vault.errors import VaultError
from app.vault.opening import open_vault
from keys.errors import CannotOpen
from keys.grants import open_grant
from keys.identity import KeyPairs
from keys.service import ServiceKey
from tests.stories.people import Colleague


def an_hour_passes(folder: Path) -> None:
    """Since everybody last gave their passphrase."""
    with _shared_layer(Instance(folder)):
        for session in Session.select().where(Session.stepped_up_at.is_null(False)):
            session.stepped_up_at -= timedelta(hours=1)
            session.save()


def attempts_to_open(folder: Path, compartment: str, *, by: Colleague) -> list[str]:
    """Try every key that the officer's passphrase leads to on a compartment's file; return the name once for each key that fits."""
    instance, settings = Instance(folder), Settings(instance=folder)
    with _shared_layer(instance):
        account, keys = authenticate(by.username, by.passphrase, settings.argon2, utc_now())
        reached = _vault_keys(account, keys)
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


@contextmanager
def _shared_layer(instance: Instance) -> Iterator[None]:
    layer = SharedLayer.at(
        instance.shared_file, ServiceKey.load(instance.service_key).derive("shared-database"), ""
    )
    with layer.bound():
        yield
    layer.close()


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
