"""`schotten init`: what it prints is worth something, is kept nowhere, and a crash on the way is no misfortune."""

import os
import re
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from app.accounts import enrolment
from app.clock import today
from app.config import Settings
from app.instance import Instance
from app.offices import OFFICES
from app.shared.database import SharedLayer
from app.shared.models import Vault, VaultEpoch
from app.vault.opening import open_vault
from keys.recovery import recover
from keys.sealing import bind, open_sealed
from keys.service import ServiceKey
from tests.app.cli.conftest import COMMAND, ROOT, contents, environment
from tests.cast import schemas

pytestmark = pytest.mark.slow

CODE = re.compile(r"\b(?:[b-df-hj-np-tv-z2-9]{5}-){3}[b-df-hj-np-tv-z2-9]{5}\b")


@pytest.fixture
def founded(schotten, tmp_path):
    done = schotten("init")
    assert done.returncode == 0, done.stderr
    return Settings(instance=tmp_path / "instance"), done.stdout


def shared_layer(settings):
    instance = Instance(settings.instance)
    key = ServiceKey.load(instance.service_key).derive("shared-database")
    return SharedLayer.at(instance.shared_file, key)


def shares_of(printed, compartment):
    """The words of each share, as somebody would copy them from the paper."""
    block = printed.split(f"Recovery shares of {compartment} ")[1].split("\n\n")[0].splitlines()[1:]
    shares = []
    for line in block:
        words = line.split()
        if words[0].isdigit():
            shares.append([])
            words = words[1:]
        shares[-1] += words
    return [" ".join(share) for share in shares]


def test_it_prints_a_code_per_compartment_that_enrols(founded):
    settings, printed = founded
    codes = CODE.findall(printed)
    assert len(set(codes)) == len(OFFICES)
    layer = shared_layer(settings)
    with layer.bound():
        found = [enrolment.find(code, today(settings.timezone)) for code in codes]
    layer.close()
    assert [invitation.compartment for invitation in found] == list(OFFICES)
    assert all(invitation.first for invitation in found)


def test_any_two_recovery_shares_of_three_open_the_vault_and_no_other(founded):
    settings, printed = founded
    shares = shares_of(printed, "membership")
    assert [len(share.split()) for share in shares] == [33, 33, 33]
    layer = shared_layer(settings)
    with layer.bound():
        epoch = VaultEpoch.get(VaultEpoch.vault == "membership")
        assert bytes(Vault.get_by_id("membership").recovery_key) == recover(shares[1:]).public.to_bytes()
        key = open_sealed(bytes(epoch.recovery), recover(shares[:2]), info=bind("recovery", "membership", 1))
    layer.close()
    schema = next(schema for schema in schemas() if schema.kind == "membership")
    with open_vault(Instance(settings.instance), "membership", [key], schema):
        pass
    assert key != open_sealed_of(settings, "desk", shares_of(printed, "desk"))


def open_sealed_of(settings, vault, shares):
    layer = shared_layer(settings)
    with layer.bound():
        epoch = VaultEpoch.get(VaultEpoch.vault == vault)
        key = open_sealed(bytes(epoch.recovery), recover(shares[:2]), info=bind("recovery", vault, 1))
    layer.close()
    return key


def test_what_is_printed_is_kept_nowhere(founded):
    settings, printed = founded
    codes = [code.encode() for code in CODE.findall(printed)]
    shares = [share.encode() for name in OFFICES for share in shares_of(printed, name)]
    secrets = [
        *codes,
        *(code.replace(b"-", b"") for code in codes),
        *shares,
        *(share[-60:] for share in shares),
    ]
    assert len(shares) == 3 * len(OFFICES)
    for name, content in contents(settings.instance).items():
        assert not any(secret in content for secret in secrets), name


def test_everything_it_makes_is_private(founded):
    settings, _ = founded
    for path in (settings.instance, *settings.instance.rglob("*")):
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_a_second_init_is_refused_and_changes_nothing(founded, schotten):
    settings, _ = founded
    before = contents(settings.instance)
    again = schotten("init")
    assert (again.returncode, again.stderr.strip()) == (
        1,
        f"Error: {settings.instance} holds an instance already",
    )
    assert contents(settings.instance) == before


def test_a_folder_inside_a_git_checkout_is_refused(schotten, tmp_path):
    (tmp_path / "checkout" / ".git").mkdir(parents=True)
    refused = schotten("init", instance=tmp_path / "checkout" / "deep" / "instance")
    assert refused.returncode == 1
    assert "git checkout" in refused.stderr
    assert not (tmp_path / "checkout" / "deep").exists()


def test_a_folder_with_other_files_is_refused_and_left_alone(schotten, tmp_path):
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "letter.txt").write_text("mine")
    refused = schotten("init")
    assert refused.returncode == 1
    assert "letter.txt" in refused.stderr
    assert contents(tmp_path / "instance") == {"letter.txt": b"mine"}


def test_an_instance_whose_description_got_lost_is_not_taken_for_a_half_made_one(founded, schotten):
    settings, _ = founded
    (settings.instance / "instance.json").unlink()
    before = contents(settings.instance)
    assert schotten("init").returncode == 1
    assert contents(settings.instance) == before


@pytest.mark.parametrize("point", ["founding.after-vault", "founding.before-description"])
def test_after_a_crash_the_next_init_founds_it_anew(schotten, tmp_path, point):
    crashed = schotten("init", SCHOTTEN_FAULT_POINT=point)
    assert crashed.returncode == -signal.SIGKILL
    assert "is founded. What now" not in crashed.stdout
    assert not (tmp_path / "instance" / "instance.json").exists()
    again = schotten("init")
    assert again.returncode == 0, again.stderr
    assert not (tmp_path / "instance" / ".unfinished").exists()
    assert set(CODE.findall(again.stdout)).isdisjoint(CODE.findall(crashed.stdout))
    assert schotten("doctor").returncode == 0


def test_a_crash_after_the_last_step_leaves_an_instance_whose_codes_were_printed(schotten, tmp_path):
    crashed = schotten("init", SCHOTTEN_FAULT_POINT="founding.after-description")
    assert crashed.returncode == -signal.SIGKILL
    assert len(CODE.findall(crashed.stdout)) == len(OFFICES)
    assert schotten("init").returncode == 1
    assert schotten("doctor").returncode == 0


def test_a_terminal_that_is_gone_leaves_no_instance_that_nobody_can_enter(tmp_path):
    with Path("/dev/full").open("w") as full:
        failed = subprocess.run(
            [*COMMAND, "init"],
            cwd=ROOT,
            env=environment(tmp_path / "instance"),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert failed.returncode != 0
    assert not (tmp_path / "instance" / "instance.json").exists()


def test_two_inits_at_once_make_one_instance(tmp_path):
    both = [
        subprocess.Popen(
            [*COMMAND, "init"],
            cwd=ROOT,
            env=environment(tmp_path / "instance"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    printed = [process.communicate(timeout=60)[0] for process in both]
    assert sorted(process.returncode for process in both) == [0, 1]
    winner = printed[[process.returncode for process in both].index(0)]
    layer = shared_layer(Settings(instance=tmp_path / "instance"))
    with layer.bound():
        for code in CODE.findall(winner):
            enrolment.find(code, today())
    layer.close()


def test_without_an_instance_folder_it_says_what_is_missing(schotten):
    refused = schotten("init", instance=None)
    assert refused.returncode == 1
    assert "SCHOTTEN_INSTANCE is not set" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_help_is_instant_because_it_loads_nothing():
    code = (
        "import sys\nfrom app.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print('LOADED', *sorted(sys.modules))"
    )
    done = subprocess.run(
        [*COMMAND[:-1], code], cwd=ROOT, env=environment(None), capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.partition("LOADED")[2].split())
    assert loaded.isdisjoint(
        {"flask", "peewee", "cryptography", "argon2", "gunicorn", "faker", "zxcvbn", "keys"}
    )
    assert os.linesep + "  init " in done.stdout
