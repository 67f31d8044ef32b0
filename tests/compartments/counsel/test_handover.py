"""Who else may come in, and the only reader of a case who can't go on with it: no dead end, and nobody comes in without the person's word."""

import pytest

from app.clock import utc_now
from app.vault.models import TrustedKey
from compartments.counsel.cases.opened import Kind, NoCase
from compartments.counsel.consents import service
from compartments.counsel.consents.service import COLLEAGUE
from keys.randomness import new_id
from tests.app.public import counselled
from tests.app.public.applicant import Applicant
from tests.compartments.counsel.test_case_pages import ENGLISH
from tests.pages import fill, visit_and_fill, words

NOW = utc_now()


@pytest.fixture
def case(office, seeker):
    seeker.write_in("conny", language="en")
    return f"/counsel/cases/{seeker.visit.case}"


@pytest.fixture
def conny(office, case):
    client = office["conny"].client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def consent_of(office, seeker):
    with office.vault("conny"):
        entries = office.desk("conny").open(seeker.visit.case, now=NOW).entries(Kind.CONSENT)
    return next(one.id for one in entries if one.data["step"] == COLLEAGUE)


def decide(seeker, consent, decision):
    seeker.write(new_id(), {"kind": "consent", "consent": consent, "decision": decision})


def test_who_can_not_go_on_tells_the_person_at_once_and_asks_who_takes_over(office, seeker, conny, case):
    assert "it would be lost" in words(conny.get(f"{case}/readers"))
    asking = conny.get(f"{case}/cannot-go-on")
    text = words(asking).partition("To the person")[2]
    assert "I step out at once" in text
    for _twice in range(2):
        told = fill(conny, asking, text="I can't go on.", account=office["ravi"].account_id)
        assert "hasn't decided yet" in words(conny.get(told.location))
    person = counselled.come_back(Applicant(office.cast.outsider()), seeker.code)
    assert person.page.count("I can&#39;t go on.") == 1
    assert person.page.count('value="agree:') == 1
    assert "Whoever asks you steps out then" in person.page


def test_as_soon_as_they_agree_the_case_is_handed_over_in_one_step(office, seeker, conny, case):
    visit_and_fill(conny, f"{case}/cannot-go-on", text="Leider.", account=office["ravi"].account_id)
    decide(seeker, consent_of(office, seeker), "given")
    page = conny.get(f"{case}/readers")
    assert "Hand over to ravi and step out" in words(page)
    assert fill(conny, page, "/take-over", reason="Verwandt").status_code == 303
    assert conny.get(case).status_code == 404
    with office.vault("conny"), pytest.raises(NoCase):
        office.desk("conny").open(seeker.visit.case, now=NOW)
    with office.vault("ravi"):
        head = office.desk("ravi").open(seeker.visit.case, now=NOW).head
    assert (list(head.readers), head.in_charge) == ([office["ravi"].account_id], office["ravi"].account_id)
    assert seeker.look().standing["counsellors"] == ["ravi"]


def test_a_reason_that_can_not_be_taken_stays_on_the_page(office, seeker, conny, case):
    visit_and_fill(conny, f"{case}/cannot-go-on", text="Leider.", account=office["ravi"].account_id)
    decide(seeker, consent_of(office, seeker), "given")
    refused = fill(conny, conny.get(f"{case}/readers"), "/take-over", reason="Verwandt " * 100)
    assert refused.status_code == 200
    assert "Verwandt Verwandt" in refused.text
    assert fill(conny, refused, "/take-over", reason="Verwandt").status_code == 303


def test_who_takes_the_yes_back_in_between_keeps_the_case_as_it_was(office, seeker, conny, case):
    visit_and_fill(conny, f"{case}/cannot-go-on", text="Leider.", account=office["ravi"].account_id)
    consent = consent_of(office, seeker)
    decide(seeker, consent, "given")
    page = conny.get(f"{case}/readers")
    decide(seeker, consent, "withdrawn")
    fill(conny, page, "/take-over", reason="Verwandt")
    assert conny.get(case).status_code == 200
    with office.vault("ravi"), pytest.raises(NoCase):
        office.desk("ravi").open(seeker.visit.case, now=NOW)


def test_a_case_whose_person_agreed_no_longer_asks_to_ask_and_lets_in_with_one_press(
    office, seeker, conny, case
):
    assert "You are the only one" in words(conny.get(case))
    account = office["ravi"].account_id
    visit_and_fill(conny, f"{case}/colleague", form="spoken", purpose="Urlaub", account=account)
    page = words(conny.get(case))
    assert "agrees that ravi reads along" in page
    assert "You are the only one" not in page
    assert "The person agrees: let a colleague in" in words(conny.get("/counsel/"))
    fill(conny, conny.get(f"{case}/readers"), "/use")
    assert "reads along" not in words(conny.get(case))
    assert office["ravi"].client().get(case).status_code == 200


def test_where_nobody_else_may_read_the_person_is_told_that(office, seeker):
    seeker.write_in("conny", excluded=[office[name].account_id for name in ("ravi", "tove")], language="en")
    conny = office["conny"].client()
    page = conny.get(f"/counsel/cases/{seeker.visit.case}/cannot-go-on", headers=ENGLISH)
    assert 'name="account"' not in page.text
    assert "nobody else here who could take over" in words(page)
    assert fill(conny, page, text="Es tut mir leid.").status_code == 303
    assert [one["text"] for one in seeker.look().answers if one["text"]] == ["Es tut mir leid."]


def test_nobody_is_handed_over_to_without_a_consent(office, seeker, conny, case):
    visit_and_fill(conny, f"{case}/cannot-go-on", text="Leider.", account=office["ravi"].account_id)
    consent, page = consent_of(office, seeker), conny.get(f"{case}/readers")
    fields = {"csrf_token": token(page), "reason": "Verwandt"}
    assert conny.post(f"{case}/consents/{consent}/take-over", data=fields).status_code == 303
    with office.vault("conny"):
        opened = office.desk("conny").open(seeker.visit.case, now=NOW)
        assert list(opened.head.readers) == [office["conny"].account_id]
        assert service.in_force(opened, COLLEAGUE) == []


def test_nobody_hands_over_to_who_can_not_get_the_key_at_present(office, seeker, conny, case):
    """Ravi reads the case already, and his published keys aren't those that the office knows: nothing may be sealed to them."""
    visit_and_fill(conny, f"{case}/cannot-go-on", text="Leider.", account=office["ravi"].account_id)
    decide(seeker, consent_of(office, seeker), "given")
    page = conny.get(f"{case}/readers")
    fill(conny, page, "/use")
    with office.vault("conny"):
        TrustedKey.delete().where(TrustedKey.holder == office["ravi"].account_id).execute()
    assert fill(conny, page, "/take-over", reason="Verwandt").status_code == 303
    assert conny.get(case).status_code == 200


def token(page):
    return page.text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


def test_a_case_that_one_does_not_read_looks_like_one_that_is_not_there(office, case):
    tove = office["tove"].client()
    pages = [tove.get(path, headers=ENGLISH) for path in (case, f"/counsel/cases/{new_id()}")]
    assert [page.status_code for page in pages] == [404, 404]
    assert "You don't read such a case" in words(pages[0])
    assert words(pages[0]) == words(pages[1])
