"""Acting on applications: once per form, never on what has changed unseen, and erased in time."""

from datetime import timedelta

import pytest

from app.clock import today
from app.shared.models import Mailbox
from compartments.board.applications import erasure, letters, reading, service
from compartments.board.applications.history import (
    AlreadyDone,
    Seen,
    StaleApplication,
    UnknownApplication,
    since,
)
from compartments.board.applications.reading import Wanted
from compartments.board.applications.service import NotPossibleNow
from compartments.board.models import (
    Application,
    ApplicationMessage,
    ErasedApplication,
    LetterTemplate,
    StageEvent,
)
from keys.randomness import new_id
from tests.compartments.board.conftest import BERTA, HALF_A_YEAR

ADA, LEA = "a" * 32, "1" * 32


def names(page) -> list[str]:
    return [line.name for line in page.items]


def test_a_message_reaches_the_mailbox_and_stays_in_the_conversation(board):
    applicant = board.applicant("mitglieder")
    board.write(applicant, "Wann hätten Sie Zeit?")
    (mail,) = applicant.mail()
    assert (mail["kind"], mail["text"]) == ("message", "Wann hätten Sie Zeit?")
    assert ApplicationMessage.get().author_name == BERTA.name


def test_a_form_sent_twice_acts_once(board):
    applicant = board.applicant("mitglieder")
    seen = board.seen(applicant)
    board.write(applicant, "Einmal.", seen)
    with pytest.raises(AlreadyDone):
        board.write(applicant, "Einmal.", seen)
    assert len(applicant.mail()) == 1


def test_the_second_of_two_members_is_told_and_what_happened_is_shown(board):
    applicant = board.applicant("mitglieder")
    first, second = board.seen(applicant), board.seen(applicant)
    board.move(applicant, "interview", first)
    with pytest.raises(StaleApplication) as stale:
        board.write(applicant, "Ich weiß von nichts.", second)
    application = board.application(applicant)
    assert [event.kind for event in since(application, stale.value.seen)] == ["moved"]
    assert applicant.mail() == []


def test_news_from_the_applicant_count_as_a_change_too(board):
    applicant = board.applicant("mitglieder")
    seen = board.seen(applicant)
    applicant.write("Ich habe es mir anders überlegt.")
    board.take_in()
    with pytest.raises(StaleApplication):
        board.move(applicant, "decision", seen)


def test_a_refused_act_leaves_no_line_in_the_history(board):
    applicant = board.applicant("mitglieder")
    before = StageEvent.select().count()
    with pytest.raises(NotPossibleNow):
        board.move(applicant, "appointed")
    assert (StageEvent.select().count(), board.application(applicant).revision) == (before, 1)


def test_a_rejection_sends_the_letter_and_names_the_day_of_erasure(board):
    applicant = board.applicant("mitglieder")
    board.reject(applicant)
    (mail,) = applicant.mail()
    assert (mail["kind"], mail["text"]) == ("decision", "Leider nein.")
    application = board.application(applicant)
    assert application.retain_until == today() + HALF_A_YEAR
    assert Mailbox.get_by_id(applicant.keys.id).expires_on == today() + HALF_A_YEAR
    assert "intern" not in str(mail)


def test_one_rejected_wish_of_two_doesnt_start_the_clock(board):
    applicant = board.applicant("mitglieder", "projekt")
    told = board.application(applicant).retain_until
    board.reject(applicant, board.wish(applicant, 0))
    assert board.application(applicant).retain_until == told
    board.reject(applicant, board.wish(applicant, 1))
    assert board.application(applicant).retain_until == today() + HALF_A_YEAR


def test_what_has_been_decided_is_not_rejected_again(board):
    applicant = board.applicant("mitglieder")
    board.reject(applicant)
    with pytest.raises(NotPossibleNow):
        board.reject(applicant)


def test_a_rejected_wish_can_come_back_and_then_isnt_erased_under_the_boards_hands(board):
    applicant = board.applicant("mitglieder")
    board.reject(applicant)
    board.move(applicant, "decision")
    assert board.wish(applicant).stage == "decision"


def test_applications_are_erased_when_their_time_is_over(board):
    rejected, waiting = board.applicant("mitglieder"), board.applicant("mitglieder", name="Bo Lind")
    board.reject(rejected)
    assert erasure.erase_due(today() + HALF_A_YEAR - timedelta(days=1)) == 0
    assert erasure.erase_due(today() + HALF_A_YEAR) == 1
    assert [row.name for row in Application.select()] == ["Bo Lind"]
    assert (ErasedApplication.get().why, ErasedApplication.get().stage) == ("retention", "rejected")
    assert board.application(waiting)


def test_the_board_can_erase_at_once(board):
    applicant = board.applicant("mitglieder")
    erasure.erase(board.application(applicant).id, by=BERTA.id, day=today())
    board.take_in()
    assert Application.select().count() == 0
    assert Mailbox.get_by_id(applicant.keys.id).expires_on == today()
    with pytest.raises(UnknownApplication):
        erasure.erase("0" * 32, by=BERTA.id, day=today())


def test_nothing_can_be_done_with_an_erased_application(board):
    applicant = board.applicant("mitglieder")
    application = board.application(applicant)
    applicant.withdraw()
    board.take_in()
    with pytest.raises(UnknownApplication):
        service.write(
            application.id, Seen(1, new_id()), "?", actor=BERTA, now=application.changed_at, day=today()
        )


def test_the_inbox_finds_filters_sorts_and_marks_what_is_unread(board):
    anna = board.applicant("mitglieder", name="Anna Jürgens", email="anna@example.org")
    board.applicant("clearing", name="Özge Kaya", email="oezge@example.org")
    board.move(anna, "screening")
    assert names(reading.inbox(Wanted(sort="name"), ADA)) == ["Anna Jürgens", "Özge Kaya"]
    assert names(reading.inbox(Wanted(words="JURGENS"), ADA)) == ["Anna Jürgens"]
    assert names(reading.inbox(Wanted(words="ozge example"), ADA)) == ["Özge Kaya"]
    assert names(reading.inbox(Wanted(words="%"), ADA)) == []
    assert names(reading.inbox(Wanted(posting="clearing"), ADA)) == ["Özge Kaya"]
    assert names(reading.inbox(Wanted(stage="screening"), ADA)) == ["Anna Jürgens"]
    assert names(reading.inbox(Wanted(posting="clearing", stage="screening"), ADA)) == []
    assert reading.inbox(Wanted(), ADA, 99).page == 1


def test_what_one_member_has_read_is_still_unread_for_another(board):
    applicant = board.applicant("mitglieder")
    application = board.application(applicant)
    service.read(application.id, ADA, application.changed_at)
    assert (reading.unread(ADA), reading.unread(LEA)) == (0, 1)
    applicant.write("Noch etwas.")
    board.take_in()
    assert reading.unread(ADA) == 1
    assert [line.unread for line in reading.inbox(Wanted(unread=True), ADA).items] == [True]


def test_the_boards_own_wording_is_taken_until_it_is_emptied(vault):
    letters.change(letters.REJECTION, "de", "Liebe:r {name}, diesmal nicht. {datum}")
    text = letters.filled_in(letters.REJECTION, "de", {"name": "Amira", "posting": "x"})
    assert text == "Liebe:r Amira, diesmal nicht. {datum}"
    letters.change(letters.REJECTION, "de", "")
    assert LetterTemplate.select().count() == 0
    assert letters.template(letters.REJECTION, "de") == letters.DEFAULTS[letters.REJECTION, "de"]
    with pytest.raises(ValueError, match="no such letter"):
        letters.change("love", "de", "x")


@pytest.mark.parametrize("kind", letters.KINDS)
def test_every_letter_has_both_languages_and_known_places_only(kind):
    for language in letters.LANGUAGES:
        filled = letters.DEFAULTS[kind, language].format_map(dict.fromkeys(letters.PLACES, ""))
        assert "{" not in filled
