"""No outward step without a consent in force for that step, recipient and content; withdrawal counts at once."""

import pytest

from app.clock import utc_now
from compartments.counsel.cases import readers
from compartments.counsel.cases.opened import Kind
from compartments.counsel.consents import service
from compartments.counsel.consents.service import COLLEAGUE, PASSING_ON, REFERRAL, NoConsent
from keys.randomness import new_id
from tests.compartments.counsel.conftest import DAY
from tests.compartments.counsel.test_case_pages import post
from tests.pages import visit_and_fill

NOW = utc_now()


@pytest.fixture
def asked(office, seeker):
    """A consent to a referral that the person was asked for."""
    seeker.write_in("conny")
    consent = new_id()
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        service.ask(case, REFERRAL, "Wildwasser", "Vorname und Telefon", entry_id=consent, now=NOW)
        office.take_in()
    return consent


def refer(office, seeker, consent, step=REFERRAL):
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        return service.step_outside(case, consent, step, way="Brief", entry_id=new_id(), now=NOW)


def test_what_is_only_asked_allows_nothing(office, seeker, asked):
    with pytest.raises(NoConsent):
        refer(office, seeker, asked)


def test_the_person_sees_the_question_and_decides_and_then_the_step_is_made_as_agreed(office, seeker, asked):
    (question,) = [one for one in seeker.look().standing["consents"] if one["step"] == REFERRAL]
    assert (question["recipient"], question["content"], question["decision"]) == (
        "Wildwasser",
        "Vorname und Telefon",
        "asked",
    )
    seeker.write(new_id(), {"kind": "consent", "consent": asked, "decision": "given"})
    done = refer(office, seeker, asked)
    assert (done.data["recipient"], done.data["content"]) == ("Wildwasser", "Vorname und Telefon")


def test_a_withdrawal_counts_before_anything_else_is_done(office, seeker, asked):
    seeker.write(new_id(), {"kind": "consent", "consent": asked, "decision": "given"})
    refer(office, seeker, asked)
    seeker.write(new_id(), {"kind": "consent", "consent": asked, "decision": "withdrawn"})
    with pytest.raises(NoConsent):
        refer(office, seeker, asked)


def test_of_two_decisions_that_wait_together_the_later_counts(office, seeker, asked):
    for minute, decision in enumerate(("given", "withdrawn", "given", "refused")):
        seeker.write(
            new_id(),
            {"kind": "consent", "consent": asked, "decision": decision},
            now=NOW.replace(hour=1, minute=minute),
        )
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        assert case.entry(asked).data["decision"] == "refused"


def test_a_consent_is_for_one_step_only(office, seeker, asked):
    seeker.write(new_id(), {"kind": "consent", "consent": asked, "decision": "given"})
    with pytest.raises(NoConsent):
        refer(office, seeker, asked, PASSING_ON)


def test_nobody_is_let_in_without_the_persons_word(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        desk = office.desk("conny")
        case = desk.open(seeker.visit.case, now=NOW)
        consent = service.ask(
            case, COLLEAGUE, "ravi", "*", entry_id=new_id(), now=NOW, account=office["ravi"].account_id
        )
        with pytest.raises(NoConsent):
            service.let_in(case, desk.ring, consent.id, desk.others, now=NOW)
        office.take_in()
    seeker.write(new_id(), {"kind": "consent", "consent": consent.id, "decision": "given"})
    with office.vault("conny"):
        desk = office.desk("conny")
        service.let_in(desk.open(seeker.visit.case, now=NOW), desk.ring, consent.id, desk.others, now=NOW)
        office.take_in()
    with office.vault("ravi"):
        assert office.desk("ravi").open(seeker.visit.case, now=NOW).entries(Kind.RECEIVED)


def test_somebody_excluded_is_not_let_in_even_with_a_consent(office, seeker):
    seeker.write_in("conny", excluded=[office["ravi"].account_id])
    with office.vault("conny"):
        desk = office.desk("conny")
        case = desk.open(seeker.visit.case, now=NOW)
        consent = service.note(
            case,
            COLLEAGUE,
            "ravi",
            "*",
            form="spoken",
            given_on=DAY,
            entry_id=new_id(),
            now=NOW,
            account=office["ravi"].account_id,
        )
        with pytest.raises(readers.LeftOut):
            service.let_in(case, desk.ring, consent.id, desk.others, now=NOW)


def test_counting_needs_the_word_that_was_asked_for(office, seeker):
    seeker.write_in("conny", statistics=False)
    with office.vault("conny"):
        assert not service.may_count(office.desk("conny").open(seeker.visit.case, now=NOW))


def test_the_pages_lead_from_the_question_to_the_answer_of_the_service(office, seeker):
    seeker.write_in("conny")
    case, conny = seeker.visit.case, office["conny"].client()
    page = post(
        conny,
        f"/counsel/cases/{case}/consents/new",
        step=REFERRAL,
        recipient="Wildwasser",
        content="Vorname und Telefon",
        purpose="Beratung in der Nähe",
        form="spoken",
    )
    assert "Wildwasser" in page.text
    (consent,) = [one for one in _consents(office, case) if one.data["step"] == REFERRAL]
    page = post(conny, f"/counsel/cases/{case}/consents/{consent.id}/use", way="Brief")
    with office.vault("conny"):
        (referral,) = office.desk("conny").open(case, now=NOW).entries(Kind.REFERRAL)
    page = post(
        conny,
        f"/counsel/cases/{case}/referrals/{referral.id}",
        answered_on=DAY.isoformat(),
        answer="Termin am 3.",
    )
    assert "Termin am 3." in conny.get(f"/counsel/cases/{case}/referrals/{referral.id}").text
    post(conny, f"/counsel/cases/{case}/consents/{consent.id}/withdraw")
    refused = conny.get(f"/counsel/cases/{case}/consents/{consent.id}/use")
    assert "<form" not in refused.text.partition("<main")[2].partition("</main")[0]
    assert len(_consents(office, case, Kind.REFERRAL)) == 1


def _consents(office, case, kind=Kind.CONSENT):
    with office.vault("conny"):
        return office.desk("conny").open(case, now=NOW).entries(kind)


@pytest.mark.parametrize("step", service.OUTWARD)
def test_nobody_is_asked_for_a_blank_consent(office, seeker, step):
    seeker.write_in("conny")
    case = seeker.visit.case
    page = visit_and_fill(
        office["conny"].client(), f"/counsel/cases/{case}/consents/new", step=step, form="online"
    )
    assert page.status_code == 200
    for name in ("recipient", "content", "purpose"):
        assert f'href="#{name}"' in page.text
        assert f'id="{name}-error"' in page.text
    assert [one for one in _consents(office, case) if one.data["step"] == step] == []
