"""kill -9 at every step of a reconciliation: afterwards the platform and our books agree, and clearing gets the counts once."""

import os
import signal
import subprocess
import sys

import pytest

from app.clock import today
from app.office.authors import Author
from app.shared.models import Envelope
from app.vault.models import Outgoing
from compartments.administration.codes import books
from compartments.administration.codes.models import Code
from compartments.administration.platform import settings as platform_settings
from compartments.administration.reconciliation import batches, lists, service
from keys.codes import new_code
from tests.compartments.administration.officer import run

BEA = Author("bea", "Bea")
PREPARING = ["reconciliation.after-look", "reconciliation.before-plan-commit"]
APPLYING = [
    "reconciliation.before-platform-commit",
    "reconciliation.after-platform-commit",
    "reconciliation.after-apply",
    "reconciliation.before-finish-commit",
    "reconciliation.after-finish-commit",
]


def process(cast, step, batch, point=None):
    with cast.shared():
        (key,) = cast["administration"].session().vault_keys("administration")
    environment = {**os.environ, "VAULT_KEY": key.hex()} | ({"SCHOTTEN_FAULT_POINT": point} if point else {})
    folder = str(cast.organisation.settings.instance)
    command = [sys.executable, "-m", "tests.compartments.administration.officer", folder, step, batch]
    return subprocess.run(command, env=environment, check=False).returncode


@pytest.fixture
def due(cast, platform):
    """Ten codes, eight of them in use and one of these locked; the new list leaves out two, and has back the locked one and two new ones."""
    address = platform.address
    where = {name: getattr(address, name) for name in ("host", "dbname", "user", "port", "sslmode")}
    codes = sorted(new_code() for _ in range(10))
    with cast.vault("administration"):
        platform_settings.save({"way": "connection", **where}, revision=0)
        books.take_in("Herbst", codes, day=today())
        for number, listed in enumerate((codes[:8], codes[1:8])):
            batch = lists.begin("regular", listed, batch_id=f"before {number}", day=today())
            run(service.prepare, batch.id)
            batches.confirm(batch.id, by=BEA)
            run(service.apply, batch.id)
            for code in codes[:8] if not number else ():
                platform.register(code)
        lists.begin("regular", [codes[0], *codes[3:]], batch_id="due", day=today())
    return codes


def check(cast, platform, codes):
    locked = {code for code, row in platform.rows().items() if row.locked}
    assert set(platform.rows()) == set(codes)
    assert locked == set(codes[1:3])
    with cast.vault("administration"):
        assert {row.code for row in Code.select().where(Code.state == "locked")} == locked
        done = batches.find("due")
        assert (done.state, done.created, done.locked, done.unlocked, done.left) == ("applied", 2, 2, 1, 0)
        waiting = Outgoing.select().count()
    with cast.shared():
        sent = Envelope.select().where(Envelope.recipient == "clearing").count()
    assert waiting + sent == 3


@pytest.mark.slow
@pytest.mark.parametrize("point", PREPARING)
def test_a_dry_run_that_is_killed_is_made_again(cast, platform, due, point):
    before = platform.rows()
    assert process(cast, "prepare", "due", point) == -signal.SIGKILL
    assert platform.rows() == before
    for step in ("prepare", "confirm", "apply", "deliver"):
        assert process(cast, step, "due") == 0
    check(cast, platform, due)


@pytest.mark.slow
@pytest.mark.parametrize("point", APPLYING)
def test_an_application_that_is_killed_goes_on_and_books_and_platform_agree(cast, platform, due, point):
    for step in ("prepare", "confirm"):
        assert process(cast, step, "due") == 0
    assert process(cast, "apply", "due", point) == -signal.SIGKILL
    for step in ("apply", "apply", "deliver"):
        assert process(cast, step, "due") == 0
    check(cast, platform, due)


@pytest.mark.slow
def test_a_platform_changed_after_the_kill_is_what_the_books_follow(cast, platform, due):
    for step in ("prepare", "confirm"):
        assert process(cast, step, "due") == 0
    assert process(cast, "apply", "due", "reconciliation.after-platform-commit") == -signal.SIGKILL
    platform.register(due[9])
    assert process(cast, "apply", "due") == 0
    with cast.vault("administration"):
        assert Code.get_by_id(due[9]).state == "used"
