"""Renewal of a compartment's keys: after it, nothing written since opens with what a leaver took along (promise P8).

Two phases, since vault and shared layer are two files. First the new key becomes durable in the shared layer, sealed to every remaining officer
and for recovery: epoch n+1, pending. Then, with the vault closed to everybody else, the file is encrypted anew, the compartment gets new key
pairs whose public half the old ones sign, and the shared layer is told: n+1 active, n retired. After a crash at any instruction one
of the two keys opens the file, every officer holds both, and the next opening finishes the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date

from app import faultpoints
from app.envelopes.directory import sign_successor
from app.instance import Instance
from app.offices import OFFICER, kind_of
from app.shared import acts
from app.shared.database import shared_database
from app.shared.dialect import serialise_writers, write_transaction
from app.shared.models import Account, CompartmentKey, Grant, Vault, VaultEpoch
from app.shared.sessions import OfficerSession
from app.vault import locks
from app.vault.context import OpenVault, any_vault, holding
from app.vault.models import OwnKeys
from app.vault.opening import connect
from app.vault.rekeying import encrypt_anew
from app.vault.trust import RECOVERY, check, trust
from keys.grants import new_vault_key, seal_grant
from keys.identity import KeyPairs, PublicKeys
from keys.sealing import SealingKey, bind, seal


class RenewalRefused(Exception):
    """Only an admitted officer renews keys."""


def renew(instance: Instance, vault: str, *, by: OfficerSession, day: date) -> None:
    """Renew all keys of ``vault``. Call it while this context has no vault open: it waits until nobody has.

    Raises :class:`RenewalRefused`, and :class:`~app.vault.trust.ExchangedKeys` where the shared layer's public keys of an officer, or for
    recovery, aren't those that the vault knows; then nothing has changed.
    """
    # One that was cut off was prepared for those who were here then; it is finished, not taken for this one.
    finish(instance, vault, by=by)
    with locks.alone(instance.vault_file(vault)):
        if not _is_pending(vault):
            with _opened(instance, vault, by.vault_keys(vault), by.account.id):
                _prepare(vault, by, day)
    faultpoints.reached("rotation.after-prepare")
    finish(instance, vault, by=by)


def finish(instance: Instance, vault: str, *, by: OfficerSession) -> None:
    """Carry out a pending renewal, from wherever it was interrupted; nothing where none is pending."""
    finish_with(instance, vault, lambda: by.vault_keys(vault), officer=by.account.id)


def finish_with(
    instance: Instance, vault: str, keys: Callable[[], list[bytes]], *, officer: str | None = None
) -> None:
    """:func:`finish` with keys that come from elsewhere: the active one and the pending one, asked for once the vault is closed."""
    with locks.alone(instance.vault_file(vault)):
        if not _is_pending(vault):
            return
        both = keys()
        if len(both) != len(("active", "pending")):
            raise RenewalRefused("only who has been given both keys can renew them")
        encrypt_anew(instance.vault_file(vault), *both)
        with _opened(instance, vault, both, officer):
            _renew_own_keys(vault, officer)


def _is_pending(vault: str) -> bool:
    return bool(VaultEpoch.select().where(VaultEpoch.vault == vault, VaultEpoch.state == "pending").exists())


@contextmanager
def _opened(instance: Instance, vault: str, keys: list[bytes], officer: str | None) -> Iterator[None]:
    """Open the vault while this process holds it alone."""
    with (
        closing(connect(instance.vault_file(vault), keys)) as database,
        holding(OpenVault(vault, database, officer)),
    ):
        yield


def _prepare(vault: str, by: OfficerSession, day: date) -> None:
    """Make the next epoch durable, with a grant for everybody who stays."""
    trust(by.account.id, by.keys.public.to_bytes())
    key = new_vault_key()
    with write_transaction(shared_database):
        serialise_writers(shared_database, f"access {by.compartment}")
        row = Vault.get_by_id(vault)
        epoch = row.epoch + 1
        VaultEpoch.create(vault=vault, epoch=epoch, state="pending", recovery=_for_recovery(row, epoch, key))
        staying = list(_holders(vault, row.epoch))
        if by.account.id not in {account.id for account in staying if account.role == OFFICER}:
            raise RenewalRefused("only an admitted officer renews keys")
        for account in staying:
            public = bytes(account.public_keys)
            check(account.id, public)
            to = PublicKeys.from_bytes(public).sealing
            Grant.create(
                account=account,
                vault=vault,
                epoch=epoch,
                sealed_key=seal_grant(key, vault=vault, epoch=epoch, account=account.id, to=to),
                granted_by=by.account.id,
                granted_on=day,
            )
        faultpoints.reached("rotation.before-prepared")


def _for_recovery(vault: Vault, epoch: int, key: bytes) -> bytes:
    recovery_key = bytes(vault.recovery_key)
    check(RECOVERY, recovery_key)
    return seal(key, SealingKey.from_bytes(recovery_key), info=bind("recovery", vault.name, epoch))


def _holders(vault: str, epoch: int) -> Iterator[Account]:
    held = Grant.select(Grant.account).where(Grant.vault == vault, Grant.epoch == epoch)
    yield from Account.select().where(Account.id.in_(held), Account.state == "active").order_by(Account.id)


def _renew_own_keys(vault: str, officer: str | None) -> None:
    """New key pairs beside the old ones, which still open what was sealed before; then the switch in the shared layer."""
    before = OwnKeys.select().order_by(OwnKeys.epoch.desc()).get()
    published = (
        CompartmentKey.select(CompartmentKey.epoch)
        .where(CompartmentKey.vault == vault)
        .order_by(CompartmentKey.epoch.desc())
        .get()
        .epoch
    )
    if before.epoch == published:
        with any_vault.atomic("IMMEDIATE"):
            OwnKeys.create(epoch=published + 1, private_keys=KeyPairs.generate().to_bytes())
        faultpoints.reached("rotation.after-own-keys")
    new = OwnKeys.get_by_id(published + 1)
    signer = KeyPairs.from_seed(bytes(OwnKeys.get_by_id(published).private_keys)).signing
    public = KeyPairs.from_seed(bytes(new.private_keys)).public
    _switch(vault, new.epoch, public, sign_successor(vault, new.epoch, public, signer), officer)


def _switch(vault: str, key_epoch: int, public: PublicKeys, signature: bytes, officer: str | None) -> None:
    with write_transaction(shared_database):
        CompartmentKey.create(
            vault=vault, epoch=key_epoch, public_keys=public.to_bytes(), signature=signature
        )
        of_vault = VaultEpoch.vault == vault
        pending = VaultEpoch.get(of_vault, VaultEpoch.state == "pending").epoch
        VaultEpoch.update(state="retired").where(of_vault, VaultEpoch.state == "active").execute()
        VaultEpoch.update(state="active").where(of_vault, VaultEpoch.epoch == pending).execute()
        Vault.update(epoch=pending).where(Vault.name == vault).execute()
        Grant.delete().where(Grant.vault == vault, Grant.epoch < pending).execute()
        Account.update(renews_keys=False).where(Account.compartment == kind_of(vault)).execute()
        acts.record(acts.Kind.KEYS_ROTATED, compartment=kind_of(vault), actor=officer, subject=vault)
        faultpoints.reached("rotation.before-switch")
    faultpoints.reached("rotation.after-switch")
