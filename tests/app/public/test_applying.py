"""An application from the first page to the receipt, and what its pages forgive."""

import re

from app.shared.draft_models import DraftFile
from app.shared.models import Envelope, Mailbox
from tests.app.public import calls

CODE = re.compile(r"([a-z0-9]{5}-){3}[a-z0-9]{5}")


def stored(cast):
    with cast.shared():
        return Envelope.select().count(), Mailbox.select().count(), DraftFile.select().count()


def received(cast):
    """What the board has after its next look."""
    assert cast["board"].client().get("/board/", follow_redirects=True).status_code == 200
    with cast.vault("board"):
        from compartments.board.models import Application

        return [
            (one.name, one.motivation, [wish.posting for wish in one.wishes]) for one in Application.select()
        ]


def test_somebody_applies_for_three_offices_and_the_board_reads_it(published, applicant, pdf):
    applicant.see("/postings/membership-office/apply")
    assert applicant.heading == "What you apply for"
    applicant.fill({"postings-postings": ["membership-office", "user-support", "counsellors"]}).press("next")
    applicant.fill({"contact-name": "Jördis Öztürk", "contact-email": "joerdis@example.org"}).press("next")
    applicant.fill({"motivation-motivation": "Weil es gebraucht wird.\nUnd gern."}).press("next")
    assert "User support" in applicant.page
    applicant.fill({"questions-user-support.presence": "Montags"}).press("next")
    applicant.press("next", files={"evidence-membership-office.training.files": pdf()})
    assert applicant.heading == "Your agreement"
    applicant.fill({"consent-consent": "y", "consent-separation": "y"}).press("next")
    assert "exclude one another" in applicant.page
    assert stored(published) == (0, 0, 1)
    applicant.press("send")
    assert CODE.fullmatch(applicant.code)
    assert stored(published) == (1, 1, 0)
    wishes = ["counsellors", "membership-office", "user-support"]
    assert [(name, text, sorted(wished)) for name, text, wished in received(published)] == [
        ("Jördis Öztürk", "Weil es gebraucht wird.\nUnd gern.", wishes)
    ]


def test_files_reach_the_board_with_what_they_prove(published, applicant, pdf):
    applicant.see("/postings/membership-office/apply").press("next")
    applicant.fill({"contact-name": "Kim", "contact-email": "kim@example.org"}).press("next")
    applicant.fill({"motivation-motivation": "Gern."}).press("next")
    files = {
        "evidence-membership-office.training.files": [pdf("a.pdf"), pdf("b.pdf")],
        "evidence-general.files": pdf("cv.pdf"),
    }
    applicant.press("next", files=files)
    applicant.fill({"consent-consent": "y", "consent-separation": "y"}).press("next").press("send")
    received(published)
    with published.vault("board"):
        from compartments.board.models import ApplicationFile

        found = [
            (one.name, one.evidence_for) for one in ApplicationFile.select().order_by(ApplicationFile.name)
        ]
    assert found == [
        ("a.pdf", "Training in data protection"),
        ("b.pdf", "Training in data protection"),
        ("cv.pdf", ""),
    ]


def test_nothing_is_stored_before_send(published, applicant):
    applicant.apply()
    assert stored(published) == (0, 0, 0)


def test_a_second_click_sends_one_application_and_shows_the_same_receipt(published, applicant):
    first = applicant.apply().press("send").code
    assert applicant.again().code == first
    assert stored(published) == (1, 1, 0)


def test_a_second_click_with_files_changes_nothing_either(published, applicant, pdf):
    applicant.apply().press("to:evidence").press("next", files={"evidence-general.files": pdf()})
    first = applicant.press("send").code
    assert applicant.again().code == first
    assert stored(published) == (1, 1, 0)


def test_a_second_click_after_the_board_has_read_it_brings_no_second_one(published, applicant):
    applicant.apply().press("send")
    assert len(received(published)) == 1
    applicant.again()
    assert len(received(published)) == 1


def test_whoever_sends_a_changed_form_again_is_told_that_the_first_counts(published, applicant):
    applicant.apply().press("send")
    action, sent = applicant.last
    sent["motivation-motivation"] = "Doch lieber anders."
    applicant.send(action, sent)
    assert "The first version counts" in applicant.page
    assert stored(published) == (1, 1, 0)


def test_an_empty_page_names_what_is_missing_and_stays(applicant):
    applicant.see("/postings/user-support/apply").press("next")
    applicant.press("next")
    assert applicant.heading == "How we reach you"
    assert "Please enter your name" in applicant.page
    assert 'href="#contact-name"' in applicant.page


def test_without_any_posting_it_does_not_go_on(applicant):
    applicant.see("/postings/user-support/apply").press("next", without=["postings-postings"])
    assert "Please choose at least one posting" in applicant.page


def test_back_keeps_what_was_typed_even_where_it_is_wrong(applicant):
    applicant.see("/postings/user-support/apply").press("next")
    applicant.fill({"contact-name": "Kim", "contact-email": "no address"}).press("back")
    assert applicant.heading == "What you apply for"
    applicant.press("next")
    assert applicant.holds("contact-name") == "Kim"
    assert applicant.holds("contact-email") == "no address"


def test_change_leads_to_one_page_and_from_there_straight_back(applicant):
    applicant.apply().press("to:contact")
    applicant.fill({"contact-phone": "030 123"}).press("next")
    assert applicant.heading.startswith("Check your application")
    assert "030 123" in applicant.page


def test_adding_a_posting_at_the_end_asks_what_it_asks(applicant):
    applicant.apply().press("to:postings")
    applicant.fill({"postings-postings": ["membership-office", "user-support"]}).press("next")
    assert applicant.heading == "Questions about the office"
    applicant.fill({"questions-user-support.presence": "Immer"}).press("next")
    assert applicant.heading.startswith("Check your application")


def test_everything_is_checked_again_when_it_is_sent(published, applicant):
    applicant.apply()
    applicant.fill({"contact-email": "not an address"}).press("send")
    assert applicant.heading == "How we reach you"
    assert "Please enter an e-mail address such as" in applicant.page
    assert applicant.holds("motivation-motivation") == "Weil es gebraucht wird."
    assert stored(published) == (0, 0, 0)


def test_without_consent_nothing_is_sent(published, applicant):
    applicant.apply().press("send", without=["consent-consent"])
    assert "Without your agreement" in applicant.page
    assert stored(published) == (0, 0, 0)


def test_only_strict_offices_ask_for_the_separation(applicant):
    applicant.apply("project-lead")
    assert "Separation of offices" not in applicant.page


def test_a_sentence_is_evidence_enough_and_nothing_is_not(applicant):
    applicant.apply(**{"evidence-membership-office.training": "Ja."})
    applicant.press("to:evidence").fill({"evidence-membership-office.training": ""}).press("next")
    assert "Please add a file, or say in a sentence" in applicant.page


def test_the_receipt_says_when_all_of_it_is_erased(published, applicant):
    applicant.apply().press("send")
    with published.shared():
        day = Mailbox.select().get().expires_on
    assert str(day.year) in applicant.page
    assert day > calls.TODAY()
