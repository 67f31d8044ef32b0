"""Applying for membership: page by page, sealed to the membership office, once; withdrawn through the mailbox."""

import re

import pytest

from app.shared.models import Envelope, Mailbox
from tests.app.public.applicant import Applicant
from tests.app.public.test_canary import (  # noqa: F401
    CANARY,
    everything_logged,
    found_in,
    temporary_files,
)

PATH = "/membership-application"
FIELDS = {
    "person-first_name": "Jördis",
    "person-last_name": "Öztürk",
    "person-birth_date": "31.12.1990",
    "address-street": "Am Kai 3",
    "address-postcode": "20457",
    "address-city": "Hamburg",
    "reach-email": "joerdis@example.org",
    "background-division_wish": "Hamburg-Mitte",
    "dues-dues": "800",
    "agreement-statutes": "y",
    "agreement-consent": "y",
}


def walk(applicant, **more):
    """Type every field where it is shown, until the last page."""
    fields = {**FIELDS, **more}
    applicant.see(PATH)
    for _page in range(9):
        if applicant.heading.startswith("Check your application"):
            return applicant
        before = applicant.heading
        shown = {name: value for name, value in fields.items() if f'name="{name}"' in applicant.page}
        if applicant.fill(shown).press("next").heading == before:
            return applicant
    raise AssertionError(applicant.page)


@pytest.fixture
def applicant(cast):
    return Applicant(cast.outsider())


def waiting(cast):
    with cast.shared():
        return (
            Envelope.select().where(Envelope.recipient == "membership").count(),
            Mailbox.select().where(Mailbox.sealing_key != b"").count(),
        )


def test_an_application_is_sent_once_however_often_the_button_is_pressed(cast, applicant):
    walk(applicant).press("send")
    code = applicant.code
    assert code
    assert applicant.again().code == code
    assert waiting(cast) == (1, 1)


def test_nothing_is_stored_before_it_is_sent(cast, applicant):
    walk(applicant)
    assert "Öztürk" in applicant.text
    assert "€8" in applicant.text
    assert waiting(cast) == (0, 0)


def test_the_mailbox_shows_what_was_sent_and_withdraws_it(cast, applicant):
    code = walk(applicant).press("send").code
    applicant.see("/mailbox").fill({"code": code}).press()
    assert "Am Kai 3" in applicant.text
    assert "You applied for membership" in applicant.text
    assert "Write to the membership office" in applicant.text
    assert "Write to the board" not in applicant.text
    applicant.press(form=[form.action for form in applicant.forms()].index("/mailbox/withdraw"))
    assert "membership office" in applicant.text
    applicant.fill({"sure": "y"}).press()
    assert applicant.heading == "Application for membership withdrawn"
    assert waiting(cast) == (1, 0)  # the letter that says so


def test_the_applicant_chooses_the_language_of_the_mails(applicant):
    assert "Language English" in words_of(walk(applicant))
    assert "Language German" in words_of(walk(applicant, **{"reach-language": "de"}))
    walk(applicant, **{"reach-language": "fr"})
    assert "valid choice" in applicant.text


def words_of(applicant):
    return " ".join(re.sub(r"<[^>]+>", " ", applicant.text).split())


def test_somebody_under_age_needs_a_guardian(applicant):
    assert (
        walk(applicant, **{"person-birth_date": "2010-05-01"}).heading == "Agreement of a parent or guardian"
    )
    walk(
        applicant,
        **{
            "person-birth_date": "2010-05-01",
            "guardian-guardian_name": "Mutter Öztürk",
            "guardian-guardian_consent": "y",
        },
    )
    assert "Mutter Öztürk" in applicant.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("person-birth_date", "2015-01-01", "from the age of 14"),
        ("person-birth_date", "31.02.1990", "Enter a date"),
        ("person-birth_date", "0001-01-01", "can't be right"),
        ("person-last_name", "a\x00b", "can't be shown"),
        ("person-first_name", "x" * 5000, "at most 120"),
        ("person-citizenship", "../etc", "valid choice"),
        ("address-postcode", "1234", "five digits"),
        ("reach-email", "nobody", "such as name@example.org"),
        ("reach-phone", "javascript:1", "made of digits"),
        ("dues-dues", "1", "valid choice"),
        ("dues-dues", "other", "in euros"),
        ("agreement-statutes", "", "accept the statutes"),
        ("agreement-consent", "", "may not process"),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field(cast, applicant, field, value, said):
    walk(applicant, **{field: value})
    assert "There is a problem" in applicant.text
    assert said in applicant.text
    assert waiting(cast) == (0, 0)


def test_less_than_the_standard_dues_need_a_reason(applicant):
    walk(applicant, **{"dues-dues": "other", "dues-amount": "1,50"})
    assert "if you ask for reduced dues" in applicant.text
    walk(applicant, **{"dues-dues": "other", "dues-amount": "1,50", "dues-reduction": "y"})
    assert "Please say in a sentence" in applicant.text
    walk(
        applicant,
        **{
            "dues-dues": "other",
            "dues-amount": "1,50",
            "dues-reduction": "y",
            "dues-reason": "In Ausbildung",
        },
    )
    assert applicant.heading.startswith("Check")


def test_a_page_sent_without_the_others_sends_nothing(cast, applicant):
    applicant.see(PATH).press("send")
    assert "There is a problem" in applicant.text
    assert waiting(cast) == (0, 0)


def test_what_is_typed_is_found_nowhere(cast, applicant, everything_logged, temporary_files):  # noqa: F811
    typed = {
        "person-first_name": CANARY,
        "person-last_name": CANARY,
        "address-street": CANARY,
        "address-city": CANARY,
        "reach-email": f"{CANARY}@example.org",
        "background-other_party": CANARY * 10,
        "background-earlier_refusal": CANARY,
        "background-remarks": CANARY,
        "dues-reduction": "y",
        "dues-reason": CANARY,
        "person-birth_date": "2010-05-01",
        "guardian-guardian_name": CANARY,
        "guardian-guardian_consent": "y",
    }
    instance = cast.organisation.instance.path
    walk(applicant, **typed)
    assert found_in(instance) == []
    code = applicant.press("send").code
    assert code
    applicant.see("/mailbox").fill({"code": code}).press()
    assert CANARY in applicant.page
    assert found_in(instance) == []
    assert temporary_files == []
    assert CANARY not in everything_logged.getvalue()
    assert code not in everything_logged.getvalue()
