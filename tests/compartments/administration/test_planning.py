"""What a list of valid codes means: to create, to lock, to unlock, to leave."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compartments.administration.platform import planning
from compartments.administration.platform.planning import (
    CREATION,
    DEACTIVATION,
    REGULAR,
    URGENT,
    EmptyWhitelist,
    Known,
    Plan,
    Row,
)

TODAY = date(2026, 11, 15)
CREATED = Known(created=True, listed=True)


def row(code, **flags):
    return Row(
        code, **({"used": True, "active": True, "locked": False, "held": False, "deleted": False} | flags)
    )


def plan(rows=(), known=(), codes=(), kind=REGULAR):
    return planning.plan(rows, dict(known), codes, kind=kind, today=TODAY)


def test_a_valid_code_that_isn_t_there_is_created():
    assert plan([], {"a": Known(created=False), "b": Known(created=False)}, ["a"]) == Plan(create=("a",))


def test_accounts_that_aren_t_on_the_list_are_locked_and_those_on_it_stay():
    assert plan([row("a"), row("b")], {"a": CREATED, "b": CREATED}, ["a"]) == Plan(lock=("b",), unchanged=1)


def test_who_comes_back_is_unlocked():
    held = row("b", active=False, locked=True, held=True)
    assert plan([row("a"), held], {"a": CREATED, "b": CREATED}, ["a", "b"]).unlock == ("b",)


def test_an_empty_list_is_refused_and_so_is_one_of_strangers():
    with pytest.raises(EmptyWhitelist):
        plan([row("a")], {"a": CREATED}, [])
    with pytest.raises(EmptyWhitelist):
        plan([row("a")], {"a": CREATED}, ["stranger"])


def test_stock_that_was_never_listed_nor_used_stays_until_it_is():
    stock = Known(created=True)
    assert plan([row("a", used=False), row("v")], {"a": stock, "v": CREATED}, ["v"]).lock == ()
    assert plan([row("a", used=False), row("v")], {"a": CREATED, "v": CREATED}, ["v"]).lock == ("a",)
    assert plan([row("a", used=True), row("v")], {"a": stock, "v": CREATED}, ["v"]).lock == ("a",)


def test_an_unused_code_that_has_expired_is_locked_though_it_is_listed():
    old = Known(created=True, listed=True, expires_on=TODAY)
    assert plan([row("a", used=False, active=False)], {"a": old}, ["a"]).lock == ("a",)
    assert plan([row("a", used=True)], {"a": old}, ["a"]).lock == ()


def test_a_deactivated_code_is_locked_and_not_created_though_it_is_listed():
    gone = Known(created=True, listed=True, deactivated=True)
    never = Known(created=False, deactivated=True)
    found = plan([row("a"), row("v")], {"a": gone, "n": never, "v": CREATED}, ["a", "n", "v"])
    assert found == Plan(lock=("a",), unchanged=1)


def test_what_the_platforms_operator_has_locked_is_left_and_reported():
    theirs = row("a", locked=True)
    for codes in (["a", "v"], ["v"]):
        found = plan([theirs, row("v")], {"a": CREATED, "v": CREATED}, codes)
        assert (found.changes, found.remarks) == (0, {"operator": ("a",)})


def test_a_deleted_account_is_left_and_reported():
    found = plan(
        [row("a", deleted=True, locked=True, held=True), row("v")], {"a": CREATED, "v": CREATED}, ["a", "v"]
    )
    assert (found.changes, found.remarks) == (0, {"deleted": ("a",)})


def test_an_invitation_that_was_sent_again_behind_our_back_is_reported_and_nothing_is_done():
    found = plan([row("new"), row("v")], {"old": CREATED, "v": CREATED}, ["old", "v"])
    assert (found.changes, found.remarks) == (0, {"appeared": ("new",), "vanished": ("old",)})
    assert found.unknown == 1


def test_a_listed_code_that_never_came_here_is_reported():
    assert plan([row("v")], {"v": CREATED}, ["v", "stranger"]).remarks == {"unlisted": ("stranger",)}


def test_a_locked_account_that_a_front_end_let_in_again_is_locked_again():
    again = row("a", locked=True, held=True, active=True)
    assert plan([again, row("v")], {"a": CREATED, "v": CREATED}, ["v"]).lock == ("a",)


def test_an_account_that_an_operator_has_opened_gets_its_votes_back_when_it_is_valid():
    opened = row("a", held=True)
    assert plan([opened], {"a": CREATED}, ["a"]).unlock == ("a",)


@pytest.mark.parametrize("kind", [URGENT, DEACTIVATION])
def test_an_urgent_list_locks_what_is_on_it_and_nothing_else(kind):
    held = row("c", locked=True, held=True, active=False)
    known = {"a": CREATED, "b": CREATED, "c": CREATED, "n": Known(created=False)}
    found = plan([row("a"), row("b"), held], known, ["a", "n"], kind=kind)
    assert (found.create, found.lock, found.unlock) == ((), ("a",), ())


def test_creating_creates_and_does_nothing_else():
    held = row("c", locked=True, held=True, active=False)
    found = plan(
        [row("a"), held], {"a": CREATED, "c": CREATED, "n": Known(created=False)}, ["n", "c"], kind=CREATION
    )
    assert (found.create, found.lock, found.unlock) == (("n",), (), ())


flags = st.booleans()
rows = st.builds(Row, st.sampled_from("abcdefgh"), flags, flags, flags, flags, flags)
known = st.builds(Known, flags, flags, flags, st.sampled_from([None, TODAY, date(2027, 1, 1)]))


@given(
    st.lists(rows, unique_by=lambda one: one.code),
    st.dictionaries(st.sampled_from("abcdefghijk"), known),
    st.sets(st.sampled_from("abcdefghijk")),
    st.sampled_from([REGULAR, URGENT, CREATION, DEACTIVATION]),
)
def test_no_plan_touches_what_it_must_leave(found, books, codes, kind):
    try:
        made = plan(found, books, codes, kind)
    except EmptyWhitelist:
        return
    there = {one.code: one for one in found}
    changed = [*made.create, *made.lock, *made.unlock]
    assert len(changed) == len(set(changed))
    assert set(changed) <= set(books)
    assert set(made.unlock) <= codes
    assert not set(made.create) & set(there)
    for code in (*made.lock, *made.unlock):
        assert not there[code].deleted
        assert there[code].held or not there[code].locked
