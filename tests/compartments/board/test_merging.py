"""Two entries that are one human: made one where the rules allow it, refused by name where they don't, and never half (P2, P9)."""

import signal
from datetime import timedelta

import pytest

from app.clock import today, utc_now
from app.shared import acts, assignments
from app.shared.assignments import SeparationRefused
from app.shared.models import Act, Assignment, Session
from app.shared.models import Person as SharedPerson
from app.vault.models import Alarm, Outgoing
from compartments.board.appointments import merging, orders, people, service
from compartments.board.models import Appointment, Person
from keys.randomness import new_id
from tests.app.envelopes.test_crashes import another_officer
from tests.compartments.board.conftest import BERTA, HALF_A_YEAR
from tests.compartments.board.test_appointing import in_office
from tests.pages import fill, visit_and_fill, words


def known(name, compartment, email="") -> str:
    """Somebody in office with a name; returns the person."""
    person = in_office(compartment)
    service.name_person(person, name, email)
    return person


def merge(kept, other) -> None:
    merging.merge(kept, other, actor=BERTA)
    orders.deliver()


def offices_of(person) -> set[str]:
    return {row.compartment for row in Assignment.select().where(Assignment.person == person)}


def test_one_human_holds_the_offices_of_both_entries_under_one_name(board):
    applicant = board.applicant("mitglieder", name="Anna Kuhn")
    offered = Assignment.get_by_id(board.offer(applicant)).person_id
    desk = known("Anna-Maria Kuhn", "desk", "anna@example.org")
    merge(desk, offered)
    assert offices_of(desk) == {"desk", "membership"}
    assert [row.name for row in Person.select().where(Person.id.in_((desk, offered)))] == ["Anna-Maria Kuhn"]
    assert {row.person_id for row in Appointment.select()} == {desk}
    assert {one.name for one in people.held() if one.person == desk} == {"Anna-Maria Kuhn"}
    assert acts.of_subject(desk, acts.Kind.PERSONS_MERGED).actor == BERTA.id


def test_what_only_the_entry_that_goes_knew_is_kept(board):
    nameless, named = in_office("desk"), known("Anna Kuhn", "membership", "anna@example.org")
    merge(nameless, named)
    row = Person.get_by_id(nameless)
    assert (row.name, row.email) == ("Anna Kuhn", "anna@example.org")


@pytest.mark.parametrize("pair", [("clearing", "membership"), ("counsel", "board")])
def test_a_merge_that_would_break_a_rule_is_refused_and_nothing_changes(board, pair):
    one, other = (known(f"Anna {name}", name) for name in pair)
    with pytest.raises(SeparationRefused):
        merge(one, other)
    assert Outgoing.select().count() == 0
    assert (offices_of(one), offices_of(other)) == ({pair[0]}, {pair[1]})
    assert Person.select().where(Person.id.in_((one, other))).count() == 2


def test_a_rule_that_comes_between_decision_and_delivery_raises_an_alarm_and_merges_nothing(board):
    one, other = known("Anna Kuhn", "desk"), known("Anna Kuhn", "membership")
    merging.merge(one, other, actor=BERTA)
    in_office("clearing", one)
    orders.deliver()
    orders.deliver()
    assert [row.kind for row in Alarm.select()] == [assignments.REFUSED_MERGE]
    assert SharedPerson.get_by_id(other).merged_into_id is None
    assert Person.select().where(Person.id == other).exists()


def test_merging_again_or_with_itself_is_no_entry_any_more(board):
    one, other = known("Anna Kuhn", "desk"), known("Anna Kuhn", "membership")
    merge(one, other)
    for pair in ((one, other), (one, one), (one, new_id())):
        with pytest.raises(merging.NoSuchEntry):
            merge(*pair)


def test_an_applicant_who_was_merged_before_the_appointment_arrived_is_the_one_who_was_kept(board):
    applicant = board.applicant("mitglieder")
    assignment = board.decide_offer(applicant)
    desk = known("Anna Kuhn", "desk")
    merge(desk, Appointment.get_by_id(assignment).person_id)
    assert offices_of(desk) == {"desk", "membership"}


def test_alike_names_and_the_same_address_are_found_and_others_are_not(board):
    before = len(merging.likely(merging.entries()))
    for name, email in [("Anna-Maria Kuhn", ""), ("Kuhn, Annamaria", ""), ("Bo Li", "x@example.org")]:
        known(name, "desk", email)
    known("Bodo Lindner", "membership", "X@example.org")
    found = [{one.name, other.name} for one, other in merging.likely(merging.entries())]
    assert len(found) == before + 2
    assert {"Anna-Maria Kuhn", "Kuhn, Annamaria"} in found
    assert {"Bo Li", "Bodo Lindner"} in found


def test_a_cooling_off_that_was_not_kept_is_shown(board):
    left = Assignment.get(Assignment.compartment == "membership", Assignment.state == "active")
    holder = known("Mika", "clearing")
    service.name_person(left.person_id, "Mika", "")
    assert assignments.end(left.id, day=today())
    one, other = merging.pair(holder, left.person_id)
    until = merging.cooling_off_until(one, other, today(), HALF_A_YEAR)
    assert until == today() + HALF_A_YEAR
    assert merging.cooling_off_until(one, other, until, HALF_A_YEAR) is None


def test_whoever_would_be_two_colleagues_is_named(board):
    one, other = merging.pair(known("Anna", "desk"), known("Anna", "desk"))
    assert merging.held_twice(one, other) == ["desk"]


@pytest.mark.slow
@pytest.mark.parametrize("point", ["merging.after-shared", "merging.before-settled", "outbox.after-action"])
def test_a_merge_that_is_killed_is_finished_once(cast, closed_board, point):
    with cast.vault("board"):
        one, other = known("Anna Kuhn", "desk"), known("Anna K.", "membership")
        merging.merge(one, other, actor=BERTA)
    assert another_officer(cast, "board", "deliver", point).wait(60) == -signal.SIGKILL
    with cast.vault("board"):
        orders.deliver()
        assert Outgoing.select().count() == 0
        assert offices_of(one) == {"desk", "membership"}
        assert [row.id for row in Person.select().where(Person.id.in_((one, other)))] == [one]
        merges = Act.select().where(Act.act == acts.Kind.PERSONS_MERGED)
        assert merges.count() == 1


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def berta(cast, postings):
    client = cast["board"].client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def two(cast, *offices) -> tuple[str, str]:
    with cast.vault("board"):
        return known("Anna Kuhn", offices[0]), known("Anna Kuhn", offices[1], "anna@example.org")


def test_the_board_chooses_compares_and_merges(cast, berta):
    one, other = two(cast, "desk", "membership")
    listed = berta.get("/board/people/merge").get_data(as_text=True)
    assert any(f"/board/people/merge/{pair}" in listed for pair in (f"{one}/{other}", f"{other}/{one}"))
    chosen = berta.get(f"/board/people/merge?one={one}&other={other}")
    assert (chosen.status_code, chosen.location) == (303, f"/board/people/merge/{one}/{other}")
    page = words(berta.get(chosen.location))
    assert "What happens if you make them one" in page
    assert visit_and_fill(berta, chosen.location).status_code == 422
    done = visit_and_fill(berta, chosen.location, kept="other")
    assert done.location == "/board/people/"
    assert berta.get(chosen.location).status_code == 404
    with cast.shared():
        assert offices_of(other) == {"desk", "membership"}


def test_the_page_of_two_who_may_not_be_one_names_the_rule_and_has_no_button(cast, berta):
    one, other = two(cast, "clearing", "membership")
    path = f"/board/people/merge/{one}/{other}"
    page = berta.get(path)
    assert "may hold no other of them" in words(page)
    assert 'name="kept"' not in page.get_data(as_text=True)
    with cast.shared():
        assert SharedPerson.select().where(SharedPerson.merged_into.is_null(False)).count() == 0


def test_a_merge_that_a_rule_forbids_is_refused_even_when_the_form_was_opened_before(cast, berta):
    one, other = two(cast, "desk", "membership")
    path = f"/board/people/merge/{one}/{other}"
    form = berta.get(path)
    with cast.shared():
        in_office("clearing", one)
    assert fill(berta, form, path, kept="one").status_code == 409
    with cast.shared():
        assert SharedPerson.get_by_id(other).merged_into_id is None


def test_an_entry_is_not_compared_with_itself(cast, berta):
    one, _other = two(cast, "desk", "membership")
    answer = berta.get(f"/board/people/merge?one={one}&other={one}")
    assert answer.status_code == 422
    assert "Choose two different entries" in words(answer)
    assert berta.get(f"/board/people/merge/{one}/{one}").status_code == 404


def test_the_session_must_be_stepped_up(cast, berta):
    one, other = two(cast, "desk", "membership")
    with cast.shared():
        Session.update(stepped_up_at=utc_now() - timedelta(hours=2)).execute()
    answer = berta.get(f"/board/people/merge/{one}/{other}")
    assert "/step-up" in answer.location
