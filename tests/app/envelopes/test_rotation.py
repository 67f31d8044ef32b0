"""Renewing a compartment's keys: whoever left reads nothing new, whoever stayed notices nothing, and a crash loses nothing."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

from app.clock import utc_now
from app.envelopes import rotation
from app.envelopes.directory import follow
from app.shared import acts, admission, assignments
from app.shared.models import Account, CompartmentKey, Grant, Vault, VaultEpoch
from app.shared.sessions import OfficerSession
from app.vault.context import any_vault
from app.vault.errors import EmptyVaultKey, WrongVaultKey
from app.vault.models import Note, OwnKeys, TrustedKey
from app.vault.opening import open_vault
from app.vault.trust import ExchangedKeys
from keys.identity import KeyPairs
from keys.recovery import recover
from keys.sealing import bind, open_sealed
from tests.cast import appointment, enrol

ROOT = Path(__file__).resolve().parents[3]
DAY = date(2026, 11, 21)
VAULT = "membership"
POINTS = (
    "rotation.before-prepared",
    "rotation.after-prepare",
    "rotation.before-rekey",
    "rotation.after-rekey",
    "rotation.after-own-keys",
    "rotation.before-switch",
    "rotation.after-switch",
)


def write_note(text):
    with any_vault.atomic():
        Note.create(entry_id=text, author="x", author_name="X", text=text, written_at=utc_now())


def notes():
    return [note.text for note in Note.select().order_by(Note.id)]


def renew(cast):
    rotation.renew(cast.organisation.instance, VAULT, by=cast[VAULT].session(), day=DAY)


def colleague(cast, name="mona"):
    """A second officer of membership, admitted by the first."""
    with cast.vault(VAULT):
        member = enrol(appointment(VAULT), name, cast.organisation.settings, compartment=VAULT)
        admission.admit(member.account_id, by=cast[VAULT].session(), day=DAY)
    member.app = cast.app
    cast[name] = member
    return member


@contextmanager
def opened_with(cast, keys):
    schema = import_module("compartments.membership.models").SCHEMA
    with open_vault(cast.organisation.instance, VAULT, keys, schema):
        yield


def test_after_a_renewal_everybody_who_stayed_opens_the_vault_and_finds_everything(cast):
    colleague(cast)
    with cast.vault(VAULT):
        write_note("before")
    with cast.shared():
        renew(cast)
    for name in (VAULT, "mona"):
        with cast.vault(name):
            assert notes() == ["before"]


def test_a_leaver_cannot_open_the_next_epoch_with_the_old_key(cast):
    colleague(cast)
    with cast.shared():
        old = cast["mona"].session().vault_keys(VAULT)
        assignments.end(Account.get_by_id(cast["mona"].account_id).assignment_id, day=DAY)
        renew(cast)
        assert Grant.select().where(Grant.account == cast["mona"].account_id).count() == 0
        with pytest.raises(WrongVaultKey), opened_with(cast, old):
            pass


def test_the_compartments_own_keys_are_renewed_along_an_unbroken_chain(cast):
    with cast.vault(VAULT):
        before = [bytes(row.private_keys) for row in OwnKeys.select()]
    with cast.shared():
        renew(cast)
        state = cast.app.extensions["schotten"]
        newest = follow(state.pinned(VAULT))[0]
    with cast.vault(VAULT):
        own = list(OwnKeys.select().order_by(OwnKeys.epoch))
        assert [bytes(own[0].private_keys)] == before
        assert KeyPairs.from_seed(bytes(own[-1].private_keys)).public == newest.keys
        assert newest.epoch == own[-1].epoch == 2


def test_an_envelope_sealed_before_a_renewal_is_still_taken_in(cast):
    """The old private keys stay beside the new ones; see also the crossing's own tests."""
    with cast.shared():
        renew(cast)
        renew(cast)
    with cast.vault(VAULT):
        assert [row.epoch for row in OwnKeys.select().order_by(OwnKeys.epoch)] == [1, 2, 3]


def test_the_recovery_key_opens_every_epoch(cast):
    with cast.shared():
        renew(cast)
        keys = recover(cast.organisation.recovery_shares[VAULT][:2])
        sealed = VaultEpoch.get(VaultEpoch.vault == VAULT, VaultEpoch.state == "active")
        key = open_sealed(bytes(sealed.recovery), keys, info=bind("recovery", VAULT, sealed.epoch))
        with opened_with(cast, [key]):
            assert OwnKeys.select().count() == 2


def test_a_renewal_is_in_the_log_and_no_longer_due(cast):
    colleague(cast)
    with cast.shared():
        assert not assignments.rotation_due(VAULT)
        assignments.end(Account.get_by_id(cast["mona"].account_id).assignment_id, day=DAY)
        assert assignments.rotation_due(VAULT)
        renew(cast)
        assert not assignments.rotation_due(VAULT)
        assert list(acts.broken_links()) == []


def test_somebody_who_enrolled_but_was_never_admitted_leaves_no_renewal_due(cast):
    with cast.shared():
        member = enrol(appointment(VAULT), "neu", cast.organisation.settings, compartment=VAULT)
        assignments.end(Account.get_by_id(member.account_id).assignment_id, day=DAY)
        assert not assignments.rotation_due(VAULT)


def test_keys_exchanged_in_the_shared_layer_get_no_grant(cast):
    """Whoever can write to the shared layer waits for a renewal to be sealed the new key. The vault knows the real ones."""
    colleague(cast)
    with cast.shared() as _, cast.app.extensions["schotten"].shared.bound() as database:
        database.execute_sql("drop trigger account_keeps_its_place")
        Account.update(public_keys=KeyPairs.generate().public.to_bytes()).where(
            Account.id == cast["mona"].account_id
        ).execute()
        with pytest.raises(ExchangedKeys):
            renew(cast)
        assert VaultEpoch.select().where(VaultEpoch.state == "pending").count() == 0


def test_an_exchanged_recovery_key_gets_no_vault_key(cast):
    with cast.shared():
        Vault.update(recovery_key=KeyPairs.generate().sealing.public.to_bytes()).where(
            Vault.name == VAULT
        ).execute()
        with pytest.raises(ExchangedKeys):
            renew(cast)


def test_only_who_holds_the_key_renews_it(cast):
    with cast.shared(), pytest.raises(EmptyVaultKey):
        rotation.renew(cast.organisation.instance, VAULT, by=cast["desk"].session(), day=DAY)


def test_a_junior_does_not_renew_keys(cast):
    with cast.shared(), pytest.raises(rotation.RenewalRefused):
        rotation.renew(cast.organisation.instance, "administration", by=cast["junior"].session(), day=DAY)


def test_who_is_admitted_while_a_renewal_is_pending_gets_both_keys(cast):
    with cast.shared():
        member = enrol(appointment(VAULT), "mona", cast.organisation.settings, compartment=VAULT)
    crash_at(cast, "rotation.after-prepare")
    with cast.vault(VAULT):
        admission.admit(member.account_id, by=cast[VAULT].session(), day=DAY)
    with cast.shared():
        assert Grant.select().where(Grant.account == member.account_id).count() == 2
        rotation.finish(cast.organisation.instance, VAULT, by=cast[VAULT].session())
    member.app = cast.app
    cast["mona"] = member
    with cast.vault("mona"):
        assert TrustedKey.select().count() == 3


def test_a_request_that_read_its_key_just_before_a_renewal_is_answered_all_the_same(cast, monkeypatch):
    client, real, asked = cast[VAULT].client(), OfficerSession.vault_keys, []
    with cast.shared():
        old = cast[VAULT].session().vault_keys(VAULT)
        renew(cast)

    def late(session, vault):
        asked.append(vault)
        return old if len(asked) == 1 else real(session, vault)

    monkeypatch.setattr(OfficerSession, "vault_keys", late)
    assert client.get("/membership/inbox").status_code == 200
    assert len(asked) == 2


CRASHING = """
import sys
from pathlib import Path
from datetime import date
from tests.cast import CHEAP, Organisation
from app.config import Settings
from app.envelopes import rotation
from app.shared import sessions
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from keys.identity import KeyPairs

settings = Settings(instance=Path(sys.argv[1]), argon2=CHEAP, https=False)
organisation = Organisation(settings, {}, {})
keys = KeyPairs.from_seed(bytes.fromhex(sys.stdin.read()))
with organisation.shared_layer().bound():
    by = OfficerSession("test", Account.get_by_id(sys.argv[2]), sessions.FULL, True, keys)
    rotation.renew(organisation.instance, "membership", by=by, day=date(2026, 11, 21))
"""


def crash_at(cast, point):
    member = cast[VAULT]
    done = subprocess.run(
        [sys.executable, "-c", CRASHING, str(cast.organisation.settings.instance), member.account_id],
        input=member.keys.to_bytes().hex(),
        text=True,
        cwd=ROOT,
        env={**os.environ, "SCHOTTEN_FAULT_POINT": point, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_a_renewal_killed_anywhere_leaves_the_vault_open_to_all_and_is_finished_by_the_next_request(
    cast, point
):
    colleague(cast)
    with cast.vault(VAULT):
        write_note("before")
    crash_at(cast, point)
    with cast.vault("mona"):
        assert notes() == ["before"]
    assert cast["mona"].client().get("/membership/").status_code == 200
    with cast.shared():
        assert VaultEpoch.select().where(VaultEpoch.state == "pending").count() == 0
        active = VaultEpoch.get(VaultEpoch.vault == VAULT, VaultEpoch.state == "active").epoch
        assert active == Vault.get_by_id(VAULT).epoch == (1 if point == "rotation.before-prepared" else 2)
        published = CompartmentKey.select().where(CompartmentKey.vault == VAULT).count()
    for name in (VAULT, "mona"):
        with cast.vault(name) as vault:
            assert notes() == ["before"]
            assert OwnKeys.select().count() == published == active
            assert vault.database.execute_sql("pragma integrity_check").fetchone() == ("ok",)
            assert vault.database.execute_sql("pragma journal_mode").fetchone() == ("wal",)
