"""kill -9 while enrolling, admitting, ending and changing a passphrase: afterwards nothing is lost and nothing is there twice."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.accounts import enrolment
from app.accounts.enrolment import Choices, UsedCode
from app.accounts.login import LoginRefused, authenticate
from app.clock import today, utc_now
from app.shared import acts, admission, assignments
from app.shared.admission import AlreadyAdmitted
from app.shared.models import Account, Act, Commitment, Enrolment, Grant, Session
from keys.enrolment import code_id
from tests.cast import CHEAP, appointment, enrol

ROOT = Path(__file__).resolve().parents[3]
DAY = today()
OLD, NEW = "kein Kahn kentert im Mai, desk", "elf Hafen hupen hinterher"

CHILD = """
import json, sys
from importlib import import_module
from pathlib import Path
from app.accounts import enrolment, login, passphrase
from app.accounts.enrolment import Choices
from app.clock import today, utc_now
from app.config import Settings
from app.shared import admission, assignments, sessions
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from app.vault.opening import open_vault
from keys.identity import KeyPairs
from keys.passphrase import Argon2Policy
from tests.cast import CHEAP, Organisation

job = json.load(sys.stdin)
organisation = Organisation(Settings(instance=Path(job["instance"]), argon2=CHEAP, https=False), {}, {})
with organisation.shared_layer().bound():
    if job["do"] == "enrol":
        choices = Choices(**job["choices"])
        enrolment.enrol(job["code"], choices, organisation.settings, today())
    elif job["do"] == "end":
        assignments.end(Account.get_by_id(job["account"]).assignment_id, day=today())
    elif job["do"] == "log in":
        login.authenticate(job["username"], job["passphrase"], Argon2Policy(2, 16, 1), utc_now())
    else:
        keys = KeyPairs.from_seed(bytes.fromhex(job["seed"]))
        by = OfficerSession(job["session"], Account.get_by_id(job["account"]), sessions.FULL, True, keys)
        if job["do"] == "change":
            passphrase.change(by, job["old"], job["new"], organisation.settings, utc_now())
        else:
            schema = import_module(f"compartments.{by.compartment}.models").SCHEMA
            with open_vault(organisation.instance, by.compartment, by.vault_keys(by.compartment), schema):
                admission.admit(job["candidate"], by=by, day=today())
"""


def killed(cast, point, **job):
    """Do the job in a process of its own, which dies at `point`."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=json.dumps({"instance": str(cast.organisation.settings.instance), **job}),
        text=True,
        cwd=ROOT,
        env={**os.environ, "SCHOTTEN_FAULT_POINT": point, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def everybody_can_still_log_in(cast):
    for member in cast.values():
        authenticate(member.username, member.passphrase, CHEAP, utc_now())


CHOICES = {
    "version": 1,
    "language": "de",
    "signed_name": "Nora Neu",
    "username": "nora",
    "display_name": "Nora",
    "passphrase": NEW,
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "done"),
    [("after-commitment", False), ("after-account", False), ("before-commit", False), ("after-commit", True)],
)
def test_killed_while_enrolling(cast, step, done):
    with cast.shared():
        code = appointment("desk")
    killed(cast, f"enrolment.{step}", do="enrol", code=code, choices=CHOICES)
    with cast.shared():
        signed, made = Commitment.select().count(), Account.select().where(Account.username == "nora").count()
        assert made == (1 if done else 0)
        assert signed == Account.select().count()
        again = Choices(**CHOICES)
        if done:
            with pytest.raises(UsedCode):
                enrolment.enrol(code, again, cast.organisation.settings, DAY)
        else:
            enrolment.enrol(code, again, cast.organisation.settings, DAY)
        assert authenticate("nora", NEW, CHEAP, utc_now())
        everybody_can_still_log_in(cast)
        assert list(acts.broken_links()) == []


@pytest.mark.slow
@pytest.mark.parametrize("step", ["after-account", "before-commit", "after-commit"])
def test_a_first_officer_killed_while_enrolling_still_gets_the_key(new_organisation, step):
    code = new_organisation.codes["desk"]
    killed(
        SimpleNamespace(organisation=new_organisation),
        f"enrolment.{step}",
        do="enrol",
        code=code,
        choices=CHOICES,
    )
    layer = new_organisation.shared_layer()
    with layer.bound():
        if step != "after-commit":
            assert Enrolment.get_by_id(code_id(code)).first_grant is not None
            enrolment.enrol(code, Choices(**CHOICES), new_organisation.settings, DAY)
        account, _keys = authenticate("nora", NEW, CHEAP, utc_now())
        assert Grant.select().where(Grant.account == account).count() == 1
        assert Enrolment.get_by_id(code_id(code)).first_grant is None
    layer.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "done"), [("after-grant", False), ("before-commit", False), ("after-commit", True)]
)
def test_killed_while_admitting(cast, step, done):
    with cast.shared():
        waiting = enrol(appointment("desk"), "nora", cast.organisation.settings, compartment="desk")
    seed = cast["desk"].keys.to_bytes().hex()
    killed(
        cast,
        f"admission.{step}",
        do="admit",
        account=cast["desk"].account_id,
        session="x",
        seed=seed,
        candidate=waiting.account_id,
    )
    with cast.vault("desk"):
        assert (Account.get_by_id(waiting.account_id).state == "active") == done
        if done:
            with pytest.raises(AlreadyAdmitted):
                admission.admit(waiting.account_id, by=cast["desk"].session(), day=DAY)
        else:
            admission.admit(waiting.account_id, by=cast["desk"].session(), day=DAY)
        assert Grant.select().where(Grant.account == waiting.account_id).count() == 1
        of_this = (Act.act == acts.Kind.ADMITTED) & (Act.subject == waiting.account_id)
        assert Act.select().where(of_this).count() == 1
    waiting.app, cast["nora"] = cast.app, waiting
    with cast.vault("nora"):
        everybody_can_still_log_in(cast)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "done"),
    [("before-change", False), ("after-rewrap", False), ("before-commit", False), ("after-commit", True)],
)
def test_killed_while_changing_a_passphrase(cast, step, done):
    member = cast["desk"]
    kept, other = member.token(), member.token()
    with cast.shared():
        session = Session.select().where(Session.account == member.account_id).first().id
    killed(
        cast,
        f"passphrase.{step}",
        do="change",
        account=member.account_id,
        session=session,
        seed=member.keys.to_bytes().hex(),
        old=OLD,
        new=NEW,
    )
    with cast.shared():
        works, fails = (NEW, OLD) if done else (OLD, NEW)
        account, keys = authenticate(member.username, works, CHEAP, utc_now())
        assert keys.to_bytes() == member.keys.to_bytes()
        with pytest.raises(LoginRefused):
            authenticate(member.username, fails, CHEAP, utc_now())
        assert Session.select().where(Session.account == account).count() == (1 if done else 2)
        member.passphrase = works
        everybody_can_still_log_in(cast)
    assert kept != other


@pytest.mark.slow
def test_killed_while_wrapping_anew_under_a_raised_policy(cast):
    member = cast["desk"]
    killed(cast, "login.after-rewrap", do="log in", username="desk", passphrase=member.passphrase)
    with cast.shared():
        everybody_can_still_log_in(cast)


@pytest.mark.slow
@pytest.mark.parametrize("step", ["after-account", "before-commit"])
def test_killed_while_ending_an_access_leaves_it_whole(cast, step):
    member = cast["desk"]
    killed(cast, f"ending.{step}", do="end", account=member.account_id)
    with cast.vault("desk"):
        everybody_can_still_log_in(cast)
        assert assignments.end(Account.get_by_id(member.account_id).assignment_id, day=DAY)
