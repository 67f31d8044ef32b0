"""Asking a person, and what their answer allows: they know what for, nothing is done twice by mistake, and what is noted is what happened."""

from datetime import timedelta

import pytest

from app.clock import utc_now
from compartments.counsel.cases.opened import Kind
from compartments.counsel.consents import service
from compartments.counsel.consents.service import REFERRAL
from keys.randomness import new_id
from tests.app.public import counselled
from tests.app.public.applicant import Applicant
from tests.compartments.counsel.conftest import DAY
from tests.compartments.counsel.test_case_pages import ENGLISH, post
from tests.pages import fill, read, visit_and_fill, words

NOW = utc_now()
TYPED = {"step": REFERRAL, "recipient": "Leuchtfeuer", "content": "Anliegen", "purpose": "Beratung am Ort"}


@pytest.fixture
def conny(office, seeker):
    seeker.write_in("conny")
    return office["conny"].client()


@pytest.fixture
def case(seeker):
    return f"/counsel/cases/{seeker.visit.case}"


def entries(office, seeker, kind=Kind.CONSENT):
    with office.vault("conny"):
        found = office.desk("conny").open(seeker.visit.case, now=NOW).entries(kind)
    return [one for one in found if one.data.get("step") != service.STATISTICS]


def decide(seeker, consent, decision):
    seeker.write(new_id(), {"kind": "consent", "consent": consent, "decision": decision})


def given(office, seeker, conny, case, path="consents/new", **typed):
    """Ask on the page, and let the person agree; return the consent's id."""
    visit_and_fill(conny, f"{case}/{path}", form="online", **(typed or TYPED))
    (asked,) = entries(office, seeker)
    decide(seeker, asked.id, "given")
    return asked.id


def main(page):
    return page.text.partition("<main")[2].partition("</main")[0]


def test_the_person_reads_what_it_is_for_and_who_asks_before_they_decide(office, seeker, conny, case):
    visit_and_fill(conny, f"{case}/consents/new", form="online", **TYPED)
    person = counselled.come_back(Applicant(office.cast.outsider()), seeker.code)
    assert "Beratung am Ort" in person.page
    assert "Who asks you" in person.page
    (asked,) = entries(office, seeker)
    assert "Beratung am Ort" in person.press(f"agree:{asked.id}").page


def test_nobody_is_asked_without_a_purpose_and_the_button_says_whom_it_reaches(office, seeker, conny, case):
    account = office["ravi"].account_id
    for path, typed in (
        ("consents/new", {**TYPED, "purpose": ""}),
        ("colleague", {"account": account, "purpose": " "}),
    ):
        page = visit_and_fill(conny, f"{case}/{path}", form="online", **typed)
        assert 'id="purpose-error"' in page.text
        shown = main(conny.get(f"{case}/{path}", headers=ENGLISH))
        assert shown.count("btn-primary") == 1
        assert "Ask the person</button>" in shown
    assert entries(office, seeker) == []


def test_who_can_not_be_asked_here_is_noted_only(office):
    conny = office["conny"].client()
    begun = visit_and_fill(conny, "/counsel/cases/new", title="Anruf", origin="phone", text="Anruf")
    assert begun.status_code == 303, words(begun)
    shown = main(conny.get(f"{begun.location}/consents/new"))
    assert 'value="online"' not in shown
    assert shown.count("btn-primary") == 1
    page = visit_and_fill(conny, f"{begun.location}/consents/new", form="online", **TYPED)
    assert (page.status_code, "error-summary" in page.text) == (200, True)


def test_a_step_that_is_done_is_no_longer_the_next_thing_to_press(office, seeker, conny, case):
    consent = given(office, seeker, conny, case)
    use = f"{case}/consents/{consent}/use"
    assert f'btn-primary btn-sm" href="{use}"' in conny.get(f"{case}/consents").text
    post(conny, use, way="Brief")
    shown = conny.get(f"{case}/consents", headers=ENGLISH).text
    assert f'btn-primary btn-sm" href="{use}"' not in shown
    assert "Do it once more" in shown
    again = conny.get(use, headers=ENGLISH)
    assert "This was done already" in words(again)
    assert "btn-primary" not in main(again)


def test_a_colleague_is_let_in_once(office, seeker, conny, case):
    account = office["ravi"].account_id
    consent = given(office, seeker, conny, case, "colleague", account=account, purpose="Vertretung")
    use = f"{case}/consents/{consent}/use"
    shown = conny.get(use)
    for _twice in range(2):
        assert fill(conny, shown).status_code == 303
    events = [one for one in entries(office, seeker, Kind.EVENT) if one.data["what"] == "shared"]
    assert len(events) == 1
    page = conny.get(f"{case}/consents", headers=ENGLISH)
    assert "ravi reads the case" in words(page)
    assert use not in page.text
    assert read(conny.get(use)) == []


def test_what_had_gone_out_before_a_withdrawal_was_read_is_noted_and_the_recipient_is_told(
    office, seeker, conny, case
):
    consent = given(office, seeker, conny, case)
    shown = conny.get(f"{case}/consents/{consent}/use")
    decide(seeker, consent, "withdrawn")
    conny.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    refused = fill(conny, shown, way="Am Telefon")
    assert "The person has withdrawn this consent" in words(refused)
    assert "Nothing is noted as passed on" in words(refused)
    assert 'value="Am Telefon"' in refused.text
    assert entries(office, seeker, Kind.REFERRAL) == []
    noted = fill(conny, refused, "/happened")
    assert "Leuchtfeuer already received something" in words(conny.get(noted.location))
    (step,) = entries(office, seeker, Kind.REFERRAL)
    assert (step.data["way"], step.data["done_on"]) == ("Am Telefon", DAY.isoformat())
    person = counselled.come_back(Applicant(office.cast.outsider()), seeker.code)
    assert "before the counsellors had read" in person.page
    assert "noted nothing as passed on" not in person.page


def test_who_notes_it_late_while_the_person_agrees_again_is_led_to_the_step_with_what_they_typed(
    office, seeker, conny, case
):
    consent = given(office, seeker, conny, case)
    decide(seeker, consent, "withdrawn")
    shown = conny.get(f"{case}/consents/{consent}/happened")
    decide(seeker, consent, "given")
    led = fill(conny, shown, way="Am Telefon", done_on=DAY.isoformat())
    assert led.status_code == 200
    assert 'value="Am Telefon"' in led.text
    assert entries(office, seeker, Kind.REFERRAL) == []
    assert fill(conny, led, "/use", way="Am Telefon").status_code == 303
    (step,) = entries(office, seeker, Kind.REFERRAL)
    assert step.data["way"] == "Am Telefon"


def test_nothing_is_noted_that_is_still_to_come_or_was_never_agreed_to(office, seeker, conny, case):
    consent = given(office, seeker, conny, case)
    late = f"{case}/consents/{consent}/happened"
    assert conny.get(late).status_code == 404
    decide(seeker, consent, "refused")
    page = visit_and_fill(conny, late, way="Brief", done_on=(DAY + timedelta(days=2)).isoformat())
    assert 'id="done_on-error"' in page.text
    assert entries(office, seeker, Kind.REFERRAL) == []
    visit_and_fill(conny, f"{case}/consents/new", form="online", **TYPED)
    other = next(one.id for one in entries(office, seeker) if one.id != consent)
    decide(seeker, other, "refused")
    assert conny.get(f"{case}/consents/{other}/happened").status_code == 404


@pytest.mark.parametrize("day", [DAY + timedelta(days=2), DAY - timedelta(days=1)])
def test_a_service_has_answered_neither_tomorrow_nor_before_it_was_asked(office, seeker, conny, case, day):
    consent = given(office, seeker, conny, case)
    post(conny, f"{case}/consents/{consent}/use", way="Brief")
    (step,) = entries(office, seeker, Kind.REFERRAL)
    page = visit_and_fill(
        conny, f"{case}/referrals/{step.id}", answered_on=day.isoformat(), answer="Termin am dritten"
    )
    assert 'id="answered_on-error"' in page.text
    assert "Termin am dritten" in page.text
