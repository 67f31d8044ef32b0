"""`schotten recover`: everybody lost, two papers, a new first officer; and nothing else comes of it, whatever is typed and wherever it dies."""

import os
import re
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from app.accounts.enrolment import ExpiredCode, UnknownCode
from app.accounts.login import LoginRefused, log_in
from app.clock import today, utc_now
from app.factory import create_app
from app.shared import acts, admission, assignments
from app.shared.models import Account, Act, Assignment, Enrolment, Grant, Session, Vault, VaultEpoch
from app.vault.context import any_vault
from app.vault.errors import WrongVaultKey
from app.vault.models import RECOVERED, Alarm, Note, OwnKeys
from app.vault.opening import open_vault
from compartments.clearing.models import SCHEMA
from keys.codes import new_code
from keys.enrolment import code_id
from keys.recovery import recover as combined
from keys.sealing import bind, open_sealed
from tests.app.cli.conftest import ROOT, environment
from tests.app.cli.test_init import CODE
from tests.app.cli.typing_at import at_a_terminal
from tests.cast import CHEAP, Cast, appointment, enrol, give_second_factor

pytestmark = pytest.mark.slow

VAULT = "clearing"
ENGLISH = {"Accept-Language": "en"}


def write_note(cast, text):
    with cast.vault(VAULT), any_vault.atomic():
        Note.create(entry_id=text, author="x", author_name="X", text=text, written_at=utc_now())


def recover(cast, shares, vault=VAULT, **settings):
    answers = [("Go on?", "y"), *((f"Share {n}:", share) for n, share in shares)]
    return at_a_terminal(
        "recover", vault, instance=cast.organisation.settings.instance, answers=answers, **settings
    )


def papers(cast, vault=VAULT):
    return cast.organisation.recovery_shares[vault]


def in_turn(shares):
    return list(enumerate(shares, start=1))


def code_in(done):
    (code,) = CODE.findall(done.shown)
    return code


def let_in(cast, code, name="nora"):
    """Enrol with the code, and hand over a member who logs in."""
    with cast.shared():
        member = enrol(code, name, cast.organisation.settings, compartment=VAULT)
        give_second_factor(member)
    member.app = cast.app
    cast[name] = member
    return member


OPENING = """
import sys
from pathlib import Path
from app.clock import today
from app.config import Settings
from app.envelopes import rotation
from app.factory import create_app
from app.shared import sessions
from app.shared.models import Account
from app.shared.sessions import OfficerSession
from keys.identity import KeyPairs
from tests.cast import CHEAP

app = create_app(Settings(instance=Path(sys.argv[1]), argon2=CHEAP, https=False, rate_limits=False))
keys = KeyPairs.from_seed(bytes.fromhex(sys.stdin.read()))
with app.extensions["schotten"].shared.bound():
    account = Account.get_by_id(sys.argv[2])
    if sys.argv[3] == "by hand":
        by = OfficerSession("test", account, sessions.FULL, True, keys)
        rotation.renew(app.extensions["schotten"].instance, account.compartment, by=by, day=today())
    token = sessions.begin(account, keys)
client = app.test_client()
client.set_cookie(f"schotten-{account.compartment}", token)
client.get(f"/{account.compartment}/notes")
"""


def killed_while_renewing(cast, member, point, how):
    """A request of this officer (or a renewal by hand) in a process of its own, which dies at `point`."""
    done = subprocess.run(
        [sys.executable, "-c", OPENING, str(cast.organisation.settings.instance), member.account_id, how],
        input=member.keys.to_bytes().hex(),
        text=True,
        cwd=ROOT,
        env={**os.environ, "SCHOTTEN_FAULT_POINT": point, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def state_of(cast):
    """Everything that a recovery changes."""
    with cast.shared():
        return (
            [(row.id, row.state) for row in Account.select().order_by(Account.id)],
            [(row.id, row.state) for row in Assignment.select().order_by(Assignment.id)],
            [(row.account_id, row.epoch) for row in Grant.select().order_by(Grant.account, Grant.epoch)],
            [row.id for row in Enrolment.select().order_by(Enrolment.id)],
            Act.select().count(),
        )


def test_everybody_lost_two_papers_and_a_new_first_officer_reads_everything(cast):
    write_note(cast, "from before")
    old_client = cast[VAULT].client()
    assert old_client.get("/clearing/inbox").status_code == 200

    done = recover(cast, in_turn(papers(cast)[1:]))
    assert done.status == 0, done.shown
    assert "clearing is recovered" in done.shown

    assert old_client.get("/clearing/inbox").location.startswith("/login")
    with cast.shared():
        assert not Session.select().where(Session.account == cast[VAULT].account_id).exists()
        assert Account.get_by_id(cast[VAULT].account_id).state == "ended"
        with pytest.raises(LoginRefused):
            log_in(VAULT, cast[VAULT].passphrase, CHEAP, utc_now())
        assert list(acts.broken_links()) == []

    nora = let_in(cast, code_in(done))
    assert nora.client().get("/clearing/notes").text.count("from before") == 1


def test_the_first_opening_renews_the_key_that_the_papers_have_shown(cast):
    shown_key = key_by_paper(cast)
    nora = let_in(cast, code_in(recover(cast, in_turn(papers(cast)[:2]))))
    with cast.shared():
        assert nora.session().vault_keys(VAULT) == [shown_key]
    assert nora.client().get("/clearing/inbox").status_code == 200
    with cast.shared():
        assert Vault.get_by_id(VAULT).epoch == 2
        assert nora.session().vault_keys(VAULT) != [shown_key]
        assert not Account.get_by_id(nora.account_id).renews_keys
        with pytest.raises(WrongVaultKey), open_vault(cast.organisation.instance, VAULT, [shown_key], SCHEMA):
            pass
    assert nora.client().get("/clearing/inbox").status_code == 200
    with cast.vault("nora"):
        assert Vault.get_by_id(VAULT).epoch == 2, "renewed once"
        assert OwnKeys.select().count() == 2


def key_by_paper(cast):
    with cast.shared():
        row = VaultEpoch.get(VaultEpoch.vault == VAULT, VaultEpoch.state == "active")
        pair = combined(papers(cast)[:2])
        return open_sealed(bytes(row.recovery), pair, info=bind("recovery", VAULT, row.epoch))


def test_every_officer_sees_that_the_shares_were_used(cast):
    nora = let_in(cast, code_in(recover(cast, in_turn(papers(cast)[:2]))))
    client = nora.client()
    inbox = client.get("/clearing/inbox", headers=ENGLISH).text
    assert "recovery shares of this office were used" in inbox
    assert nora.display_name in inbox
    (alarm,) = re.findall(r"/clearing/inbox/alarms/(\d+)/seen", inbox)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', inbox)[1]
    assert client.post(f"/clearing/inbox/alarms/{alarm}/seen", data={"csrf_token": token}).status_code == 303

    with cast.vault("nora"):
        late = enrol(appointment(VAULT), "late", cast.organisation.settings, compartment=VAULT)
        admission.admit(late.account_id, by=nora.session(), day=today())
    late.app = cast.app
    cast["late"] = late
    for page in ("inbox", "access"):
        assert nora.display_name in late.client().get(f"/clearing/{page}", headers=ENGLISH).text
    assert (
        "recovery shares of this office were used"
        in late.client().get("/clearing/inbox", headers=ENGLISH).text
    )
    with cast.vault("late"):
        Alarm.update(raised_at=utc_now() - timedelta(days=91)).where(Alarm.kind == RECOVERED).execute()
    assert "recovery shares" not in late.client().get("/clearing/inbox", headers=ENGLISH).text
    assert "used by the operator" in late.client().get("/clearing/access", headers=ENGLISH).text
    with cast.shared():
        act = Act.get(Act.act == acts.Kind.RECOVERED)
        assert (act.compartment, act.actor) == (VAULT, None)


def test_the_shares_are_shown_nowhere(cast):
    shares = papers(cast)[:2]
    done = recover(cast, in_turn(shares))
    assert done.status == 0
    for share in shares:
        assert not any(pair in done.shown for pair in pairs_of(share))
    found = [path for path in cast.organisation.settings.instance.rglob("*") if path.is_file()]
    for share in shares:
        assert not any(" ".join(share.split()[:3]).encode() in path.read_bytes() for path in found)


def pairs_of(share):
    """Two words that stand side by side: single ones may stand in any sentence."""
    words = share.split()
    return [" ".join(words[n : n + 2]) for n in range(len(words) - 1)]


def test_wrong_shares_are_told_apart_and_right_ones_still_taken_after_them(cast):
    mine, others = papers(cast), papers(cast, "desk")
    words = mine[0].split()
    other = next(place for place, word in enumerate(words) if word != words[0])
    swapped = [words[other], *words[1:other], words[0], *words[other + 1 :]]
    typed = [
        (1, " ".join(words[:-1])),
        (1, " ".join(["nonsense", *words[1:]])),
        (1, " ".join(swapped)),
        (1, mine[0]),
        (2, mine[0]),
        (2, others[0]),
        (2, " ".join(word[:4].upper() for word in mine[2].split())),
    ]
    done = recover(cast, typed)
    assert done.status == 0, done.shown
    for said in (
        "these were 32",
        "at place 1 ",
        "two have changed places",
        "given already",
        "belongs to other shares",
    ):
        assert said in done.shown
    assert done.shown.count("is right") == 2


@pytest.mark.parametrize("other", ["board", "membership"])
def test_no_other_compartments_papers_do_it_not_even_the_boards(cast, other):
    before = state_of(cast)
    done = recover(cast, in_turn(papers(cast, other)[:2]))
    assert done.status == 1
    assert "these are no recovery shares of clearing" in done.shown
    assert state_of(cast) == before
    with cast.vault(VAULT):
        assert not Alarm.select().exists()


def test_too_few_shares_do_nothing(cast):
    before = state_of(cast)
    answers = [("Go on?", "y"), ("Share 1:", papers(cast)[0]), ("Share 2:", "\x04")]
    done = at_a_terminal("recover", VAULT, instance=cast.organisation.settings.instance, answers=answers)
    assert done.status == 1
    assert "1 more needed" in done.shown
    assert state_of(cast) == before


def test_whoever_says_no_is_asked_for_no_share(cast):
    before = state_of(cast)
    done = at_a_terminal(
        "recover", VAULT, instance=cast.organisation.settings.instance, answers=[("Go on?", "n")]
    )
    assert done.status == 1
    assert NAMED in done.shown
    assert "Share 1" not in done.shown
    assert state_of(cast) == before


NAMED = "Clara Schlüssel (clearing)"


def test_shares_are_taken_from_a_terminal_only(cast, schotten):
    shares = papers(cast)
    done = schotten("recover", VAULT, instance=cast.organisation.settings.instance)
    assert done.returncode == 1
    assert "typed at a terminal" in done.stderr
    given = schotten("recover", VAULT, *shares, instance=cast.organisation.settings.instance)
    assert given.returncode == 1
    assert "shell's history" in given.stderr
    assert not any(pair in given.stdout + given.stderr for pair in pairs_of(shares[0]))


def test_a_vault_that_does_not_exist_is_named(cast):
    done = at_a_terminal("recover", "hold", instance=cast.organisation.settings.instance, answers=[])
    assert done.status == 1
    assert "there is no vault called hold; there are: administration, board" in done.shown


@pytest.mark.parametrize(
    ("step", "done"),
    [("after-note", False), ("after-endings", False), ("before-commit", False), ("after-commit", True)],
)
def test_killed_half_way_nothing_has_happened_or_all_of_it(cast, step, done):
    write_note(cast, "from before")
    before = state_of(cast)
    killed = recover(cast, in_turn(papers(cast)[:2]), SCHOTTEN_FAULT_POINT=f"recovery.{step}")
    assert killed.status == -signal.SIGKILL
    if not done:
        assert state_of(cast) == before
        with cast.vault(VAULT):
            assert Note.get().text == "from before"
        for code in CODE.findall(killed.shown):
            with cast.shared(), pytest.raises(UnknownCode):
                enrol(code, "early", cast.organisation.settings, compartment=VAULT)
    again = recover(cast, in_turn(papers(cast)[1:]))
    assert again.status == 0, again.shown
    if done:
        with cast.shared(), pytest.raises(UnknownCode):
            enrol(code_in(killed), "early", cast.organisation.settings, compartment=VAULT)
    nora = let_in(cast, code_in(again))
    assert "from before" in nora.client().get("/clearing/notes").text
    with cast.vault("nora"):
        assert Alarm.select().where(Alarm.kind == RECOVERED).count() == 2
        assert list(acts.broken_links()) == []


@pytest.mark.parametrize(
    "point",
    ["rotation.after-prepare", "rotation.after-rekey", "rotation.after-own-keys", "rotation.before-switch"],
)
def test_killed_while_the_first_opening_renews_the_keys(cast, point):
    write_note(cast, "from before")
    nora = let_in(cast, code_in(recover(cast, in_turn(papers(cast)[:2]))))
    killed_while_renewing(cast, nora, point, "by opening")
    assert "from before" in nora.client().get("/clearing/notes").text
    with cast.shared():
        assert Vault.get_by_id(VAULT).epoch == 2
        assert not Account.get_by_id(nora.account_id).renews_keys


@pytest.mark.parametrize(
    "point", ["rotation.after-prepare", "rotation.after-rekey", "rotation.after-own-keys"]
)
def test_a_renewal_that_was_cut_off_is_finished_by_the_recovery(cast, point):
    """The officer renewed, the machine died, and nobody found the passphrase afterwards: the file may be under either key."""
    write_note(cast, "from before")
    killed_while_renewing(cast, cast[VAULT], point, "by hand")
    done = recover(cast, in_turn(papers(cast)[:2]))
    assert done.status == 0, done.shown
    nora = let_in(cast, code_in(done))
    assert "from before" in nora.client().get("/clearing/notes").text
    with cast.shared():
        assert Vault.get_by_id(VAULT).epoch == 3


def test_who_waits_for_admission_stays_and_unused_codes_for_first_officers_go(new_organisation):
    settings = new_organisation.settings
    app = create_app(settings)
    cast = Cast({}, new_organisation, app)
    with cast.shared():
        waiting = enrol(appointment(VAULT), "waits", settings, compartment=VAULT)
    done = recover(cast, in_turn(papers(cast)[:2]))
    assert "Nobody has access at present" in done.shown
    with cast.shared(), pytest.raises(UnknownCode):
        enrol(new_organisation.codes[VAULT], "founder", settings, compartment=VAULT)
    nora = let_in(cast, code_in(done))
    assert nora.client().get("/clearing/inbox").status_code == 200
    with cast.vault("nora"):
        admission.admit(waiting.account_id, by=nora.session(), day=today())
    waiting.app = app
    assert waiting.client(stage="full").get("/clearing/inbox").status_code == 200
    app.extensions["schotten"].shared.close()


def test_the_code_runs_out_after_two_weeks(cast):
    code = code_in(recover(cast, in_turn(papers(cast)[:2])))
    with cast.shared():
        Enrolment.update(expires_on=today() - timedelta(days=1)).where(Enrolment.used_on.is_null()).execute()
        with pytest.raises(ExpiredCode):
            enrol(code, "late", cast.organisation.settings, compartment=VAULT)


# --- nothing but the papers and the operator's terminal ---------------------------------------------------------------


SERVING = """
import sys
from app.config import Settings
from app.factory import create_app
create_app(Settings.from_environment())
print(*(name for name in sys.modules if "recover" in name or "shamir" in name))
"""


def test_what_serves_pages_has_no_code_that_recovers(cast):
    """All faces, the board's among them: neither the command nor anything that combines shares is so much as loaded."""
    given = environment(cast.organisation.settings.instance)
    done = subprocess.run(
        [sys.executable, "-c", SERVING], cwd=ROOT, env=given, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["app.office.recoveries"], "the page that tells of a use, and no more"


def test_the_board_appoints_and_its_order_opens_nothing_however_it_is_written(cast):
    """An order of the board can't bring a key along, and what it calls itself changes nothing."""
    code = new_code()
    order = {
        "assignment": "a" * 32, "person": "b" * 32, "compartment": VAULT, "role": "officer", "posting": None,
        "starts_on": today().isoformat(), "ends_on": None, "code_id": code_id(code),
        "expires_on": (today() + timedelta(days=9)).isoformat(),
        "first_grant": "00" * 300, "recovered": True, "renews_keys": True, "state": "active",
    }  # fmt: skip
    with cast.shared():
        assignments.appoint("c" * 32, order)
        member = enrol(code, "sent", cast.organisation.settings, compartment=VAULT)
        account = Account.get_by_id(member.account_id)
        assert (account.state, account.renews_keys) == ("enrolled", False)
        assert not Grant.select().where(Grant.account == account).exists()
    member.app = cast.app
    assert member.client().get("/clearing/inbox").location == "/clearing/waiting"
