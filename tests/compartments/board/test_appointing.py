"""Offers: one per decision, refused by rule, answered by whoever holds the receipt, and no code without an appointment."""

from datetime import timedelta

import pytest

from app.clock import today
from app.shared import assignments
from app.shared.assignments import SeparationRefused
from app.shared.models import Assignment, Enrolment
from app.shared.models import Person as SharedPerson
from compartments.board.applications import erasure
from compartments.board.applications.history import AlreadyDone
from compartments.board.applications.service import NotPossibleNow
from compartments.board.appointments import orders, people, service
from compartments.board.appointments.service import NoSeatLeft
from compartments.board.models import ApplicationMessage, Appointment, Person, StageEvent
from keys.enrolment import code_id
from keys.randomness import new_id
from tests.compartments.board.conftest import BERTA


def kinds(applicant) -> list[str]:
    return [one["kind"] for one in applicant.mail()]


def in_office(compartment, person=None) -> str:
    """Somebody at work in a compartment; returns the person."""
    person = person or SharedPerson.create(id=new_id()).id
    Assignment.create(
        id=new_id(),
        person=person,
        compartment=compartment,
        state="active",
        appointed_on=today(),
        starts_on=today(),
    )
    return person


def test_an_offer_appoints_and_carries_the_code_that_enrols(board):
    applicant = board.applicant("mitglieder")
    assignment = board.offer(applicant)
    offer = applicant.offer()
    assert (offer["assignment"], offer["posting"], offer["text"]) == (
        assignment,
        "mitglieder",
        "Wir freuen uns.",
    )
    row = Assignment.get_by_id(assignment)
    assert (row.compartment, row.posting_id, row.state) == ("membership", "mitglieder", "appointed")
    assert Enrolment.get_by_id(code_id(offer["code"])).assignment_id == assignment
    assert board.wish(applicant).stage == "offered"
    assert Person.get_by_id(row.person_id).name == applicant.name


def test_the_code_stands_nowhere_in_the_boards_tables_once_it_has_gone(board, vault):
    applicant = board.applicant("mitglieder")
    board.offer(applicant)
    code = applicant.offer()["code"]
    dump = "\n".join(
        str(row)
        for (table,) in vault.database.execute_sql("select name from sqlite_schema where type = 'table'")
        for row in vault.database.execute_sql(f'select * from "{table}"')
    )
    assert "Wir freuen uns." in dump
    assert code not in dump


def test_a_post_without_a_compartment_gets_no_code(board):
    applicant = board.applicant("projekt")
    assignment = board.offer(applicant)
    assert applicant.offer()["code"] is None
    assert Enrolment.select().where(Enrolment.assignment == assignment).count() == 0


def test_a_double_click_makes_one_offer(board):
    applicant = board.applicant("mitglieder")
    seen = board.seen(applicant)
    board.offer(applicant, seen=seen)
    with pytest.raises(AlreadyDone):
        board.offer(applicant, seen=seen)
    assert kinds(applicant) == ["offer"]
    assert Appointment.select().count() == 1


def test_a_second_offer_for_the_same_wish_is_not_possible(board):
    applicant = board.applicant("mitglieder")
    board.offer(applicant)
    with pytest.raises(NotPossibleNow):
        board.offer(applicant)


def test_a_rule_refuses_by_its_name_and_nothing_has_happened(board):
    applicant = board.applicant("mitglieder")
    person = in_office("clearing")
    service.name_person(person, applicant.name, applicant.email)
    with pytest.raises(SeparationRefused) as refused:
        board.decide_offer(applicant, person=person)
    assert str(refused.value) == "strict-offices"
    assert "clearing" not in str(refused.value)
    assert (Appointment.select().count(), board.wish(applicant).stage) == (0, "received")


def test_cooling_off_counts_too(board):
    applicant = board.applicant("mitglieder", "clearing")
    assignment = board.offer(applicant)
    board_person = Assignment.get_by_id(assignment).person_id
    applicant.answer(assignment, accepted=True)
    board.take_in()
    service.end(assignment, actor=BERTA, day=today())
    orders.deliver()
    # Nobody had enrolled, so there is nothing that could be carried over.
    board.decide_offer(applicant, place=1, person=board_person)


def test_no_more_is_offered_than_there_are_seats(board):
    first, second = board.applicant("projekt"), board.applicant("projekt")
    board.decide_offer(first)
    with pytest.raises(NoSeatLeft):
        board.decide_offer(second)
    orders.deliver()
    with pytest.raises(NoSeatLeft):
        board.decide_offer(second)


def test_a_refusal_at_delivery_marks_the_decision_and_sends_no_code(board):
    applicant = board.applicant("mitglieder")
    person = in_office("desk")
    service.name_person(person, applicant.name, applicant.email)
    assignment = board.decide_offer(applicant, person=person)
    in_office("counsel", person)
    orders.deliver()
    appointment = Appointment.get_by_id(assignment)
    assert (appointment.state, appointment.refusal) == ("refused", "strict-offices")
    assert kinds(applicant) == []
    assert board.wish(applicant).stage == "decision"
    assert [one.id for one in service.refused()] == [assignment]
    assert not Assignment.select().where(Assignment.id == assignment).exists()


def test_accepting_through_the_mailbox_appoints(board):
    applicant = board.applicant("mitglieder")
    assignment = board.offer(applicant)
    applicant.answer(assignment, accepted=True)
    board.take_in()
    assert (Appointment.get_by_id(assignment).state, board.wish(applicant).stage) == ("accepted", "appointed")


def test_declining_ends_the_assignment_and_its_code(board):
    applicant = board.applicant("mitglieder")
    assignment = board.offer(applicant)
    applicant.answer(assignment, accepted=False)
    board.take_in()
    assert (Appointment.get_by_id(assignment).state, board.wish(applicant).stage) == ("declined", "withdrawn")
    assert Assignment.get_by_id(assignment).state == "ended"
    assert Enrolment.select().where(Enrolment.assignment == assignment).count() == 0


def test_a_withdrawn_offer_ends_and_a_late_yes_changes_nothing(board):
    applicant = board.applicant("mitglieder")
    assignment = board.offer(applicant)
    board.withdraw(applicant, assignment)
    applicant.answer(assignment, accepted=True)
    board.take_in()
    assert (Appointment.get_by_id(assignment).state, board.wish(applicant).stage) == ("withdrawn", "decision")
    assert Assignment.get_by_id(assignment).state == "ended"
    assert sorted(kinds(applicant)) == ["message", "offer"]  # of the same second
    assert StageEvent.select().where(StageEvent.kind == "late-reply").count() == 1


def test_an_offer_withdrawn_before_it_went_never_goes(board):
    applicant = board.applicant("mitglieder")
    assignment = board.decide_offer(applicant)
    board.withdraw(applicant, assignment)
    assert kinds(applicant) == ["message"]
    assert not Assignment.select().where(Assignment.id == assignment, Assignment.state != "ended").exists()


def test_an_accepted_offer_is_not_withdrawn_but_ended(board):
    applicant = board.applicant("mitglieder")
    assignment = board.offer(applicant)
    applicant.answer(assignment, accepted=True)
    board.take_in()
    with pytest.raises(NotPossibleNow):
        board.withdraw(applicant, assignment)
    service.end(assignment, actor=BERTA, day=today())
    orders.deliver()
    assert Assignment.get_by_id(assignment).state == "ended"
    assert Appointment.get_by_id(assignment).state == "ended"


def test_ending_an_offer_that_nobody_has_answered_lets_the_board_decide_again(board):
    applicant = board.applicant("mitglieder")
    assignment = board.offer(applicant)
    service.end(assignment, actor=BERTA, day=today())
    orders.deliver()
    assert (Appointment.get_by_id(assignment).state, board.wish(applicant).stage) == ("withdrawn", "decision")
    assert Assignment.get_by_id(assignment).state == "ended"


def test_an_application_erased_before_its_offer_went_leaves_no_appointment(board):
    applicant = board.applicant("mitglieder")
    assignment = board.decide_offer(applicant)
    erasure.erase(board.application(applicant).id, by=BERTA.id, day=today())
    orders.deliver()
    assert kinds(applicant) == []
    assert not Assignment.select().where(Assignment.id == assignment, Assignment.state != "ended").exists()


def test_an_office_survives_the_erasure_of_its_application(board):
    applicant = board.applicant("mitglieder")
    assignment = board.offer(applicant)
    applicant.answer(assignment, accepted=True)
    board.take_in()
    applicant.withdraw()
    board.take_in()
    assert Assignment.get_by_id(assignment).state == "appointed"
    (held,) = [one for one in people.held() if one.assignment == assignment]
    assert (held.name, held.application) == (applicant.name, None)


def test_an_offer_whose_code_ran_out_is_noted(board):
    applicant = board.applicant("mitglieder")
    assignment = board.offer(applicant)
    assignments.nightly(today() + timedelta(days=15))
    assert service.reconcile(today()) == 1
    assert (Appointment.get_by_id(assignment).state, board.wish(applicant).stage) == ("withdrawn", "decision")
    assert service.reconcile(today()) == 0


def test_an_answer_to_an_offer_of_another_application_is_refused(board):
    applicant, other = board.applicant("mitglieder"), board.applicant("mitglieder", name="Bo Lind")
    assignment = board.offer(applicant)
    other.answer(assignment, accepted=True)
    board.take_in()
    assert Appointment.get_by_id(assignment).state == "offered"


@pytest.mark.parametrize(
    ("name", "email", "found"),
    [
        ("Anna-Maria Kuhn", "", True),
        ("kuhn, anna maria", "", True),
        ("Anna Maria Kühn", "", True),
        ("Kuhn, Annamaria", "", True),
        ("Ganz Anders", "ANNA@example.org", True),
        ("Anton Kranich", "anton@example.org", False),
    ],
)
def test_somebody_known_is_recognised_by_name_or_address(vault, name, email, found):
    service.name_person(in_office("desk"), "Anna-Maria Kuhn", "anna@example.org")
    assert bool(people.known_as(name, email)) is found


def test_the_same_human_is_the_same_person(board):
    person = in_office("desk")
    service.name_person(person, "Amira Sander", "amira@example.org")
    applicant = board.applicant("mitglieder")
    (known,) = people.known_as(applicant.name, applicant.email)
    assert [one.compartment for one in known.offices] == ["desk"]
    assignment = board.offer(applicant, person=known.person)
    assert Assignment.get_by_id(assignment).person_id == person
    assert ApplicationMessage.select().where(ApplicationMessage.kind == "offer").count() == 1
