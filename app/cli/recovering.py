"""Opens a compartment that no officer can open any more, with the recovery key from its paper shares, and lets a new first officer in.

The shares give the keys of the vault's epochs. With them the vault is opened once, to note inside that this has happened, and its key is sealed
under a one-time code, as at the founding. All access from before ends in the same transaction. The key has been seen here, so the first
officer's first opening renews it (app.web.guard).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from app import faultpoints
from app.clock import utc_now
from app.envelopes import rotation
from app.instance import Instance
from app.offices import OFFICER
from app.shared import acts, assignments
from app.shared.database import shared_database
from app.shared.dialect import serialise_writers, write_transaction
from app.shared.models import Account, Assignment, Enrolment, Person, Vault, VaultEpoch
from app.vault.context import any_vault
from app.vault.errors import VaultError
from app.vault.models import RECOVERED, Alarm
from app.vault.opening import open_vault
from app.vault.schema import Schema
from app.vault.trust import RECOVERY, ExchangedKeys, check
from keys.codes import new_code
from keys.enrolment import code_id, seal_under_code
from keys.errors import CannotOpen
from keys.randomness import new_id
from keys.sealing import SealingKeyPair, bind, open_sealed

CODE_IS_VALID_FOR = timedelta(days=14)
"""Short: who recovers knows for whom. If it runs out, the shares are used again."""


class NotRecovered(VaultError):
    """Nothing was recovered; the text says why, for the operator."""


@dataclass(frozen=True)
class Recovered:
    """What lets the new first officer in, to be written down now."""

    expires_on: date
    code: str = field(repr=False)


def with_access(compartment: str) -> list[Account]:
    """Return the accounts whose access a recovery ends, by name."""
    living = (Account.compartment == compartment) & (Account.state == "active")
    return list(Account.select().where(living).order_by(Account.display_name, Account.id))


def require_vault(vault: str) -> Vault:
    """Return the vault's row; raises :class:`NotRecovered` where there is none of that name."""
    found: Vault | None = Vault.get_or_none(Vault.name == vault)
    if found is None:
        names = ", ".join(row.name for row in Vault.select().order_by(Vault.name))
        raise NotRecovered(f"there is no vault called {vault}; there are: {names}")
    return found


def recover(
    instance: Instance,
    vault: str,
    recovery: SealingKeyPair,
    schema: Schema,
    day: date,
    announce: Callable[[Recovered], None] = lambda _: None,
) -> Recovered:
    """Let a new first officer into ``vault``; call it where the shared layer is bound. Raises a :class:`~app.vault.errors.VaultError`.

    ``announce`` is handed the code *before* it is worth anything: a crash on the way, or a terminal that is gone, leaves everything as it
    was, but for the note inside the vault that its shares were used.
    """
    rotation.finish_with(instance, vault, lambda: _vault_keys(vault, recovery))
    epoch, keys = require_vault(vault).epoch, _vault_keys(vault, recovery)
    code, assignment = new_code(), new_id()
    with open_vault(instance, vault, keys, schema), any_vault.atomic("IMMEDIATE"):
        _refuse_exchanged(recovery)
        Alarm.create(kind=RECOVERED, detail=assignment, raised_at=utc_now())
    faultpoints.reached("recovery.after-note")
    recovered = Recovered(day + CODE_IS_VALID_FOR, code)
    announce(recovered)
    with write_transaction(shared_database):
        serialise_writers(shared_database, f"access {schema.kind}")
        if require_vault(vault).epoch != epoch:
            raise NotRecovered("an officer has just renewed the keys, so somebody can open this compartment")
        _end_all_access(schema.kind, day)
        faultpoints.reached("recovery.after-endings")
        person = Person.create(id=new_id())
        Assignment.create(
            id=assignment,
            person=person,
            compartment=schema.kind,
            role=OFFICER,
            appointed_on=day,
            starts_on=day,
        )
        Enrolment.create(
            id=code_id(code),
            assignment=assignment,
            first_grant=seal_under_code(keys[0], code, info=bind("first-grant", vault, epoch)),
            expires_on=recovered.expires_on,
        )
        acts.record(acts.Kind.RECOVERED, compartment=schema.kind, subject=assignment)
        faultpoints.reached("recovery.before-commit")
    faultpoints.reached("recovery.after-commit")
    return recovered


def _vault_keys(vault: str, recovery: SealingKeyPair) -> list[bytes]:
    """The active key, and the pending one where a renewal was cut off."""
    in_use = (VaultEpoch.vault == vault) & VaultEpoch.state.in_(("active", "pending"))
    try:
        return [
            open_sealed(bytes(row.recovery), recovery, info=bind("recovery", vault, row.epoch))
            for row in VaultEpoch.select().where(in_use).order_by(VaultEpoch.state)
        ]
    except CannotOpen as error:
        raise NotRecovered(f"these are no recovery shares of {vault}") from error


def _refuse_exchanged(recovery: SealingKeyPair) -> None:
    """What the shares open was sealed by an officer who compared this very key. Anything else has been put there by somebody."""
    try:
        check(RECOVERY, recovery.public.to_bytes())
    except ExchangedKeys as error:
        raise NotRecovered("these shares open the vault, and yet aren't those that it knows") from error


def _end_all_access(compartment: str, day: date) -> None:
    """End what opens the vault: the accounts, with sessions and grants, and the codes for first officers that were never used.

    Who has enrolled and waits for admission, or has been appointed, stays: that opens nothing without a colleague's word.
    """
    opened_by = {account.assignment_id for account in with_access(compartment)}
    codes = Enrolment.select().join(Assignment).where(Enrolment.first_grant.is_null(False))
    opened_by |= {row.assignment_id for row in codes.where(Assignment.compartment == compartment)}
    for assignment in sorted(opened_by):
        assignments.end(assignment, day=day)
