"""deploy/separate-users, and what a face's Unix user can then do: its own compartment, and nothing else's. Collected for root only."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from app.cli.backup import back_up
from app.cli.ground import shared_layer
from app.offices import OFFICES
from app.shared.models import Act, Posting
from app.vault.models import Note
from app.vault.opening import open_vault
from compartments.desk.models import SCHEMA as DESK
from keys.errors import MissingServiceKey
from keys.randomness import new_id
from tests.app.cli.conftest import ROOT
from tests.app.cli.typing_at import at_a_terminal

pytestmark = pytest.mark.slow

FACES = ("public", "upkeep", *OFFICES)
GROUP = 61000
USERS = {face: GROUP + 1 + place for place, face in enumerate(FACES)}


@pytest.fixture
def place():
    """A folder that other users may pass through, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="schotten-users-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def separated(cast, organisation, place):
    """The cast's instance after deploy/separate-users, with made-up users in place of the machine's."""
    instance = shutil.copytree(organisation.settings.instance, place / "instance")
    tools = place / "tools"
    tools.mkdir()
    known = "\n".join(f"schotten-{face}) echo {uid};;" for face, uid in USERS.items())
    for name, script in {
        "id": f'case "$2" in\n{known}\nesac',
        "getent": f"echo schotten:x:{GROUP}:",
        "useradd": "exit 1",
        "groupadd": "exit 1",
    }.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    environment = {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "SCHOTTEN_INSTANCE": str(instance),
        "SCHOTTEN_FACE_KEYS": str(place / "keys"),
    }
    for _ in range(2):
        done = subprocess.run(
            [ROOT / "deploy" / "separate-users"], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    return type(organisation)(organisation.settings.but(instance=instance), {}, {})


def as_user(face, work):
    """Do something in a child process that is a face's user; return what went wrong, or nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(GROUP)
            os.setuid(USERS[face])
            os.umask(0o077)
            work()
            said = ""
        except BaseException as error:  # noqa: BLE001  (the parent is told)
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode()[:4000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def its_own_key(organisation, place, face):
    """What the unit's bind mount does: the face's copy of the service key in the instance's place."""

    class Bound(type(organisation.instance)):
        @property
        def service_key(self):
            return place / "keys" / face / "service.key"

    return shared_layer(organisation.settings, Bound(organisation.settings.instance))


def test_every_face_writes_to_the_shared_layer_one_after_the_other(separated, place):
    def write(face):
        layer = its_own_key(separated, place, face)
        with layer.bound():
            Posting.create(slug=face, texts={})
        layer.close()

    for face in FACES:
        assert as_user(face, lambda face=face: write(face)) == ""
    layer = shared_layer(separated.settings, separated.instance)
    with layer.bound():
        assert Posting.select().count() == len(FACES)
        assert Act.select().count() > 0
    layer.close()


def test_a_face_opens_its_own_vault_and_can_not_even_touch_another(separated, cast, place):
    with cast.shared():
        key = cast["desk"].session().vault_keys("desk")[0]

    def work():
        with open_vault(separated.instance, "desk", [key], DESK):
            Note.create(
                entry_id=new_id(), author="a", author_name="A", text="x", written_at="2026-01-01 00:00:00"
            )

    assert as_user("desk", work) == ""
    assert "Permission" in as_user("board", work)
    assert "Permission" in as_user("public", lambda: list((separated.instance.vaults / "desk").iterdir()))


def test_no_face_changes_the_description_or_reads_another_ones_key(separated, place):
    description = separated.instance.description
    assert as_user("desk", description.read_text) == ""
    assert "Permission" in as_user("desk", lambda: description.write_text("{}"))
    assert "Permission" in as_user("desk", description.unlink)
    assert "Permission" in as_user("desk", (place / "keys" / "board" / "service.key").read_text)
    # The claim key is the public face's alone.
    claim_key = place / "keys" / "public" / "claim.key"
    assert as_user("public", claim_key.read_text) == ""
    assert "Permission" in as_user("clearing", claim_key.read_text)
    assert "Permission" in as_user("membership", separated.instance.claim_key.read_text)
    assert [path.parent.name for path in (place / "keys").rglob("claim.key")] == ["public"]
    assert MissingServiceKey.__name__ in as_user(
        "desk", lambda: shared_layer(separated.settings, separated.instance)
    )


def test_the_doctor_finds_nothing_and_a_backup_by_root_leaves_all_to_their_users(
    separated, cast, schotten, place
):
    assert schotten("doctor", "--quiet", instance=separated.settings.instance).stdout == ""
    back_up(separated.settings, place / "backups")
    for vault in OFFICES:
        owners = {path.stat().st_uid for path in (separated.instance.vaults / vault).rglob("*")}
        assert owners == {USERS[vault]}, vault
    assert schotten("doctor", "--quiet", instance=separated.settings.instance).stdout == ""


def test_a_recovery_by_root_leaves_the_vault_to_its_user(separated, cast):
    answers = [("Go on?", "y")]
    answers += [
        (f"Share {n}:", share)
        for n, share in enumerate(cast.organisation.recovery_shares["desk"][:2], start=1)
    ]
    done = at_a_terminal("recover", "desk", instance=separated.settings.instance, answers=answers)
    assert done.status == 0, done.shown
    folder = separated.instance.vaults / "desk"
    assert {path.stat().st_uid for path in (folder, *folder.rglob("*"))} == {USERS["desk"]}


def test_the_doctor_says_whose_vault_is_not_its_own_users(separated, schotten):
    """As after a restore by root, until deploy/separate-users has run again: the face couldn't open it."""
    board, desk, counsel = (separated.instance.vault_file(name) for name in ("board", "desk", "counsel"))
    os.chown(board.parent, 0, GROUP)
    os.chown(desk, USERS["board"], GROUP)
    os.chown(counsel.parent, USERS["clearing"], GROUP)
    said = schotten("doctor", instance=separated.instance.path)
    assert said.returncode == 1
    for sentence in (
        f"{board.parent} belongs to root or whoever founded the instance, not to a user of its own",
        f"{desk} belongs to another user than its folder",
        f"{counsel.parent} belongs to the user of clearing, not to a user of its own",
    ):
        assert f"PROBLEM  {sentence}: run deploy/separate-users\n" in said.stdout
