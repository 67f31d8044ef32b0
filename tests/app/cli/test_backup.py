"""A backup is taken without any key while everybody works, and a restored instance is the same to its officers."""

import json
import shutil
import signal
import subprocess
import threading
import time
from contextlib import ExitStack
from datetime import timedelta

import pytest

from app.accounts import login
from app.cli.backup import back_up
from app.cli.manifest import DamagedBackup
from app.cli.restore import restore
from app.clock import today, utc_now
from app.envelopes import outbox
from app.instance import Instance, InstanceError
from app.shared.models import Account, Envelope, Mailbox, Session
from app.shared.sessions import OfficerSession
from app.vault.context import any_vault
from app.vault.models import Note, Outgoing
from app.vault.opening import open_vault
from compartments.desk.models import SCHEMA as DESK
from keys.mailbox import MailboxKeys
from keys.randomness import new_id
from tests.app.cli.conftest import COMMAND, ROOT, contents, environment
from tests.architecture.plaintext import plaintext_databases
from tests.cast import CHEAP

pytestmark = pytest.mark.slow

CANARY = "Kanarienvogel im Schornstein"


def note(text):
    Note.create(entry_id=new_id(), author="a", author_name="A", text=text, written_at=utc_now())


@pytest.fixture
def restored(organisation, tmp_path):
    """Make a restore of a backup into a folder of its own, and describe it as the organisation is described."""

    def bring_back(backup, **options):
        settings = organisation.settings.but(instance=tmp_path / "restored")
        restore(settings, backup, **options)
        return type(organisation)(settings, organisation.codes, organisation.recovery_shares)

    return bring_back


def log_in(organisation, member):
    """Open the compartment with the passphrase alone, as the log-in page does; yield the texts of its notes."""
    layer = organisation.shared_layer()
    with layer.bound():
        account, keys = login.authenticate(member.username, member.passphrase, CHEAP, utc_now())
        session = OfficerSession("test", account, "full", True, keys)
        with open_vault(
            organisation.instance, member.compartment, session.vault_keys(member.compartment), DESK
        ):
            found = [row.text for row in Note.select()]
    layer.close()
    return found


def test_officers_log_in_to_the_restored_instance_and_read_what_was_there(
    cast, organisation, restored, tmp_path
):
    with cast.vault("desk"):
        note(CANARY)
    backup = back_up(organisation.settings, tmp_path / "backups", with_service_key=True)
    with cast.vault("desk"):
        note("written after the backup")
    assert log_in(restored(backup), cast["desk"]) == [CANARY]


def test_a_backup_holds_no_readable_database_and_no_key_unless_asked(cast, organisation, tmp_path):
    with cast.vault("desk"):
        note(CANARY)
    backup = back_up(organisation.settings, tmp_path / "backups")
    assert plaintext_databases(backup) == []
    secret = organisation.instance.service_key.read_bytes().strip()
    for content in contents(backup).values():
        assert CANARY.encode() not in content
        assert secret not in content
    assert not (backup / "keys").exists()
    assert {oct(path.stat().st_mode & 0o777) for path in backup.rglob("*")} <= {"0o600", "0o700"}


def test_without_the_service_key_it_is_brought_by_hand(cast, organisation, restored, tmp_path):
    backup = back_up(organisation.settings, tmp_path / "backups")
    back = restored(backup, service_key=organisation.instance.service_key)
    assert log_in(back, cast["desk"]) == []


def test_the_claim_key_comes_with_the_service_key_or_by_hand(organisation, tmp_path, restored):
    claim_key = organisation.instance.claim_key
    whole = back_up(organisation.settings, tmp_path / "whole", with_service_key=True)
    assert (whole / "keys" / "claim.key").read_bytes() == claim_key.read_bytes()
    back = restored(
        back_up(organisation.settings, tmp_path / "bare"),
        service_key=organisation.instance.service_key,
        claim_key=claim_key,
    )
    assert back.instance.claim_key.read_bytes() == claim_key.read_bytes()


def test_everybody_is_logged_out_of_the_restored_instance(cast, organisation, restored, tmp_path):
    with cast.shared():
        cast["desk"].token()
    back = restored(back_up(organisation.settings, tmp_path / "backups", with_service_key=True))
    layer = back.shared_layer()
    with layer.bound():
        assert Session.select().count() == 0
        assert Account.select().count() > 0
    layer.close()


@pytest.mark.parametrize("change", ["flip", "drop", "add", "manifest", "outside"])
def test_a_backup_that_was_changed_is_refused_before_anything_is_written(organisation, tmp_path, change):
    backup = back_up(organisation.settings, tmp_path / "backups", with_service_key=True)
    vault = backup / "vaults" / "desk" / "desk.db"
    if change == "flip":
        content = bytearray(vault.read_bytes())
        content[5000] ^= 1
        vault.write_bytes(content)
    elif change == "drop":
        vault.unlink()
    elif change == "add":
        (backup / "vaults" / "extra.db").write_bytes(b"x")
    elif change == "manifest":
        (backup / "manifest.json").write_text("{")
    else:
        manifest = json.loads((backup / "manifest.json").read_text())
        (tmp_path / "backups" / "evil").write_bytes(b"x")
        manifest["files"]["../evil"] = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        (backup / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(DamagedBackup):
        restore(organisation.settings.but(instance=tmp_path / "restored"), backup)
    assert not (tmp_path / "restored").exists()


def test_restoring_never_overwrites(organisation, tmp_path):
    backup = back_up(organisation.settings, tmp_path / "backups", with_service_key=True)
    before = contents(organisation.settings.instance)
    with pytest.raises(InstanceError):
        restore(organisation.settings, backup)
    assert contents(organisation.settings.instance) == before


def test_a_vault_that_a_crash_left_open_is_backed_up_with_its_log(cast, organisation, restored, tmp_path):
    with cast.shared():
        key = cast["desk"].session().vault_keys("desk")[0]
    script = f"""
import os, signal
from pathlib import Path
from app.instance import Instance
from app.vault.models import Note
from app.vault.opening import open_vault
from compartments.desk.models import SCHEMA
with open_vault(Instance(Path({str(organisation.settings.instance)!r})), "desk", [bytes.fromhex({key.hex()!r})], SCHEMA):
    Note.create(entry_id="1" * 32, author="a", author_name="A", text={CANARY!r}, written_at="2026-01-01 00:00:00")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([*COMMAND[:-1], script], cwd=ROOT, env=environment(None), check=False)
    assert killed.returncode == -signal.SIGKILL
    backup = back_up(organisation.settings, tmp_path / "backups", with_service_key=True)
    assert (backup / "vaults" / "desk" / "desk.db-wal").stat().st_size > 0
    assert log_in(restored(backup), cast["desk"]) == [CANARY]


def test_an_order_is_in_one_of_the_two_copies_whenever_the_backup_comes(cast, organisation, tmp_path):
    """Each round writes an order into the vault, delivers it, and imports: nothing may fall between vault and shared layer."""
    mailbox, stop, sent = "c" * 32, threading.Event(), []
    with cast.shared():
        keys = MailboxKeys.from_receipt("bcdfg-hjkmn-pqrst-vwxyz")
        Mailbox.create(
            id=mailbox, sealing_key=keys.sealing.public.to_bytes(), expires_on=today() + timedelta(days=9)
        )

    def work():
        while not stop.is_set():
            with cast.vault("desk"):
                with any_vault.atomic("IMMEDIATE"):
                    sent.append(
                        outbox.answer(mailbox, keys.sealing.public.to_bytes(), {"text": "x"}, day=today())
                    )
                    note(sent[-1])
                outbox.deliver({})

    worker = threading.Thread(target=work)
    worker.start()
    try:
        made = []
        for _ in range(4):
            before = len(sent)
            while len(sent) == before and worker.is_alive():
                time.sleep(0.01)
            made.append(back_up(organisation.settings, tmp_path / "backups", with_service_key=True))
    finally:
        stop.set()
        worker.join()
    for place, backup in enumerate(made):
        settings = organisation.settings.but(instance=tmp_path / f"restored-{place}")
        restore(settings, backup)
        assert_nothing_is_missing(type(organisation)(settings, {}, {}), cast["desk"], mailbox)
    assert len(sent) >= len(made)


def assert_nothing_is_missing(organisation, member, mailbox):
    layer = organisation.shared_layer()
    with layer.bound() as database:
        arrived = {
            row[0]
            for row in database.execute_sql("select id from mailbox_message where mailbox_id = ?", (mailbox,))
        }
        with open_vault(organisation.instance, "desk", member.session().vault_keys("desk"), DESK):
            assert any_vault.execute_sql("pragma integrity_check").fetchone() == ("ok",)
            decided = {row.text for row in Note.select()}
            waiting = {row.id for row in Outgoing.select()}
    layer.close()
    assert decided == arrived | waiting


def test_a_backup_waits_for_the_open_vault_and_is_whole(cast, organisation, tmp_path):
    with ExitStack() as request:
        request.enter_context(cast.vault("desk"))
        note("half of it")
        backup = threading.Thread(target=back_up, args=(organisation.settings, tmp_path / "backups"))
        backup.start()
        backup.join(0.3)
        assert backup.is_alive()
        note("and the rest")
    backup.join(10)
    assert not backup.is_alive()
    assert [path.name.startswith("schotten-") for path in (tmp_path / "backups").iterdir()] == [True]


@pytest.mark.parametrize("point", ["backup.after-vault", "backup.before-name"])
def test_a_backup_that_crashed_is_never_taken_for_a_whole_one(schotten, organisation, tmp_path, point):
    instance, target = organisation.settings.instance, tmp_path / "backups"
    assert (
        schotten("backup", target, instance=instance, SCHOTTEN_FAULT_POINT=point).returncode
        == -signal.SIGKILL
    )
    assert list(target.glob("schotten-*")) == []
    done = schotten("backup", target, instance=instance)
    assert done.returncode == 0, done.stderr
    assert len(list(target.iterdir())) == 1


def test_a_restore_that_crashed_is_repeated(schotten, organisation, tmp_path):
    backup = back_up(organisation.settings, tmp_path / "backups", with_service_key=True)
    target = tmp_path / "restored"
    crashed = schotten("restore", backup, instance=target, SCHOTTEN_FAULT_POINT="restore.after-file")
    assert crashed.returncode == -signal.SIGKILL
    assert not Instance(target).exists
    assert schotten("restore", backup, instance=target).returncode == 0
    assert schotten("doctor", instance=target).returncode == 0


def test_only_the_newest_are_kept_where_that_is_asked(schotten, organisation, tmp_path):
    (tmp_path / "backups" / "schotten-notes").mkdir(parents=True)
    for _ in range(3):
        done = schotten("backup", tmp_path / "backups", "--keep", 2, instance=organisation.settings.instance)
        assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert len(names) == 3
    assert "schotten-notes" in names


def test_the_public_sends_while_a_backup_runs(cast, organisation, tmp_path):
    """The shared layer is copied as of one instant; writers don't wait for it."""
    with cast.shared():
        for number in range(200):
            Envelope.create(id=f"{number:032x}", recipient="desk", ciphertext=bytes(20_000), day=today())
    backup = threading.Thread(target=back_up, args=(organisation.settings, tmp_path / "backups"))
    backup.start()
    with cast.shared():
        while backup.is_alive():
            Envelope.create(id=new_id(), recipient="desk", ciphertext=b"x", day=today())
    made = next((tmp_path / "backups").iterdir())
    shutil.copytree(made, tmp_path / "copy")
    restore(
        organisation.settings.but(instance=tmp_path / "restored"),
        tmp_path / "copy",
        organisation.instance.service_key,
    )
