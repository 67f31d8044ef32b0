"""Appointing, separation, ending: what the board orders happens once, and no person holds what excludes one another."""

from datetime import date, timedelta

import pytest

from app.offices import OFFICES
from app.shared import admission, assignments
from app.shared.assignments import SeparationRefused
from app.shared.models import Account, Assignment, Enrolment, Grant, Person, Session
from app.vault.models import Alarm
from keys.codes import new_code
from keys.enrolment import code_id
from keys.randomness import new_id
from tests.cast import appointment, enrol

DAY = date(2026, 11, 21)
HALF_A_YEAR = timedelta(days=183)


@pytest.fixture(autouse=True)
def at_the_board(cast):
    with cast.vault("board"):
        yield


def order(compartment, person=None, **changed):
    payload = {
        "assignment": new_id(),
        "person": person or new_id(),
        "compartment": compartment,
        "role": "officer",
        "posting": None,
        "starts_on": DAY.isoformat(),
        "ends_on": None,
        "code_id": code_id(new_code()),
        "expires_on": (DAY + timedelta(days=14)).isoformat(),
    }
    return {**payload, **changed}


def appoint(compartment, person=None, **changed):
    payload = order(compartment, person, **changed)
    assignments.appoint(new_id(), payload)
    return payload


def check(person, compartment, day=DAY):
    assignments.check(person, compartment, day, HALF_A_YEAR)


def test_an_order_makes_person_assignment_and_code(cast):
    payload = appoint("desk")
    row = Assignment.get_by_id(payload["assignment"])
    assert (row.person_id, row.compartment, row.state) == (payload["person"], "desk", "appointed")
    assert Enrolment.get_by_id(payload["code_id"]).expires_on == DAY + timedelta(days=14)


def test_the_same_order_again_changes_nothing(cast):
    payload = appoint("desk")
    before = Assignment.select().count()
    assignments.appoint("again", payload)
    assignments.appoint("and again", {**payload, "compartment": "board"})
    assert Assignment.select().count() == before
    assert Assignment.get_by_id(payload["assignment"]).compartment == "desk"


def test_a_post_without_a_compartment_needs_no_code(cast):
    payload = appoint(None)
    assert Enrolment.get_or_none(Enrolment.assignment == payload["assignment"]) is None


def test_a_role_that_the_office_does_not_know_is_refused(cast):
    with pytest.raises(ValueError, match="junior"):
        appoint("clearing", role="junior")


STRICT = [name for name, office in OFFICES.items() if office.strict]


@pytest.mark.parametrize("held", STRICT)
@pytest.mark.parametrize("wished", STRICT)
def test_a_person_holds_one_strict_office_at_most(cast, held, wished):
    person = appoint(held)["person"]
    with pytest.raises(SeparationRefused) as refused:
        check(person, wished)
    assert refused.value.rule == "strict-offices"
    assert refused.value.until is None


@pytest.mark.parametrize(("held", "wished"), [("counsel", "board"), ("board", "counsel")])
def test_counsellors_are_not_on_the_board(cast, held, wished):
    person = appoint(held)["person"]
    with pytest.raises(SeparationRefused, match="counsel-and-board"):
        check(person, wished)


@pytest.mark.parametrize(
    ("held", "wished"), [("desk", "membership"), ("board", "clearing"), ("desk", "board")]
)
def test_offices_that_do_not_exclude_one_another_go_together(cast, held, wished):
    check(appoint(held)["person"], wished)


def test_a_refusal_names_the_rule_and_never_the_other_office(cast):
    person = appoint("counsel")["person"]
    with pytest.raises(SeparationRefused) as refused:
        check(person, "clearing")
    assert "counsel" not in f"{refused.value} {refused.value.rule}"


def test_after_a_strict_office_there_is_a_time_to_cool_off_from_the_others(cast):
    with_access(cast, "membership", person := new_id())
    with pytest.raises(SeparationRefused) as refused:
        check(person, "clearing", DAY + timedelta(days=182))
    assert refused.value.until == DAY + HALF_A_YEAR
    check(person, "clearing", DAY + HALF_A_YEAR)


def test_who_comes_back_to_the_same_office_need_not_cool_off(cast):
    with_access(cast, "membership", person := new_id())
    check(person, "membership", DAY + timedelta(days=1))


def test_a_declined_offer_leaves_nothing_to_cool_off_from(cast):
    payload = appoint("membership")
    assignments.withdraw_appointment(payload["assignment"], day=DAY)
    check(payload["person"], "clearing")


def with_access(cast, compartment, person):
    code = new_code()
    payload = appoint(compartment, person, code_id=code_id(code), expires_on="2099-01-01")
    enrol(code, f"of-{compartment}", cast.organisation.settings, compartment=compartment)
    assignments.end(payload["assignment"], day=DAY)


def test_an_order_that_the_database_refuses_raises_an_alarm_and_not_for_ever(cast):
    person = appoint("membership")["person"]
    refused = order("clearing", person)
    for _delivery in range(3):
        assignments.appoint("x", refused)
    assert Assignment.get_or_none(Assignment.id == refused["assignment"]) is None
    alarms = [row.detail for row in Alarm.select().where(Alarm.kind == assignments.REFUSED_APPOINTMENT)]
    assert alarms == [refused["assignment"]]


def test_withdrawing_takes_the_code_back(cast):
    payload = appoint("desk")
    assignments.withdraw("x", {"assignment": payload["assignment"], "day": DAY.isoformat()})
    assert Enrolment.get_or_none(Enrolment.id == payload["code_id"]) is None
    assert Assignment.get_by_id(payload["assignment"]).ended_on == DAY


def test_ending_takes_sessions_and_grants_at_once_and_is_done_once(cast):
    member = cast["desk"]
    member.token()
    assignment = Account.get_by_id(member.account_id).assignment_id
    assert assignments.end(assignment, day=DAY)
    assert not assignments.end(assignment, day=DAY + timedelta(days=9))
    assert Session.select().where(Session.account == member.account_id).count() == 0
    assert Grant.select().where(Grant.account == member.account_id).count() == 0
    row = Assignment.get_by_id(assignment)
    assert (row.state, row.ended_on) == ("ended", DAY)
    assert Account.get_by_id(member.account_id).state == "ended"


def test_two_persons_who_are_one_human_are_merged_with_their_offices(cast):
    one, other = appoint("desk")["person"], appoint("membership")["person"]
    assignments.merge(one, other)
    assert {row.compartment for row in Assignment.select().where(Assignment.person == one)} == {
        "desk",
        "membership",
    }
    with pytest.raises(SeparationRefused):
        check(other, "clearing")


def test_a_merge_that_would_break_a_rule_is_refused_and_changes_nothing(cast):
    one, other = appoint("clearing")["person"], appoint("membership")["person"]
    with pytest.raises(SeparationRefused, match="strict-offices"):
        assignments.merge(one, other)
    assert Person.get_by_id(other).merged_into_id is None
    assert Assignment.get(Assignment.person == other).compartment == "membership"


def test_whoever_is_appointed_under_a_merged_name_is_the_one_who_was_kept(cast):
    one, other = appoint("desk")["person"], appoint("membership")["person"]
    assignments.merge(one, other)
    payload = appoint("board", other)
    assert Assignment.get_by_id(payload["assignment"]).person_id == one


def test_merging_twice_or_with_oneself_changes_nothing(cast):
    one, other = appoint("desk")["person"], appoint("membership")["person"]
    assignments.merge(one, one)
    assignments.merge(one, other)
    assignments.merge(one, other)
    assignments.merge(other, one)
    assert Person.get_by_id(one).merged_into_id is None


def test_the_night_ends_terms_that_are_over_and_codes_that_nobody_used(cast):
    over = appoint("desk", ends_on=(DAY + timedelta(days=5)).isoformat())
    unused = appoint("desk", expires_on=(DAY + timedelta(days=5)).isoformat())
    going_on = appoint("desk", expires_on="2099-01-01")
    assert assignments.nightly(DAY + timedelta(days=5)).ended == []
    night = assignments.nightly(DAY + timedelta(days=6))
    assert sorted(night.ended) == sorted([over["assignment"], unused["assignment"]])
    assert night.violations == []
    assert Assignment.get_by_id(going_on["assignment"]).state == "appointed"


def test_the_night_does_not_end_who_has_used_the_code_and_waits(cast):
    code = appointment("desk")
    member = enrol(code, "spaet", cast.organisation.settings, compartment="desk")
    assert assignments.nightly(DAY + timedelta(days=3650)).ended == []
    assert admission.waiting("desk") == 1
    assert Account.get_by_id(member.account_id).state == "enrolled"


def test_the_night_lists_what_should_be_impossible(cast):
    database = cast.app.extensions["schotten"].shared.database
    database.execute_sql("drop trigger separation_strict_offices_insert")
    person = appoint("membership")["person"]
    appoint("clearing", person)
    (violation,) = assignments.nightly(DAY).violations
    assert (violation.person, violation.rule) == (person, "strict-offices")
