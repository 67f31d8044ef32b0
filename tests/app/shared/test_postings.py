"""Seats as the calls word them, deadlines, languages, and which postings exclude one another."""

from datetime import timedelta

import pytest

from app.shared import postings
from app.shared.models import Assignment, Person, Posting
from app.shared.postings import AT_LEAST, PLUS, Seats
from tests.app.public import calls
from tests.app.public.calls import TODAY


@pytest.fixture
def shared(cast):
    with cast.shared():
        yield


@pytest.mark.parametrize(
    ("minimum", "maximum", "wording", "figure", "at_least"),
    [
        (2, 2, PLUS, "2", False),
        (1, None, PLUS, "1+", False),
        (0, None, PLUS, "0+", False),
        (2, None, AT_LEAST, "2", True),
        (2, 4, PLUS, "2–4", False),
        (2, 2, AT_LEAST, "2", False),
    ],
)
def test_seats_read_as_in_the_call(minimum, maximum, wording, figure, at_least):
    seats = Seats(minimum, maximum, wording, 0)
    assert (seats.figure, seats.says_at_least) == (figure, at_least)


@pytest.mark.parametrize(
    ("minimum", "maximum", "filled", "still_open", "missing"),
    [(2, 2, 0, 2, 2), (2, 2, 1, 1, 1), (2, 2, 3, 0, 0), (0, None, 3, None, 0), (3, None, 1, None, 2)],
)
def test_open_and_missing_seats_are_not_the_same(minimum, maximum, filled, still_open, missing):
    seats = Seats(minimum, maximum, PLUS, filled)
    assert (seats.open, seats.missing) == (still_open, missing)


def assign(slug, state, number):
    person = Person.create(id=f"{number}" * 32)
    day = TODAY()
    Assignment.create(
        id=f"{number}a" * 16, person=person, posting=slug, state=state, appointed_on=day, starts_on=day
    )


def test_offers_count_as_filled_and_ended_offices_dont(shared):
    calls.publish({**calls.LEAD, "filled_before": 1, "max_seats": None})
    for number, state in enumerate(("appointed", "active", "ended")):
        assign("project-lead", state, number)
    assert postings.find("project-lead", "de", TODAY()).seats.filled == 3


def test_a_posting_is_open_through_its_last_day(shared):
    calls.publish({**calls.LEAD, "deadline": TODAY()})
    assert [one.slug for one in postings.open_postings("de", TODAY())] == ["project-lead"]
    assert postings.open_postings("de", TODAY() + timedelta(days=1)) == []
    assert not postings.find("project-lead", "de", TODAY() + timedelta(days=1)).open


def test_a_posting_without_a_deadline_stays_open_and_comes_last(shared):
    calls.publish({**calls.LEAD, "deadline": None}, calls.SUPPORT)
    later = TODAY() + timedelta(days=3650)
    assert [one.slug for one in postings.open_postings("de", TODAY())] == ["user-support", "project-lead"]
    assert [one.slug for one in postings.open_postings("de", later)] == ["project-lead"]


def test_what_isnt_said_in_english_is_said_in_german(shared):
    calls.publish(
        {
            "slug": "short",
            "texts": {"de": {"title": "Kurz", "summary": "Nur deutsch"}, "en": {"title": "Short"}},
        }
    )
    texts = postings.find("short", "en", TODAY()).texts
    assert (texts["title"], texts["summary"], texts["team"]) == ("Short", "Nur deutsch", "")


def test_only_a_moved_deadline_is_an_extension(shared):
    calls.publish(calls.SUPPORT, {**calls.LEAD, "first_deadline": TODAY()})
    extended = {one.slug: one.extended for one in postings.open_postings("de", TODAY())}
    assert extended == {"user-support": False, "project-lead": True}


def test_strict_offices_exclude_one_another_and_others_dont(shared):
    calls.publish(calls.SUPPORT, calls.MEMBERSHIP, calls.COUNSEL, calls.LEAD)
    found = {one.slug: one for one in postings.open_postings("de", TODAY())}
    assert (
        postings.exclusions([found["user-support"], found["membership-office"], found["project-lead"]]) == []
    )
    broken = postings.exclusions(found.values())
    assert [(rule.name, len(ones)) for rule, ones in broken] == [("strict-offices", 2)]


def test_two_calls_for_the_same_office_exclude_nothing(shared):
    calls.publish(calls.MEMBERSHIP, {**calls.MEMBERSHIP, "slug": "membership-again"})
    assert postings.exclusions(postings.open_postings("de", TODAY())) == []


def test_a_draft_is_found_by_nobody(shared):
    calls.publish(calls.DRAFT)
    assert Posting.select().count() == 1
    assert postings.find("secret-plan", "de", TODAY()) is None
    assert postings.open_postings("de", TODAY()) == []
