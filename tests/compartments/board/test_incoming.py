"""Letters of applicants: taken in once, checked, and only from whoever holds the receipt."""

import pytest

from app.shared.models import Envelope
from app.vault.models import Alarm, RefusedEnvelope
from compartments.board.applications import reading
from compartments.board.models import (
    Application,
    ApplicationFile,
    ApplicationFilePiece,
    ApplicationMessage,
    Appointment,
    ErasedApplication,
    Person,
    StageEvent,
    Wish,
)
from keys.codes import new_code
from keys.mailbox import MailboxKeys
from tests.compartments.board.applicant import PDF, Applicant

ERASED = (
    Application,
    Wish,
    ApplicationFile,
    ApplicationFilePiece,
    ApplicationMessage,
    StageEvent,
    Person,
    Appointment,
)


def refused() -> list[str]:
    return [row.reason for row in RefusedEnvelope.select()]


def test_an_application_arrives_with_wishes_answers_evidence_and_files(board):
    applicant = board.applicant("mitglieder", "clearing")
    application = board.application(applicant)
    assert (application.name, application.availability) == ("Amira Sander", "abends")
    assert [wish.posting for wish in Wish.select().order_by(Wish.place)] == ["mitglieder", "clearing"]
    assert board.wish(applicant).answers == [{"asked": "Warum?", "text": "Darum."}]
    file = ApplicationFile.get()
    assert (b"".join(reading.parts(file)), file.evidence_for, file.name) == (
        PDF.content,
        "Nachweis",
        PDF.name,
    )
    assert refused() == []


def test_it_arrives_once_though_it_is_sent_and_taken_in_again(board):
    applicant = board.applicant("mitglieder")
    applicant.apply("mitglieder")
    board.take_in()
    assert Application.select().count() == 1
    assert Envelope.select().count() == 0


def test_a_second_application_to_the_same_mailbox_overwrites_nothing(board, cast):
    applicant = board.applicant("mitglieder")
    attacker = Applicant(cast)
    attacker.apply("mitglieder", mailbox=applicant.keys.id, name="Mallory")
    board.take_in()
    assert board.application(applicant).name == "Amira Sander"
    assert refused() == ["ValueError"]
    assert Alarm.select().where(Alarm.kind == "refused-envelope").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"name": 7},
        {"name": "N\x00"},
        {"motivation": "x" * 100_001},
        {"postings": []},
        {"postings": ["mitglieder", "mitglieder"]},
        {"postings": ["../etc"]},
        {"mailbox": "short"},
        {"sealing_key": "00"},
        {"signing_key": "zz"},
        {"day": "yesterday"},
        {"answers": [{"posting": "another", "question": "q", "asked": "?", "text": "!"}]},
        {"answers": "many"},
        {"evidence": [{}]},
        {"consent": {}},
        {"erase_on": None},
    ],
    ids=str,
)
def test_what_is_no_application_is_refused_and_kept_sealed(board, cast, changes):
    Applicant(cast).apply("mitglieder", **changes)
    board.take_in()
    assert Application.select().count() == 0
    assert len(refused()) == 1
    assert Envelope.select().count() == 0


def test_a_day_to_come_is_taken_for_today(board, cast):
    applicant = Applicant(cast)
    applicant.apply("mitglieder", day="2099-01-01")
    board.take_in()
    assert board.application(applicant).received_on.year < 2099


def test_a_message_with_a_file_arrives_and_makes_the_application_unread(board):
    applicant = board.applicant("mitglieder")
    before = board.application(applicant)
    applicant.write("Noch ein Nachweis.", [PDF])
    board.take_in()
    message = ApplicationMessage.get()
    assert (message.direction, message.text) == ("in", "Noch ein Nachweis.")
    assert ApplicationFile.select().where(ApplicationFile.message == message).count() == 1
    after = board.application(applicant)
    assert (after.revision, after.changed_at) > (before.revision, before.changed_at)


def test_a_message_that_overtakes_its_application_waits_for_it(board, cast):
    applicant = Applicant(cast)
    applicant.write("Schneller als die Bewerbung.")
    applicant.apply("mitglieder")
    board.take_in()
    assert ApplicationMessage.get().text == "Schneller als die Bewerbung."


def test_a_message_without_an_application_is_dropped(board, cast):
    Applicant(cast).write("An niemanden.")
    board.take_in()
    assert (ApplicationMessage.select().count(), Envelope.select().count(), refused()) == (0, 0, [])


@pytest.mark.parametrize("kind", ["write", "withdraw", "answer"])
def test_nobody_else_speaks_for_an_applicant(board, kind):
    applicant = board.applicant("mitglieder")
    assignment = board.offer(applicant)
    forger = MailboxKeys.from_receipt(new_code())
    arguments = {"write": ("Ich ziehe zurück.",), "withdraw": (), "answer": (assignment,)}[kind]
    more = {"accepted": False} if kind == "answer" else {}
    getattr(applicant, kind)(*arguments, keys=forger, **more)
    board.take_in()
    assert refused() == ["ValueError"]
    assert ApplicationMessage.select().where(ApplicationMessage.direction == "in").count() == 0
    assert Appointment.get_by_id(assignment).state == "offered"


def test_an_unsigned_message_is_refused(board):
    applicant = board.applicant("mitglieder")
    applicant.post(
        "application-message",
        {"mailbox": applicant.keys.id, "text": "Hallo", "day": "2026-11-21", "signature": ""},
    )
    board.take_in()
    assert refused() == ["ValueError"]


def test_withdrawal_erases_everything_but_a_trace_without_a_person(board):
    applicant = board.applicant("mitglieder", "clearing")
    board.write(applicant, "Eine Frage.")
    board.offer(applicant)
    applicant.withdraw()
    board.take_in()
    for table in ERASED:
        assert table.select().count() == 0, table
    assert [(row.posting, row.why) for row in ErasedApplication.select().order_by(ErasedApplication.id)] == [
        ("mitglieder", "withdrawn"),
        ("clearing", "withdrawn"),
    ]
