"""What the person takes back: it counts at once, the counsellors can't overlook it, and whoever had received something is told."""

import pytest

from app.clock import utc_now
from compartments.counsel.cases import work
from compartments.counsel.cases.opened import Kind, NoCase
from compartments.counsel.consents import service
from compartments.counsel.incidents import service as incidents
from compartments.counsel.incidents.models import Consultation
from compartments.counsel.services.models import Service
from keys.randomness import new_id
from tests.compartments.counsel.conftest import DAY
from tests.compartments.counsel.test_case_pages import post
from tests.pages import visit_and_fill, words

NOW = utc_now()
ENGLISH = {"Accept-Language": "en"}


def noted(office, seeker, step, recipient, account=""):
    """A consent in force, on conny's word."""
    consent = new_id()
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        service.note(
            case, step, recipient, "Anliegen", form="spoken", given_on=DAY, entry_id=consent, now=NOW, account=account
        )  # fmt: skip
        office.take_in()
    return consent


def withdraws(seeker, consent):
    seeker.write(new_id(), {"kind": "consent", "consent": consent, "decision": "withdrawn"})


@pytest.fixture
def referred(office, seeker):
    seeker.write_in("conny", "ravi")
    consent = noted(office, seeker, "referral", "Leuchtfeuer")
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        incidents.step_outside(case, consent, "referral", way="Brief", entry_id=new_id(), now=NOW)
        office.take_in()
    return consent


def test_a_withdrawal_stands_on_the_start_the_list_and_the_case_until_the_service_was_told(
    office, seeker, referred
):
    ravi, case = office["ravi"].client(), f"/counsel/cases/{seeker.visit.case}"
    withdraws(seeker, referred)
    assert "Consent withdrawn" in words(ravi.get("/counsel/", headers=ENGLISH))
    assert "consent withdrawn" in words(ravi.get("/counsel/cases", headers=ENGLISH))
    page = words(ravi.get(case, headers=ENGLISH))
    assert "The person has withdrawn a consent" in page
    assert "Leuchtfeuer already received something" in page
    post(ravi, case, f"{referred}/recalled")
    assert "already received something" not in words(ravi.get(case, headers=ENGLISH))
    assert "Consent withdrawn" not in words(ravi.get("/counsel/", headers=ENGLISH))
    (told,) = [one for one in seeker.look().standing["consents"] if one["id"] == referred]
    assert told["recalled_on"] == DAY.isoformat()
    assert visit_and_fill(ravi, case, "/answer", text="Erledigt.").status_code == 303


def test_a_consent_that_was_given_again_is_nothing_to_tell_anybody_of(office, seeker, referred):
    ravi, case = office["ravi"].client(), f"/counsel/cases/{seeker.visit.case}"
    withdraws(seeker, referred)
    assert "already received something" in words(ravi.get(case, headers=ENGLISH))
    seeker.write(new_id(), {"kind": "consent", "consent": referred, "decision": "given"})
    for path in ("/counsel/", "/counsel/cases", case):
        shown = words(ravi.get(path, headers=ENGLISH))
        assert "already received something" not in shown
        assert "onsent withdrawn" not in shown
    with office.vault("ravi"), pytest.raises(service.NoConsent):
        service.recalled(office.desk("ravi").open(seeker.visit.case, now=NOW), referred, now=NOW)


def test_whoever_withdraws_a_second_time_does_not_read_that_the_service_knows_of_it(office, seeker, referred):
    ravi, case = office["ravi"].client(), f"/counsel/cases/{seeker.visit.case}"
    withdraws(seeker, referred)
    ravi.get(case)
    post(ravi, case, f"{referred}/recalled")
    for decision in ("given", "withdrawn"):
        seeker.write(new_id(), {"kind": "consent", "consent": referred, "decision": decision})
        ravi.get(case)
    with office.vault("ravi"):
        told = office.desk("ravi").open(seeker.visit.case, now=NOW).entry(referred).data
    assert (told["decision"], told.get("recalled_on")) == ("withdrawn", None)
    assert "already received something" in words(ravi.get(case, headers=ENGLISH))


def test_a_counsellor_notes_a_withdrawal_on_a_page_of_its_own_and_never_with_one_press(
    office, seeker, referred
):
    conny, case = office["conny"].client(), f"/counsel/cases/{seeker.visit.case}"
    shown = conny.get(f"{case}/consents").text
    assert f'action="{case}/consents/{referred}/withdraw"' not in shown
    assert f'href="{case}/consents/{referred}/withdraw"' in shown
    page = post(conny, f"{case}/consents/{referred}/withdraw")
    assert "Leuchtfeuer" in page.text
    assert conny.get(f"{case}/consents/{referred}/withdraw").status_code == 404
    assert "Leuchtfeuer already received something" in words(conny.get(case, headers=ENGLISH))


def test_a_colleague_let_in_on_a_consent_reads_nothing_any_more_once_it_is_withdrawn(office, seeker):
    seeker.write_in("conny")
    account = office["tove"].account_id
    consent = noted(office, seeker, "colleague", "tove", account)
    with office.vault("conny"):
        desk = office.desk("conny")
        case = desk.open(seeker.visit.case, now=NOW)
        service.let_in(case, desk.ring, consent, desk.others, now=NOW)
        office.take_in()
    with office.vault("tove"):
        assert office.desk("tove").open(seeker.visit.case, now=NOW).entries(Kind.RECEIVED)
    withdraws(seeker, consent)
    # Whoever of them opens it first: what has come is taken in before anything is shown.
    with office.vault("tove"), pytest.raises(NoCase):
        office.desk("tove").open(seeker.visit.case, now=NOW)
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        assert list(case.head.readers) == [office["conny"].account_id]
        assert [
            one.data["who"] for one in case.entries(Kind.EVENT) if one.data["what"] == "consent-ended"
        ] == [["tove"]]
        assert [one.consent.id for one in service.to_recall(case)] == [consent]


def test_the_figures_can_be_refused_before_anybody_has_answered(office, seeker):
    seeker.write_in("conny")
    withdraws(seeker, service.STATISTICS)
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        assert not service.may_count(case)
        work.reply(case, "Guten Tag", entry_id=new_id(), now=NOW)
        assert Consultation.select().count() == 0
        office.take_in()
    (told,) = [one for one in seeker.look().standing["consents"] if one["step"] == service.STATISTICS]
    assert told["decision"] == "withdrawn"


def test_what_was_said_no_to_is_called_so_and_no_tick_is_no_refusal(office, seeker):
    seeker.write_in("conny", statistics=False)
    case, conny = f"/counsel/cases/{seeker.visit.case}", office["conny"].client()
    page = words(conny.get(f"{case}/consents", headers=ENGLISH))
    assert "May not be counted" in page
    assert "The person said no" not in page
    with office.vault("conny"):
        opened = office.desk("conny").open(seeker.visit.case, now=NOW)
        asked = service.ask(opened, "referral", "Leuchtfeuer", "Anliegen", entry_id=new_id(), now=NOW)
        office.take_in()
    seeker.write(new_id(), {"kind": "consent", "consent": asked.id, "decision": "refused"})
    assert "The person said no" in words(conny.get(f"{case}/consents", headers=ENGLISH))


def test_asking_is_not_called_a_consent_and_services_of_the_directory_are_offered(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        Service.create(id=new_id(), name="Leuchtfeuer", region="Hafen", phone="040 1234")
    conny, case = office["conny"].client(), f"/counsel/cases/{seeker.visit.case}"
    conny.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    path = f"{case}/consents/new"
    assert '<option value="Leuchtfeuer">' in conny.get(path).text
    typed = {"step": "referral", "recipient": "Leuchtfeuer", "content": "Anliegen", "purpose": "Beratung"}
    asked = visit_and_fill(conny, path, **typed, form="online")
    assert "The question waits for the person" in words(conny.get(asked.location, headers=ENGLISH))
    noted = visit_and_fill(conny, path, **typed, form="spoken")
    page = conny.get(noted.location, headers=ENGLISH)
    assert "The consent is noted, and in force" in words(page)
    (use,) = {part.split('"')[0] for part in page.text.split('href="') if part.split('"')[0].endswith("/use")}
    assert "040 1234" in conny.get(use).text
