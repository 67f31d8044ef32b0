"""kill -9 within each change of a case: it is as it was, opens for its readers, and the change can be made again (promise P9)."""

import os
import signal
import subprocess
import sys

import pytest

from app.clock import utc_now
from compartments.counsel.cases.models import Case, CaseLetter
from compartments.counsel.cases.opened import Kind, NoCase
from compartments.counsel.retention.models import ErasureReceipt
from tests.compartments.counsel.conftest import SAID

NOW = utc_now()


def ravi(office, case_id, what, fault=None):
    member = office["ravi"]
    (key,) = member.session().vault_keys("counsel")
    environment = {**os.environ, "VAULT_KEY": key.hex(), "OFFICER_KEYS": member.keys.to_bytes().hex()}
    if fault:
        environment["SCHOTTEN_FAULT_POINT"] = fault
    folder = str(office.cast.organisation.settings.instance)
    command = [sys.executable, "-m", "tests.compartments.counsel.counsellor", folder, member.account_id]
    more = [case_id, what, office["tove"].account_id]
    return subprocess.run([*command, *more], env=environment, timeout=120, check=False).returncode


def reads(office, name, case_id):
    with office.vault(name):
        try:
            case = office.desk(name).open(case_id, now=NOW)
        except NoCase:
            return False
        assert [one.data["text"] for one in case.entries(Kind.RECEIVED)] == [SAID["text"]]
        return True


def readers_of(office, case_id):
    return {name for name in ("conny", "ravi", "tove") if reads(office, name, case_id)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "fault", "after"),
    [
        ("open", "case.unfold.before-commit", {"conny", "ravi"}),
        ("admit", "case.admit.before-commit", {"conny", "ravi", "tove"}),
        ("step-out", "case.step-out.before-commit", {"conny"}),
        ("erase", "case.erase.before-commit", set()),
    ],
)
def test_a_change_that_is_killed_has_not_happened_and_can_be_made_again(office, seeker, what, fault, after):
    seeker.write_in("conny", "ravi")
    case_id = seeker.visit.case
    with office.vault("conny"):
        office.take_in()
    if what == "open":
        assert ravi(office, case_id, what, fault) == -signal.SIGKILL
        with office.vault("conny"):
            assert CaseLetter.select().count() == 1
    else:
        assert readers_of(office, case_id) == {"conny", "ravi"}
        assert ravi(office, case_id, what, fault) == -signal.SIGKILL
        with office.vault("conny"):
            assert (Case.get().epoch, ErasureReceipt.select().count()) == (1, 0)
        assert readers_of(office, case_id) == {"conny", "ravi"}
    assert ravi(office, case_id, what) == 0
    assert readers_of(office, case_id) == after
    with office.vault("conny"):
        assert ErasureReceipt.select().count() == (what == "erase")
