"""kill -9 in the middle of an erasure: either nothing of it happened, or all of it, and clearing is told once."""

import os
import signal
import subprocess
import sys

import pytest

from app.envelopes import outbox
from app.shared.models import Envelope
from app.vault import proposals
from compartments.membership.rights import erasing
from compartments.membership.rights.models import Erasure, Retained
from compartments.membership.service import ACTIONS
from compartments.membership.tables import Person
from tests.compartments.membership.conftest import MIKA, NOW
from tests.compartments.membership.rights.conftest import DAY, KEPT, WORDS, confirm, fill, found_in_tables

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("point", "done"),
    [("erasure.half-way", False), ("erasure.before-commit", False), ("outbox.after-action", True)],
)
def test_killed_while_erasing_it_is_all_done_or_not_begun(cast, point, done):
    with cast.vault("membership"):
        one = fill()
        proposal = erasing.propose(one.id, [], "x", by=MIKA, now=NOW, day=DAY).id
        before = found_in_tables(WORDS)
    killed(cast, proposal, point)
    with cast.vault("membership"):
        assert (Person.select().count(), Erasure.select().count()) == ((1, 1) if done else (2, 0))
        if not done:
            assert found_in_tables(WORDS) == before
            assert Retained.select().count() == 0
            assert proposals.find(proposal).state == proposals.OPEN
            confirm(proposal)
        assert {word for word in found_in_tables(WORDS) if word not in KEPT} <= {WORDS[2]}
        for _again in range(2):
            outbox.deliver(ACTIONS)
        assert Envelope.select().where(Envelope.recipient == "clearing").count() == 1


def killed(cast, proposal, point):
    member = cast["membership"]
    environment = {**os.environ, "OFFICER_KEYS": member.keys.to_bytes().hex(), "SCHOTTEN_FAULT_POINT": point}
    folder = str(cast.organisation.settings.instance)
    module = "tests.compartments.membership.rights.officer"
    ended = subprocess.run(
        [sys.executable, "-m", module, folder, member.account_id, proposal],
        env=environment,
        check=False,
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL
