"""Working on a case as several do: no word typed is lost, nobody answers past a colleague, what was wrong is taken back, the work is handed over."""

from datetime import timedelta

import pytest

from app.clock import utc_now
from compartments.counsel.cases import desk as desks
from compartments.counsel.cases import timeline, work
from compartments.counsel.cases.opened import Kind
from compartments.counsel.consents import service as consents
from compartments.counsel.incidents import service as incidents
from compartments.counsel.incidents.models import Consultation
from keys.randomness import new_id
from tests.compartments.counsel.conftest import DAY, Seeker
from tests.compartments.counsel.test_case_pages import ENGLISH, post
from tests.pages import fill, words

NOW = utc_now()
DRAFT = "Was ich gerade schreibe"


@pytest.fixture
def address(office, seeker):
    seeker.write_in("conny", "ravi")
    return f"/counsel/cases/{seeker.visit.case}"


@pytest.fixture
def conny(office, address):
    return office["conny"].client()


@pytest.fixture
def ravi(office, address):
    return office["ravi"].client()


def opened(office, address, name="conny"):
    return office.desk(name).open(address.rpartition("/")[2], now=NOW)


@pytest.mark.parametrize("action", ["/seen", "/take", "/done"])
def test_what_was_typed_is_still_there_after_another_button(conny, address, action):
    post(conny, f"{address}/add/need", text="Nicht allein hingehen")
    page = fill(conny, conny.get(address), action, text=DRAFT)
    assert page.status_code == 200
    assert f"{DRAFT}</textarea>" in page.text
    answer = fill(conny, page, "/answer", text=DRAFT)
    assert answer.status_code == 303
    assert DRAFT in conny.get(answer.location).text


def test_whoever_answers_at_once_with_a_colleague_reads_the_colleagues_answer_first(
    office, conny, ravi, address, seeker
):
    stale = ravi.get(address, headers=ENGLISH)
    post(conny, address, "/answer", text="Connys Antwort")
    page = fill(ravi, stale, "/answer", text="Ravis Antwort")
    assert page.status_code == 200
    assert "Connys Antwort" in page.text
    assert "Ravis Antwort</textarea>" in page.text
    conny.get("/counsel/")
    assert [one["text"] for one in seeker.look().answers if one["kind"] == "answer"] == ["Connys Antwort"]
    assert fill(ravi, page, "/answer", text="Ravis Antwort").status_code == 303
    ravi.get("/counsel/")
    said = [one["text"] for one in seeker.look().answers if one["kind"] == "answer"]
    assert said == ["Connys Antwort", "Ravis Antwort"]


def test_what_the_person_wrote_while_one_was_answering_is_read_first(conny, address, seeker):
    page = conny.get(address)
    seeker.write(new_id(), {"kind": "message", "text": "Bitte doch nicht anrufen"})
    answer = fill(conny, page, "/answer", text="Ich rufe an")
    assert answer.status_code == 200
    assert "Bitte doch nicht anrufen" in answer.text.partition('id="answer"')[0]


def test_what_was_written_into_the_wrong_case_is_taken_back_by_whoever_wrote_it(office, conny, ravi, address):
    for kind, more in (("note", {}), ("contact", {"day": DAY.isoformat(), "channel": "phone"})):
        post(conny, f"{address}/add/{kind}", text="Gehört zu einem anderen Fall", **more)
    with office.vault("conny"):
        written = [one.id for one in opened(office, address).entries(Kind.NOTE, Kind.CONTACT)]
        assert Consultation.select().count() == 1
    for entry in written:
        assert ravi.get(f"{address}/entries/{entry}/strike").status_code == 404
        assert f"{entry}/strike" in conny.get(f"{address}/entries/{entry}").text
        page = words(post(conny, f"{address}/entries/{entry}/strike"))
    assert "Gehört zu einem anderen Fall" not in page
    assert "Struck out something of their own" in words(conny.get(address, headers=ENGLISH))
    with office.vault("conny"):
        assert Consultation.select().count() == 0


def test_nothing_of_somebody_elses_is_struck_out(office, conny, ravi, address, seeker):
    post(conny, f"{address}/add/note", text="Connys Notiz")
    with office.vault("ravi"):
        case = opened(office, address, "ravi")
        for entry in case.entries(Kind.NOTE, Kind.RECEIVED, Kind.CONSENT):
            with pytest.raises(LookupError):
                work.strike(case, entry.id, now=NOW)
        assert len(case.entries(Kind.NOTE)) == 1


def test_the_work_is_handed_over_and_the_person_learns_who_is_in_charge(office, conny, ravi, address, seeker):
    post(conny, address, "/take")
    page = words(post(conny, address, "/hand-over", account=office["ravi"].account_id))
    assert "ravi" in page
    ravi.get("/counsel/")
    assert seeker.look().standing["in_charge"] == "ravi"
    with office.vault("conny"):
        events = opened(office, address).entries(Kind.EVENT)
        assert [(one.data["what"], one.data.get("with")) for one in events] == [
            ("taken", None),
            ("handed-over", "ravi"),
        ]
    again = fill(conny, conny.get(address), "/take")
    fill(conny, conny.get(again.location), "/hand-over", account=office["tove"].account_id)
    conny.get("/counsel/")
    assert seeker.look().standing["in_charge"] == "Conny Vertrauen", "tove doesn't read the case"


def test_the_answer_of_a_service_stands_with_the_referral(office, conny, address):
    with office.vault("conny"):
        case, consent, made = opened(office, address), new_id(), new_id()
        given = {"form": "spoken", "given_on": DAY, "entry_id": consent, "now": NOW}
        consents.note(case, "referral", "Leuchtfeuer", "Anliegen", **given)
        incidents.step_outside(case, consent, "referral", way="Telefon", entry_id=made, now=NOW)
        version = case.entry(made).version
        consents.note_answer(case, made, "Am Montag um zehn", answered_on=DAY, version=version, now=NOW)
    assert "Am Montag um zehn" in words(conny.get(address))


def test_a_talk_stands_on_its_own_day_and_claims_no_hour(office, address):
    before = DAY - timedelta(days=9)
    with office.vault("conny"):
        case = opened(office, address)
        talk = {"text": "Am Telefon", "day": before.isoformat(), "channel": "phone"}
        work.write(case, Kind.CONTACT, talk, entry_id=new_id(), now=NOW)
        (item,) = [one for one in timeline.of(case) if one.kind == Kind.CONTACT]
    assert (item.day, item.has_hour) == (before, False)


def test_a_closed_case_says_that_the_person_has_written_again(conny, address, seeker):
    post(conny, f"{address}/close", text="", word="")
    seeker.write(new_id(), {"kind": "message", "text": "Noch etwas"})
    page = conny.get(address, headers=ENGLISH)
    assert "The person has written again" in words(page)
    post(conny, address, "/reopen")
    assert 'id="answer"' in conny.get(address).text


def test_cases_are_found_by_name_person_and_number_and_by_who_is_in_charge(office, conny, address):
    case = address.rpartition("/")[2]
    post(conny, f"{address}/description", title="Übergriff am Hafen")
    post(conny, "/counsel/cases/new", title="Nach dem Treffen", origin="phone", text="Am Telefon")
    post(conny, f"{address}/add/follow-up", text="Nachfragen", due_on=(DAY + timedelta(days=3)).isoformat())

    def found(client=conny, **wanted):
        page = post(client, "/counsel/cases", "/found", **wanted)
        return [name for name in ("Übergriff am Hafen", "Nach dem Treffen") if name in page.text]

    assert found(words="übergriff") == ["Übergriff am Hafen"]
    assert found(words="TREFFEN") == ["Nach dem Treffen"]
    assert found(words="sonstwas") == []
    assert found(mine="1") == ["Nach dem Treffen"]
    assert len(found(order="date")) == 2
    with office.vault("conny"):
        desk = office.desk("conny")
        by_date = desks.search(desk, "", mine=False, by_date=True).items
        assert [one.id == case for one in by_date] == [True, False]
        number = desk.open(case, now=NOW).row.number
    assert found(words=str(number)) == ["Übergriff am Hafen"]
    for _each in range(2):
        Seeker(office).write_in("tove")
    assert found(office["tove"].client(), words="hafen") == []
