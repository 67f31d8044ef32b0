"""The demo: whole, invented, found again, repaired, and never over anything real."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date
from importlib import import_module

import pytest

from app.accounts import login, second_factor
from app.cli.ground import founded, shared_layer
from app.clock import today, utc_now
from app.config import Settings
from app.envelopes.directory import PinnedKeys, follow
from app.envelopes.receiving import receive
from app.instance import Instance
from app.offices import OFFICES
from app.shared import counsellors, cover, maintenance, postings
from app.shared.models import Account, Envelope
from app.shared.sessions import OfficerSession
from app.vault.models import Alarm, Note, Notice, RefusedEnvelope
from app.vault.opening import open_vault
from compartments.administration.operations import records
from keys.identity import PublicKeys
from keys.mailbox import MailboxKeys
from keys.passphrase import RECOMMENDED, is_outdated
from keys.totp import code_at, matching_step
from tests.app.cli.conftest import ROOT, contents, environment
from tests.architecture.plaintext import plaintext_databases

pytestmark = pytest.mark.slow

SEATS = {
    "communication": ("1+", False),
    "support": ("3+", False),
    "membership": ("2", False),
    "administration": ("0+", False),
    "law": ("1+", False),
    "clearing": ("3", False),
    "counsel": ("2", True),
    "project-lead": ("1", False),
}
STAGES = {"received", "screening", "interview", "decision", "offered", "appointed", "rejected", "withdrawn"}


def logins(folder):
    return json.loads((folder / "demo.json").read_text())


@pytest.fixture
def shared(demo):
    settings = Settings(instance=demo)
    layer = shared_layer(settings, founded(settings))
    with layer.bound():
        yield settings
    layer.close()


def enter(settings, account):
    """Log in with what demo.json says; return the session."""
    row, keys = login.authenticate(account["username"], account["passphrase"], RECOMMENDED, utc_now())
    if account["second_factor"]:
        second_factor.check(row, keys, code_at(account["second_factor"], time.time()), time.time())
    return OfficerSession("test", row, "full", True, keys)


def test_it_is_made_in_well_under_a_minute_and_says_loudly_what_it_is(demo_once):
    _, printed, seconds = demo_once
    assert seconds < 60
    assert "This is a DEMO" in printed
    assert "published" in printed


def test_everybody_logs_in_with_what_was_printed_and_reads_their_own_compartment(demo, shared):
    accounts = logins(demo)["accounts"]
    for account in accounts:
        session = enter(shared, account)
        assert (session.compartment, session.account.role) == (account["compartment"], account["role"])
        keys = session.vault_keys(account["compartment"])
        assert bool(keys) == account["admitted"], account["username"]
        if not keys:
            continue
        place = f"compartments.{account['compartment']}"
        schema = import_module(f"{place}.models").SCHEMA
        with open_vault(Instance(demo), account["compartment"], keys, schema):
            receive(import_module(f"{place}.service").INCOMING)
            assert (Alarm.select().count(), RefusedEnvelope.select().count()) == (0, 0)
            assert Note.select().count() > 0
            assert Notice.select().count() > 0 or account["compartment"] == "board"
    assert [row.id for row in Envelope.select(Envelope.id) if cover.is_real(row.id)] == []
    assert [one["role"] for one in accounts].count("junior") == 1
    for name in OFFICES:
        admitted = [
            one
            for one in accounts
            if one["compartment"] == name and one["admitted"] and one["role"] == "officer"
        ]
        assert len(admitted) == (3 if name == "counsel" else 2), name
    assert [one["compartment"] for one in accounts if not one["admitted"]] == ["membership"]


def test_passphrases_are_all_different_and_cost_what_real_ones_cost(demo, shared):
    accounts = logins(demo)["accounts"]
    assert len({one["passphrase"] for one in accounts}) == len(accounts)
    assert not any(is_outdated(bytes(row.wrapped_keys), RECOMMENDED) for row in Account.select())
    for one in accounts:
        assert bool(one["second_factor"]) == OFFICES[one["compartment"]].strict


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_eight_postings_have_their_seats_and_every_text_in_both_languages(shared, language):
    found = {one.slug: one for one in postings.open_postings(language, today())}
    assert {slug: (one.seats.figure, one.seats.says_at_least) for slug, one in found.items()} == SEATS
    for one in found.values():
        assert [name for name in postings.TEXTS if len(one.texts[name]) < 5] == []
        assert one.questions
        assert one.deadline is not None
        assert one.deadline > today()
    assert found["administration"].seats.filled == 3
    assert found["counsel"].seats.filled == 3
    assert found["counsel"].term_months == 24
    assert [slug for slug, one in found.items() if one.extended] == ["support"]
    assert (found["project-lead"].employed, found["project-lead"].compartment) == (True, None)


def test_english_is_not_german(shared):
    german = {one.slug: one for one in postings.open_postings("de", today())}
    for one in postings.open_postings("en", today()):
        same = [name for name in postings.TEXTS if one.texts[name] == german[one.slug].texts[name]]
        assert same == [], one.slug


def test_there_are_applications_in_every_state_and_9000_members(demo, shared):
    accounts = {one["username"]: one for one in logins(demo)["accounts"]}
    from compartments.board.models import SCHEMA as BOARD
    from compartments.board.models import ApplicationMessage, ErasedApplication, StageEvent, Wish
    from compartments.membership.models import SCHEMA as MEMBERSHIP
    from compartments.membership.models import FieldChange, Person

    board = enter(shared, accounts["vera"])
    with open_vault(Instance(demo), "board", board.vault_keys("board"), BOARD):
        assert {wish.stage for wish in Wish.select()} == STAGES
        assert ErasedApplication.select().where(ErasedApplication.why == "withdrawn").count() == 1
        assert {row.direction for row in ApplicationMessage.select()} == {"in", "out"}
        assert StageEvent.select().where(StageEvent.at > utc_now()).count() == 0
    membership = enter(shared, accounts["anke"])
    with open_vault(Instance(demo), "membership", membership.vault_keys("membership"), MEMBERSHIP):
        assert Person.select().count() == 9000
        assert Person.select().where(Person.entered_on > today()).count() == 0
        assert FieldChange.select().where(FieldChange.field == "street").count() == 40


@pytest.fixture
def office(demo, shared):
    """Opens an officer's vault."""

    @contextmanager
    def office(username):
        account = next(one for one in logins(demo)["accounts"] if one["username"] == username)
        place = account["compartment"]
        session = enter(shared, account)
        keys = session.vault_keys(place)
        with open_vault(Instance(demo), place, keys, import_module(f"compartments.{place}.models").SCHEMA):
            receive(import_module(f"compartments.{place}.service").INCOMING)
            yield session

    return office


def test_500_are_invited_some_have_claimed_and_the_next_500_only_wait_for_a_click(office):
    from compartments.clearing.reports import audit_figures
    from compartments.membership.invitations import keys, runs

    with office("anke"):
        second, first = runs.newest()
        assert runs.figures(second.id) == {"waiting": 500}
        assert runs.figures(first.id) == {"sent": 494, "bounced": 6}
        assert keys.counts().issued == 1200
    with office("holger"):
        figures = audit_figures()
    assert (figures["issued"], figures["deactivated"]) == (1200, 20)
    # Who of the leavers has claimed is chance: keys are assigned by lot.
    assert figures["claimed"] + figures["deactivated_claimed"] == 320


def test_accounts_of_leavers_are_locked_and_the_counts_are_back_where_they_came_from(office):
    from compartments.administration.codes import books
    from compartments.membership.reconciliation import batches

    with office("ruth"):
        standing = books.standing()
    with office("anke"):
        (batch,) = batches.newest()
    assert (standing.total, standing.used, standing.strangers) == (1200, 290, 0)
    assert batch.locked > 0
    assert batch.locked == standing.states["locked"]
    assert batch.applied_on == today()


def test_the_board_sees_sums_that_agree(office):
    from compartments.board.figures.service import periods

    with office("vera"):
        (period,) = periods()
        assert period.agrees
        assert period.missing == ()


def test_counsellors_have_portraits_in_both_languages(shared):
    counsel = PinnedKeys("counsel", 1, PublicKeys.from_bytes(Instance(shared.instance).roots["counsel"]))
    found = counsellors.published(follow(counsel)[0].keys.signing)
    assert [one.name for one in found] == ["David Okafor", "Leyla Aydın", "Miriam Stein"]
    for one in found:
        for texts in (one.topics, one.reach, one.portrait):
            assert texts["de"] != texts["en"]
            assert all(texts.values())


COURSES = {
    "miriam": {"Camp", "Arbeitsgruppe", "Aufstellung", "Infostand", "Nach dem Landesparteitag", ""},
    "leyla": {"Camp", "Nachts", "Arbeitsgruppe", "Kanal", "Guest", ""},
    "david": {"Hinweis Infostände", "Infostand", "Telefon", "Aufstellung", "Guest", ""},
}


@pytest.mark.parametrize("username", COURSES)
def test_each_counsellor_reads_their_own_cases_at_every_stage(demo, office, username):
    from compartments.counsel.cases import desk as desks
    from compartments.counsel.cases import due, overview
    from compartments.counsel.cases.opened import Kind
    from compartments.counsel.retention import service as retention

    with office(username) as session:
        at = desks.Desk.of(session)
        found = {one.head.title: one.id for one in desks.page(at, 1, now=utc_now()).items}
        assert set(found) == COURSES[username]
        seen = overview.of(at, today(), now=utc_now())
        if username == "david":
            law = at.open(found["Hinweis Infostände"], now=utc_now())
            assert law.head.whistleblower
            assert "answer" in {one.what for one in due.dates(law)}
            assert [head.title for _, head in seen.due] == ["Hinweis Infostände"]
            assert len(seen.new) > 1
            return
        if username == "leyla":
            decided = [
                one.data["decision"] for one in at.open(found["Nachts"], now=utc_now()).entries(Kind.CONSENT)
            ]
            assert "withdrawn" in decided
            (receipt,) = retention.receipts()
            assert receipt.erased_on < today()
            return
        camp = at.open(found["Camp"], now=utc_now())
        (referral,) = camp.entries(Kind.REFERRAL)
        assert referral.data["answer"]
        assert all(one.data["decided_on"] < today().isoformat() for one in camp.entries(Kind.CONSENT))
        (closed,) = desks.page(at, 1, "closed", now=utc_now()).items
        assert closed.row.erase_on > today()
        assert [head.title for _, head in seen.to_erase] == ["Aufstellung"]
        assert at.open(found["Arbeitsgruppe"], now=utc_now()).head.excluded.popitem()[1] == "David Okafor"


def test_the_report_before_last_is_with_the_board_and_last_years_waits_for_two_counsellors(office):
    from app.office import releases
    from compartments.board.counsel.service import released_on, years
    from compartments.counsel.annual import service as annual
    from compartments.counsel.incidents import service as incidents

    last = today().year - 1
    with office("vera"):
        (report,) = years()
        assert report.year == str(last - 1)
        assert len(report.released_by) == 2
        assert released_on(report) < today()
    with office("miriam"):
        assert len(incidents.of_year(last)) == 200
        assert annual.texts(last).conclusions
        assert not releases.is_released(str(last), "annual-report")


def test_receipts_of_counsel_lead_back_to_an_answer_and_to_an_erasure(demo, shared):
    from app.public.counselling import sending
    from keys.visits import VisitKeys

    answered, erased = (
        sending.look(VisitKeys.from_receipt(one["code"])) for one in logins(demo)["counsel_receipts"]
    )
    assert [one["kind"] for one in answered.answers].count("answer") == 2
    assert answered.standing["consents"][-1]["decision"] == "given"
    assert [one["kind"] for one in erased.answers] == ["erased"]


def test_the_receipts_open_mailboxes_one_with_an_offer_that_enrols(demo, shared):
    from app.accounts import enrolment
    from app.public import correspondence

    kinds = []
    for receipt in logins(demo)["receipts"]:
        mailbox = correspondence.read(MailboxKeys.from_receipt(receipt["code"]), today())
        assert mailbox is not None
        kinds += [message.content["kind"] for message in mailbox.thread]
        for offer in mailbox.offers:
            assert offer.state == "open"
            assert enrolment.find(offer.content["code"], today()).compartment == "clearing"
    assert {"offer", "message", "sent-message"} <= set(kinds)


def test_members_are_the_same_at_every_run_on_one_day(demo_once, tmp_path):
    from app.cli.demo import register
    from app.cli.demo.world import World

    class Place:
        def __init__(self, number, name, kind):
            self.id, self.name, self.kind = number, name, kind

    places = [(Place(1, "Kreisverband Kiel", "county"), 3), (Place(2, "Ausland", "abroad"), 1)]
    settings = Settings(instance=tmp_path)
    worlds = [World(settings, Instance(tmp_path), date(2026, 11, 21)) for _ in range(2)]
    first, second = (list(register._members(world, places))[:300] for world in worlds)
    assert first == second


def test_no_file_of_it_is_readable_without_keys(demo):
    assert plaintext_databases(demo) == []
    found = contents(demo)
    del found["demo.json"]
    for name, content in found.items():
        assert b"Petersen" not in content, name
        assert b"Kassenwartin" not in content, name


def test_a_second_demo_only_lists_the_logins(demo, schotten):
    before = contents(demo)
    again = schotten("demo", instance=demo)
    assert again.returncode == 0
    assert "Vier Möwen kreisen über Pier acht" in again.stdout
    assert contents(demo) == before


def test_the_code_of_the_moment_is_printed_for_a_newcomer_without_an_app(demo, schotten):
    secret = next(one["second_factor"] for one in logins(demo)["accounts"] if one["username"] == "anke")
    printed = schotten("demo-code", "anke", instance=demo)
    assert re.fullmatch(r"\d{6}", printed.stdout.strip())
    assert matching_step(secret, printed.stdout, time.time()) is not None
    assert schotten("demo-code", "vera", instance=demo).returncode == 1
    assert schotten("demo-code", "nobody", instance=demo).returncode == 1


def test_the_command_that_is_printed_for_the_code_works_when_it_is_typed(demo, tmp_path):
    """In the folder of `make run`, in another terminal, where no setting is."""
    checkout = tmp_path / "checkout"
    for package in ("app", "keys", "compartments"):
        shutil.copytree(ROOT / package, checkout / package, ignore=shutil.ignore_patterns("__pycache__"))
    script = checkout / "bin" / "schotten"
    script.parent.mkdir()
    script.write_text(
        f"#!{sys.executable}\nimport sys; sys.path[0] = '.'\nfrom app.cli import main; main()\n"
    )
    script.chmod(0o755)
    shutil.copytree(demo, checkout / "var")

    def typed(command, **settings):
        return subprocess.run(
            command.split(), cwd=checkout, env=environment(None, **settings) | {"PYTHONPATH": ""},
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    listed = typed("bin/schotten demo", SCHOTTEN_INSTANCE=str(checkout / "var"))
    (command,) = re.findall(r"(\S+ demo-code anke)", listed)
    assert re.fullmatch(r"\d{6}\n", typed(command))


def test_a_real_instance_is_never_touched(instance_once, schotten, tmp_path):
    instance = shutil.copytree(instance_once, tmp_path / "real")
    before = contents(instance)
    for arguments in (["demo"], ["demo", "--again"], ["demo-code", "anke"]):
        assert schotten(*arguments, instance=instance).returncode == 1
    assert contents(instance) == before


def test_it_may_live_in_a_checkout(demo, schotten, tmp_path):
    (tmp_path / ".git").mkdir()
    done = schotten("doctor", instance=demo)
    assert done.returncode == 0, done.stdout


def test_a_demo_that_was_interrupted_is_made_anew(schotten, tmp_path):
    crashed = schotten("demo", SCHOTTEN_FAULT_POINT="demo.after-step")
    assert crashed.returncode == -signal.SIGKILL
    assert not (tmp_path / "instance" / "demo.json").exists()
    assert schotten("demo-code", "anke").returncode == 1
    again = schotten("demo")
    assert again.returncode == 0, again.stderr
    assert len(logins(tmp_path / "instance")["accounts"]) == 15
    assert schotten("doctor").returncode == 0


def test_the_administration_has_records_of_its_own_and_one_window_is_announced(demo, shared):
    ruth = next(one for one in logins(demo)["accounts"] if one["username"] == "ruth")
    keys = enter(shared, ruth).vault_keys("administration")
    schema = import_module("compartments.administration.models").SCHEMA
    with open_vault(Instance(demo), "administration", keys, schema):
        assert all(len(records.listed(kind)) > 1 for kind in records.KINDS)
        assert (records.security_updates_open(), records.median_days_to_deploy()) == (1, 1.5)
        assert records.clocks() == []
    (window,) = maintenance.announced("en", utc_now())
    assert "new version" in window.text
