"""The pages of administration: prepared by anybody, proposed by an officer, confirmed by a second one."""

import io
import json
import re
import time
from datetime import date

import pytest

from app.clock import today
from app.envelopes.enclosed import REPLY, enclose
from app.vault import jobs
from compartments.administration.codes import books
from compartments.administration.platform import settings as platform_settings
from compartments.administration.platform.planning import Plan
from compartments.administration.reconciliation import batches, lists
from compartments.administration.reconciliation.models import Batch
from keys.codes import new_code
from keys.randomness import new_id
from tests.compartments.administration.letters import second_officer, send

PLACE = "/administration"


def token(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))[1]


def post(client, path, seen, **fields):
    """Send a form as it stands on the page ``seen``."""
    return client.post(PLACE + path, data={"csrf_token": token(client.get(PLACE + seen)), **fields})


def text(client, path):
    page = client.get(PLACE + path)
    assert page.status_code == 200, path
    return page.get_data(as_text=True)


def await_job(cast):
    for _ in range(2000):
        with cast.vault("administration"):
            if not jobs.all_unfinished():
                return
        time.sleep(0.05)
    raise AssertionError("the job did not end")


@pytest.fixture
def listed(cast):
    codes = sorted(new_code() for _ in range(6))
    send(cast, "clearing", "administration", "invite-codes", {"key_set": "Herbst", "codes": codes})
    body = {"batch": "b1", "kind": "regular", "codes": codes, "reason": ""}
    send(cast, "clearing", "administration", "reconciliation-codes", body)
    return codes


@pytest.fixture
def reached(cast, platform):
    address = platform.address
    where = {name: getattr(address, name) for name in ("host", "dbname", "user", "port", "sslmode")}
    with cast.vault("administration"):
        platform_settings.save({"way": "connection", **where}, revision=0)
    return platform


def test_a_list_is_applied_through_the_connection_by_two_officers(cast, listed, reached):
    ada, bea = cast["administration"].client(), second_officer(cast).client()
    assert "/reconciliation/b1" in text(ada, "/reconciliation/")
    junior = cast["junior"].client()
    assert post(junior, "/reconciliation/b1/prepare", "/reconciliation/b1").status_code == 303
    await_job(cast)
    assert "6" in text(ada, "/reconciliation/b1")
    assert post(junior, "/reconciliation/b1/propose", "/reconciliation/").status_code == 403
    proposal = (
        post(ada, "/reconciliation/b1/propose", "/reconciliation/b1").headers["Location"].removeprefix(PLACE)
    )
    post(ada, f"{proposal}/confirm", proposal)
    assert reached.rows() == {}
    post(bea, f"{proposal}/confirm", proposal)
    await_job(cast)
    assert set(reached.rows()) == set(listed)
    with cast.vault("administration"):
        done = batches.find("b1")
        assert (done.state, done.created, done.confirmed_by_name) == ("applied", 6, "Bea Zweite")
        assert books.standing().states["platform"] == 6
    for path in ("/", "/codes/", "/platform/", "/reconciliation/", "/reconciliation/b1"):
        text(ada, path)


def test_the_same_goes_by_files_without_a_connection(cast, listed, platform):
    ada, bea = cast["administration"].client(), second_officer(cast).client()

    def read_in(path, seen, answer):
        return post(ada, path, seen, answer=(io.BytesIO(answer.encode()), "answer.json"))

    [(state,)] = platform.ask("select connector.answer()::text")
    read_in("/reconciliation/b1/answer", "/reconciliation/b1", state)
    proposal = (
        post(ada, "/reconciliation/b1/propose", "/reconciliation/b1").headers["Location"].removeprefix(PLACE)
    )
    post(bea, f"{proposal}/confirm", proposal)
    plan = ada.get(f"{PLACE}/reconciliation/b1/plan.json")
    assert sorted(json.loads(plan.get_data(as_text=True))["create"]) == listed
    [(answer,)] = platform.ask("select connector.carry_out(%s)::text", plan.get_data(as_text=True))
    read_in("/reconciliation/b1/answer", "/reconciliation/b1", state)
    with cast.vault("administration"):
        assert batches.find("b1").state == "confirmed"
    read_in("/reconciliation/b1/answer", "/reconciliation/b1", answer)
    with cast.vault("administration"):
        assert (batches.find("b1").state, batches.find("b1").created) == ("applied", 6)


def test_a_list_that_locks_too_many_needs_a_reason(cast, listed, reached):
    ada = cast["administration"].client()
    text(ada, "/")
    with cast.vault("administration"):
        books.mark_listed(listed)
    with reached.connected() as connection:
        connection.apply(Plan(create=tuple(listed)))
    send(
        cast,
        "clearing",
        "administration",
        "reconciliation-codes",
        {"batch": "b2", "kind": "regular", "codes": listed[:4], "reason": ""},
    )
    post(ada, "/reconciliation/b2/prepare", "/reconciliation/b2")
    await_job(cast)
    refused = post(ada, "/reconciliation/b2/propose", "/reconciliation/b2")
    assert refused.status_code == 200
    assert post(ada, "/reconciliation/b2/propose", "/reconciliation/b2", reason="Geprüft").status_code == 303


def test_a_dry_run_made_anew_makes_the_proposal_stale(cast, listed, reached):
    ada, bea = cast["administration"].client(), second_officer(cast).client()
    post(ada, "/reconciliation/b1/prepare", "/reconciliation/b1")
    await_job(cast)
    proposal = (
        post(ada, "/reconciliation/b1/propose", "/reconciliation/b1").headers["Location"].removeprefix(PLACE)
    )
    post(ada, "/reconciliation/b1/prepare", "/reconciliation/b1")
    await_job(cast)
    post(bea, f"{proposal}/confirm", proposal)
    with cast.vault("administration"):
        assert batches.find("b1").state == "planned"


def test_the_settings_never_show_the_password(cast):
    ada = cast["administration"].client()
    values = {
        "revision": "0", "way": "connection", "host": "db.example.org", "port": "5432", "dbname": "lf", "user": "schotten_connector",
        "password": "streng-geheim-1", "sslmode": "verify-full", "expires_after_days": "180", "threshold_percent": "10", "batch_floor": "5", "days": "1, 15",
    }  # fmt: skip
    assert post(ada, "/platform/edit", "/platform/edit", **values).status_code == 303
    for path in ("/platform/", "/platform/edit"):
        assert "streng-geheim-1" not in text(ada, path)
    post(
        ada,
        "/platform/edit",
        "/platform/edit",
        **values | {"revision": "1", "password": "", "host": "db2.example.org"},
    )
    with cast.vault("administration"):
        found = platform_settings.read()
        assert (found.host, found.password) == ("db2.example.org", "streng-geheim-1")
    post(ada, "/platform/edit", "/platform/edit", **values | {"host": "late.example.org"})
    with cast.vault("administration"):
        assert platform_settings.read().host == "db2.example.org"


@pytest.mark.parametrize(
    "change", [{"units": "eins"}, {"days": "31"}, {"threshold_percent": "0"}, {"port": "x"}]
)
def test_settings_that_make_no_sense_are_refused(cast, change):
    values = {
        "revision": "0", "way": "files", "port": "5432", "sslmode": "verify-full", "expires_after_days": "180",
        "threshold_percent": "10", "batch_floor": "5", "days": "1, 15",
    }  # fmt: skip
    page = post(cast["administration"].client(), "/platform/edit", "/platform/edit", **values | change)
    assert page.status_code == 200
    with cast.vault("administration"):
        assert platform_settings.read().revision == 0


def test_a_message_to_the_holder_of_a_code_goes_out_once_and_its_answer_comes_in(cast, listed):
    ada = cast["administration"].client()
    text(ada, "/")
    entry = new_id()
    for _ in range(2):
        sent = post(ada, "/relay/new", "/relay/new", entry=entry, code=listed[0].upper(), text="Bitte melden")
        assert sent.headers["Location"] == f"{PLACE}/relay/{entry}"
    assert post(ada, "/relay/new", "/relay/new", entry=new_id(), code=new_code(), text="x").status_code == 200
    assert post(ada, "/relay/new", "/relay/new", entry=new_id(), code="keiner", text="x").status_code == 200
    with cast.vault("membership"):
        answer = enclose("Alles <b>gut</b>", "administration", purpose=REPLY)
    send(cast, "clearing", "administration", "relay-answer", {"relay": entry, "text": answer})
    page = text(ada, f"/relay/{entry}")
    assert "Alles &lt;b&gt;gut" in page
    assert "Alles" in text(ada, "/inbox")
    post(ada, f"/relay/{entry}/seen", f"/relay/{entry}")
    assert "Alles" not in text(ada, "/inbox")


def test_what_is_overdue_stands_on_the_start_page_and_in_the_inbox(cast):
    client = cast["administration"].client()
    client.set_cookie("lang", "en")
    with cast.vault("administration"):
        lists.begin("regular", ["x"], batch_id="b1", day=date(2012, 1, 1))
        Batch.update(state="applied", applied_on=date(2012, 1, 1)).execute()
    for path in ("/", "/inbox"):
        assert "The reconciliation" in text(client, path)
    with cast.vault("administration"):
        Batch.update(arrived_on=today()).execute()
    for path in ("/", "/inbox"):
        assert "The reconciliation" not in text(client, path)
    assert "BYMONTHDAY=1,15" in text(client, "/reconciliation/calendar.ics")
