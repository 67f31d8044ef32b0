"""Codes that are valid after all leave the lists that would lock them, as long as nobody has confirmed those; then the next regular list unlocks."""

import pytest

from app.clock import today
from app.vault.models import Outgoing, RefusedEnvelope
from compartments.administration.codes import books
from compartments.administration.codes.models import Code
from compartments.administration.reconciliation import batches, lists, restoring, service
from compartments.administration.reconciliation.models import PlanLine
from tests.compartments.administration.letters import second_officer, send
from tests.compartments.administration.officer import run
from tests.compartments.administration.test_pages import post, text
from tests.compartments.administration.test_reconciliation import listed, new_codes, through, vault

__all__ = ["vault"]


def restore(codes, *, on_lists=True):
    restoring.restore(codes, listed=on_lists, day=today())


def test_a_code_leaves_the_list_that_would_lock_it(vault, platform):
    codes = new_codes(8)
    through(listed("regular", codes).id)
    urgent = listed("urgent", codes[:3], "b2")
    books.deactivate(codes[:3])
    lists.deactivated(codes[:3], "exit", day=today())
    restore(codes[:1])
    found = batches.find(urgent.id)
    assert (found.size, found.taken_back, sorted(lists.codes_of(urgent.id))) == (2, 1, codes[1:3])
    assert through(urgent.id).locked == 2
    assert batches.unfinished() == [], "the deactivated ones are locked, too"
    assert not Code.get_by_id(codes[0]).deactivated
    assert Code.get_by_id(codes[0]).state == "platform"


def test_a_dry_run_from_before_holds_no_longer(vault, platform):
    codes = new_codes(8)
    through(listed("regular", codes).id)
    regular = listed("regular", codes[2:], "b2")
    run(service.prepare, "b2")
    assert batches.find("b2").locked == 2
    restore(codes[:1])
    found = batches.find(regular.id)
    assert (found.state, found.locked, found.size, found.planned_at) == ("waiting", 0, 7, None)
    assert PlanLine.select().count() == 0
    assert through("b2").locked == 1


def test_a_code_of_somebody_who_may_not_take_part_is_put_on_no_list(vault, platform):
    codes = new_codes(8)
    through(listed("regular", codes).id)
    listed("regular", codes[1:], "b2")
    restore(codes[:1], on_lists=False)
    assert batches.find("b2").size == 7


def test_what_is_confirmed_stays_as_it_is_and_the_next_regular_list_unlocks(vault, platform):
    codes = new_codes(8)
    through(listed("regular", codes).id)
    urgent = listed("urgent", codes[:1], "b2")
    books.deactivate(codes[:1])
    run(service.prepare, urgent.id)
    batches.confirm(urgent.id, by=type("By", (), {"id": "bea", "name": "Bea"})())
    restore(codes[:1])
    assert batches.find(urgent.id).state == "confirmed"
    run(service.apply, urgent.id)
    assert Code.get_by_id(codes[0]).state == "locked"
    assert through(listed("regular", codes, "b3").id).unlocked == 1
    assert Code.get_by_id(codes[0]).state == "platform"


def test_an_urgent_list_of_nobody_is_done_and_says_so(vault, platform):
    codes = new_codes(8)
    through(listed("regular", codes).id)
    listed("urgent", codes[:1], "b2")
    before = Outgoing.select().count()
    restore(codes[:1])
    found = batches.find("b2")
    assert (found.state, found.size, found.applied_on) == ("applied", 0, today())
    assert Outgoing.select().count() == before + 1, "the counts go back"


@pytest.mark.parametrize(
    "body",
    [
        {"codes": ["x"], "listed": True, "reason": ""},
        {"codes": [], "listed": "yes", "reason": ""},
        {"codes": [], "listed": True, "reason": 1},
    ],
)
def test_a_letter_that_makes_no_sense_is_refused(cast, body):
    send(cast, "clearing", "administration", "codes-restored", body)
    cast["administration"].client().get("/administration/inbox")
    with cast.vault("administration"):
        assert RefusedEnvelope.select().count() == 1


def test_the_page_says_it_and_a_proposal_from_before_goes_out_of_date(cast, platform):
    with cast.vault("administration"):
        codes = new_codes(8)
        listed("regular", codes[1:], "b2")
        batches.prepare(
            "b2",
            [],
            version="4.2.2",
            by_name="Ada",
            now=batches.datetime.now(),
            day=today(),
        )
    ada, bea = cast["administration"].client(), second_officer(cast).client()
    for client in (ada, bea):
        client.set_cookie("lang", "en")
    made = post(ada, "/reconciliation/b2/propose", "/reconciliation/b2", reason="x").headers["Location"]
    proposal = made.removeprefix("/administration")
    with cast.vault("administration"):
        restore(codes[:1])
    post(bea, f"{proposal}/confirm", proposal)
    assert "Nothing was done" in text(bea, proposal)
    with cast.vault("administration"):
        assert batches.find("b2").state == "waiting"
    assert "1 code on this list was changed after it came" in text(ada, "/reconciliation/b2")
    answer = post(ada, "/reconciliation/b2/propose", "/reconciliation/b2", reason="x")
    assert answer.status_code == 303
    assert "too old" in text(ada, "/reconciliation/b2")
    assert bea.get("/administration/proposals").status_code == 200
