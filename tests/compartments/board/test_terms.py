"""The end of a term: sooner, later or never, in the log, and seen by whoever works there as a day and nothing else."""

from datetime import timedelta

import pytest

from app.clock import today
from app.shared import acts, assignments
from app.shared.models import Account, Act, Assignment
from compartments.board.appointments import orders, terms
from compartments.board.models import Appointment
from tests.compartments.board.conftest import BERTA
from tests.pages import fill, visit_and_fill, words

SOON, LATER = today() + timedelta(days=30), today() + timedelta(days=400)


@pytest.fixture
def assignment(cast, board) -> Assignment:
    return office(cast)


def office(cast) -> Assignment:
    return Account.get_by_id(cast["membership"].account_id).assignment


def change(assignment, ends_on, was=None, day=None) -> None:
    terms.change(assignment.id, ends_on, was=was, actor=BERTA, day=day or today())
    orders.deliver()


def ends_on(assignment):
    return Assignment.get_by_id(assignment.id).ends_on


def test_a_term_is_shortened_extended_and_made_endless_and_each_is_in_the_log(cast, assignment):
    for was, new in ((None, SOON), (SOON, LATER), (LATER, None)):
        change(assignment, new, was)
        assert ends_on(assignment) == new
    rows = list(Act.select().where(Act.act == acts.Kind.TERM_CHANGED))
    assert {(row.compartment, row.actor, row.subject) for row in rows} == {
        ("membership", BERTA.id, cast["membership"].account_id)
    }
    assert len(rows) == 3


def test_access_goes_on_until_the_new_last_day_and_ends_after_it(assignment):
    change(assignment, SOON)
    assert assignments.nightly(SOON).ended == []
    assert assignments.nightly(SOON + timedelta(days=1)).ended == [assignment.id]


def test_a_colleague_who_was_quicker_is_not_overwritten(assignment):
    change(assignment, SOON)
    with pytest.raises(terms.StaleTerm):
        change(assignment, LATER, None)
    assert ends_on(assignment) == SOON


@pytest.mark.parametrize("day", [today() - timedelta(days=1), today() - timedelta(days=4000)])
def test_a_day_that_has_passed_is_no_last_day(assignment, day):
    with pytest.raises(terms.DayHasPassed):
        change(assignment, day)
    assert ends_on(assignment) is None


def test_the_same_day_again_is_no_act(assignment):
    change(assignment, SOON)
    change(assignment, SOON, None)
    assert Act.select().where(Act.act == acts.Kind.TERM_CHANGED).count() == 1


def test_what_has_ended_does_not_come_back_by_a_longer_term(assignment):
    terms.change(assignment.id, LATER, was=None, actor=BERTA, day=today())
    assignments.end(assignment.id, day=today())
    orders.deliver()
    row = Assignment.get_by_id(assignment.id)
    assert (row.state, row.ends_on) == ("ended", None)
    with pytest.raises(terms.NoSuchTerm):
        change(assignment, SOON)


def test_an_offer_has_no_running_term_and_what_came_of_it_has(board):
    applicant = board.applicant("mitglieder")
    offered = Assignment.get_by_id(board.offer(applicant))
    with pytest.raises(terms.NoSuchTerm):
        change(offered, SOON)
    applicant.answer(offered.id, accepted=True)
    board.take_in()
    change(offered, SOON)
    assert (ends_on(offered), Appointment.get_by_id(offered.id).ends_on) == (SOON, SOON)


def test_the_page_changes_the_day_and_the_officer_sees_the_day_only(cast, closed_board):
    with cast.shared():
        path = f"/board/people/{office(cast).id}/term"
    berta, mika = (cast[name].client() for name in ("board", "membership"))
    for client in (berta, mika):
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    form = berta.get(path)
    assert visit_and_fill(berta, path, ends_on=SOON.isoformat()).location == "/board/people/"
    assert fill(berta, form, path, ends_on=LATER.isoformat()).status_code == 409
    past = visit_and_fill(berta, path, ends_on="2001-01-01")
    assert past.status_code == 422
    assert "has passed" in words(past)
    seen = words(mika.get("/membership/access"))
    assert f"{SOON:%Y}" in seen
    assert "Berta" not in seen


def test_what_no_page_has_made_is_refused(cast, closed_board):
    with cast.shared():
        path = f"/board/people/{office(cast).id}/term"
    assert visit_and_fill(cast["board"].client(), path, was="yesterday").status_code == 422
