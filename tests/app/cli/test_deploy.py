"""What lies in deploy/: units that systemd understands, that lock themselves in, and that run commands which exist."""

import configparser
import re
import shutil
import subprocess

import pytest

from app.cli import COMMANDS
from app.config import _VARIABLES, Settings
from app.offices import OFFICES
from app.web.security import FORM_FIELDS_LIMIT
from tests.app.cli.conftest import ROOT

DEPLOY = ROOT / "deploy"
SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))
SANDBOX = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "LimitCORE": "0",
    "UMask": "0077",
    "SystemCallFilter": "@system-service",
    "RestrictAddressFamilies": "AF_UNIX",
}


def settings_of(unit):
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(unit, encoding="utf-8")
    return dict(parser["Service"])


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_every_unit_is_locked_in_and_dumps_no_core(unit):
    found = settings_of(unit)
    assert {name: found.get(name) for name in SANDBOX} == SANDBOX


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_every_unit_runs_a_command_that_exists(unit):
    assert settings_of(unit)["ExecStart"].split()[1] in COMMANDS


def test_a_faces_unit_shows_it_no_vault_but_its_own():
    found = settings_of(DEPLOY / "systemd" / "schotten@.service")
    assert found["User"] == "schotten-%i"
    assert found["TemporaryFileSystem"] == "/var/lib/schotten/vaults:ro"
    assert found["BindPaths"] == "-/var/lib/schotten/vaults/%i"
    assert found["ReadWritePaths"] == "/var/lib/schotten/shared"


def test_systemd_understands_every_unit(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd: apt install systemd")
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text().replace("/opt/schotten/.venv/bin/schotten", "/bin/true")
        (tmp_path / unit.name.replace("@.", "@board.")).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *tmp_path.iterdir()], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_systemd_finds_little_that_a_unit_could_still_reach(unit, tmp_path):
    """Its own measure, from 0 to 100: 12 for the faces and 18 for the backup, which reads every user's vault. An unhardened service has 96."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd: apt install systemd")
    copy = tmp_path / unit.name.replace("@.", "@board.")
    copy.write_text(unit.read_text().replace("/opt/schotten/.venv/bin/schotten", "/bin/true"))
    command = ["systemd-analyze", "security", "--no-pager", "--offline=yes", "--threshold=20", copy]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-400:] + done.stderr


def test_the_site_logs_no_visitor_and_spools_no_upload():
    """What it says; tests/deploy tries what it does."""
    site = (DEPLOY / "nginx" / "schotten.conf").read_text()
    for_each = (DEPLOY / "nginx" / "schotten-server.conf").read_text()
    assert site.count("\nserver {") == site.count("include snippets/schotten-server.conf;") == 4
    assert re.findall(r"^\s*access_log\s+(\S+);", site + for_each, re.MULTILINE) == ["off"]
    kept, taken = re.findall(r"^client_(?:body_buffer|max_body)_size (\d+)m;", for_each, re.MULTILINE)
    assert kept == taken
    assert int(taken) * 1024 * 1024 > Settings(instance=ROOT).upload_limit + FORM_FIELDS_LIMIT
    assert "proxy_max_temp_file_size 0;" in for_each
    assert f"~^(?<face>{'|'.join(OFFICES)})" in site


def test_the_guide_names_every_setting():
    guide = (DEPLOY / "README.md").read_text()
    assert [name for name in _VARIABLES if name not in guide] == []


def test_the_guide_compiles_the_german_wherever_it_brings_new_code():
    """The units' users may not write into the program's folder, and wouldn't start without it."""
    guide = (DEPLOY / "README.md").read_text()
    assert (
        guide.count("-r requirements/runtime.txt") == guide.count("app.translations.catalogue compile") == 2
    )


def test_separate_users_knows_every_compartment():
    assert f'VAULTS="{" ".join(OFFICES)}"' in (DEPLOY / "separate-users").read_text()
