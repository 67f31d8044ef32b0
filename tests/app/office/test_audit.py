"""Figures for the board: proposed by one officer, confirmed by another, sent once a month."""

import pytest

from app.clock import today
from app.envelopes import outbox
from app.office import releases
from app.vault.models import Release
from compartments.board.figures import service as board
from compartments.membership.invitations.models import ReferenceKey
from keys.codes import new_code
from tests.app.envelopes.post import take_in
from tests.pages import fill, words

KEYS = 40


@pytest.fixture
def keys(cast):
    def keys(number=KEYS):
        with cast.vault("membership"):
            for _ in range(number):
                ReferenceKey.create(key=new_code(), key_set="2026-11")

    return keys


def propose(client):
    page = fill(client, client.get("/membership/audit"), "/audit/release")
    return page.location


def test_two_officers_release_and_the_board_sees_the_sums(cast, mona, keys, english):
    keys()
    proposal = propose(english())
    client = english("mona")
    page = client.get(proposal)
    assert f"Reference keys received {KEYS}" in words(page)
    fill(client, page, "/confirm")
    assert "have gone to the board" in words(client.get("/membership/audit"))
    take_in(cast, "board")
    with cast.vault("board"):
        (period,) = board.periods()
        assert period.reported["membership"] == {
            "keys": KEYS, "assigned": 0, "free": KEYS, "deactivated": 0, "urgent": 0,
        }  # fmt: skip
        assert period.releases["membership"].released_by == ["Mika Register", "mona"]


def test_a_month_is_released_once(cast, mona, keys, english):
    keys()
    client = english("mona")
    fill(client, client.get(propose(english())), "/confirm")
    keys()
    assert 'action="/membership/audit/release"' not in english().get("/membership/audit").text
    with cast.vault("membership"):
        with pytest.raises(releases.AlreadyReleased):
            releases.release(releases.period_of(today()), {}, released_by=("a", "b"), day=today())
        assert Release.select().count() == 1


def test_the_second_officer_sees_what_has_changed_since(cast, mona, keys, english):
    keys()
    proposal = propose(english())
    keys(2)
    assert f"{KEYS} (now {KEYS + 2})" in words(english("mona").get(proposal))


def test_proposing_twice_leads_to_the_same_proposal(keys, english):
    keys()
    page = english().get("/membership/audit")
    client = english()
    first = fill(client, client.get("/membership/audit"), "/audit/release").location
    assert "release" in page.text
    assert first in client.get("/membership/audit").text


def test_an_office_that_counts_nothing_for_the_board_has_no_such_page(english):
    assert english("desk").get("/desk/audit").status_code == 404
    assert "/desk/audit" not in english("desk").get("/desk/inbox").text


def test_what_was_released_is_delivered_though_nobody_was_there_to_do_it(cast):
    with cast.vault("membership"):
        releases.release("2026-10", {"keys": 1}, released_by=("a", "b"), day=today())
    with cast.vault("membership"):
        assert outbox.deliver({}) == 1
    assert take_in(cast, "board") == 1


def test_the_second_officer_is_told_what_a_small_step_gives_away(cast, mona, keys, english):
    with cast.vault("membership"):
        releases.release("2026-10", {"keys": KEYS - 1}, released_by=("a", "b"), day=today())
    keys()
    assert "Little has changed since the last release: Reference keys received" in words(
        english("mona").get(propose(english()))
    )
