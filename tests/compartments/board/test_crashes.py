"""kill -9 between a decision and its delivery, and while importing: nothing lost, nothing twice, and no code without an appointment (promise P9)."""

import signal

import pytest

from app.shared.models import Assignment, Enrolment
from app.vault.models import Outgoing
from compartments.board.models import Application, ApplicationMessage, Appointment
from keys.enrolment import code_id
from tests.app.envelopes.test_crashes import IMPORTING, another_officer
from tests.compartments.board.applicant import Applicant

DELIVERING = ["appointment.after-shared", "appointment.before-settled", "outbox.after-action"]


@pytest.mark.slow
@pytest.mark.parametrize("point", DELIVERING)
def test_an_appointment_whose_delivery_is_killed_is_made_once_and_its_code_opens_it(
    cast, closed_board, point
):
    with cast.vault("board"):
        applicant = closed_board.applicant("mitglieder")
        assignment = closed_board.decide_offer(applicant)
    assert another_officer(cast, "board", "deliver", point).wait(60) == -signal.SIGKILL
    with cast.vault("board"):
        closed_board.take_in()
        assert Outgoing.select().count() == 0
        assert Appointment.get_by_id(assignment).state == "offered"
        assert Assignment.select().where(Assignment.id == assignment).count() == 1
        assert Enrolment.get_by_id(code_id(applicant.offer()["code"])).assignment_id == assignment
        assert ApplicationMessage.select().count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("point", IMPORTING)
def test_an_import_that_is_killed_takes_every_letter_once(cast, closed_board, point):
    with cast.shared():
        applicant = Applicant(cast)
        applicant.apply("mitglieder")
        applicant.write("Noch etwas.")
    assert another_officer(cast, "board", "receive", point).wait(60) == -signal.SIGKILL
    with cast.vault("board"):
        closed_board.take_in()
        assert [row.name for row in Application.select()] == [applicant.name]
        assert [row.text for row in ApplicationMessage.select()] == ["Noch etwas."]


@pytest.mark.slow
def test_two_members_delivering_at_once_send_one_offer(cast, closed_board):
    with cast.vault("board"):
        applicant = closed_board.applicant("mitglieder")
        assignment = closed_board.decide_offer(applicant)
    both = [another_officer(cast, "board", "deliver", times=2) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    with cast.vault("board"):
        closed_board.take_in()
        assert applicant.offer()["assignment"] == assignment
        assert ApplicationMessage.select().count() == 1
