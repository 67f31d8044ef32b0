"""Pages of cases, as counsellors use them."""

import re
from datetime import timedelta

import pytest

from app.clock import day_of, utc_now
from app.envelopes.letter import File
from compartments.counsel.cases import deadlines, due, work
from compartments.counsel.cases.opened import Kind
from keys.randomness import new_id
from tests.compartments.counsel.conftest import Seeker
from tests.pages import fill, visit_and_fill, words

SOON = (day_of(utc_now()) + timedelta(days=10)).isoformat()
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def case_id(office, seeker):
    seeker.write_in("conny", "ravi")
    return seeker.visit.case


@pytest.fixture
def conny(office, case_id):
    client = office["conny"].client()
    assert client.get(f"/counsel/cases/{case_id}").status_code == 200
    return client


def post(client, path, action=None, **typed):
    """Fill in a page's form and follow to where it leads."""
    answer = visit_and_fill(client, path, action, **typed)
    return client.get(answer.location) if answer.status_code == 303 else answer


def test_the_list_shows_what_one_may_read_and_nothing_else(office, conny, case_id):
    page = conny.get("/counsel/cases").text
    assert case_id in page
    assert "new" in page or "neu" in page
    tove = office["tove"].client()
    assert case_id not in tove.get("/counsel/cases").text
    assert tove.get(f"/counsel/cases/{case_id}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Kind.NOTE, {"text": "Notiz eins"}),
        (Kind.CONTACT, {"text": "Notiz eins", "day": "2026-11-01", "channel": "phone"}),
        (Kind.NEED, {"text": "Notiz eins"}),
        (Kind.STEP, {"text": "Notiz eins", "until": SOON}),
        (Kind.SAFETY, {"text": "Notiz eins"}),
        (Kind.FOLLOW_UP, {"text": "Notiz eins", "due_on": SOON}),
    ],
)
def test_what_is_written_down_stands_in_the_timeline_and_can_be_changed(conny, case_id, kind, fields):
    page = post(conny, f"/counsel/cases/{case_id}/add/{kind}", **fields)
    assert "Notiz eins" in page.text
    (entry,) = set(re.findall(rf"/counsel/cases/{case_id}/entries/(\w+)", page.text))
    changed = post(conny, f"/counsel/cases/{case_id}/entries/{entry}", **{**fields, "text": "Notiz zwei"})
    assert "Notiz zwei" in changed.text
    assert "Notiz eins" not in changed.text


def test_of_two_who_change_the_same_note_neither_loses_a_word(office, conny, case_id):
    page = post(conny, f"/counsel/cases/{case_id}/add/note", text="Anfang")
    (entry,) = set(re.findall(rf"/counsel/cases/{case_id}/entries/(\w+)", page.text))
    address = f"/counsel/cases/{case_id}/entries/{entry}"
    ravi = office["ravi"].client()
    stale = ravi.get(address)
    post(conny, address, text="Connys Fassung")
    answer = fill(ravi, stale, text="Ravis Fassung").text
    assert "Connys Fassung" in answer
    assert "Ravis Fassung" in answer


def test_an_answer_reaches_the_person_once(office, conny, case_id, seeker):
    shown = conny.get(f"/counsel/cases/{case_id}")
    for _twice in range(2):
        assert fill(conny, shown, "/answer", text="Ich bin da.").status_code == 303
    conny.get("/counsel/")
    assert [one["text"] for one in seeker.look().answers if one["kind"] == "answer"] == ["Ich bin da."]


def test_the_whistleblower_law_brings_its_dates(conny, case_id, seeker):
    page = post(
        conny, f"/counsel/cases/{case_id}/description", title="Fall Mai", whistleblower="y", reason="Straftat"
    )
    assert "HinSchG" in page.text
    assert "Fall Mai" in page.text
    conny.get("/counsel/")
    assert seeker.look().standing["whistleblower"] is True


def test_whether_the_law_applies_takes_a_reason_that_all_readers_see(office, conny, case_id):
    page = visit_and_fill(conny, f"/counsel/cases/{case_id}/description", title="Fall Mai", whistleblower="y")
    assert page.status_code == 200
    with office.vault("conny"):
        assert not office.desk("conny").open(case_id, now=utc_now()).head.whistleblower
    post(
        conny,
        f"/counsel/cases/{case_id}/description",
        title="",
        whistleblower="y",
        reason="Es geht um Betrug",
    )
    assert "Es geht um Betrug" in words(office["ravi"].client().get(f"/counsel/cases/{case_id}"))
    assert visit_and_fill(conny, f"/counsel/cases/{case_id}/description", title="Neu").status_code == 303


def test_acknowledging_a_report_is_not_yet_telling_what_was_done(office, conny, case_id):
    def dates():
        with office.vault("conny"):
            case = office.desk("conny").open(case_id, now=utc_now())
            return [(one.what, one.on) for one in due.dates(case)]

    received = day_of(utc_now())
    post(conny, f"/counsel/cases/{case_id}/description", title="", whistleblower="y", reason="Straftat")
    assert [what for what, _ in dates()] == ["acknowledge", "answer"]
    post(conny, f"/counsel/cases/{case_id}", "/answer", text="Ihr Hinweis ist eingegangen.")
    assert dates() == [("answer", deadlines.months_later(received, 3))]
    page = post(conny, f"/counsel/cases/{case_id}", "/answer", text="Das wurde getan.", tells="y")
    assert dates() == []
    assert 'name="tells"' not in page.text


def test_a_record_is_confirmed_by_the_person(conny, case_id, seeker):
    post(conny, f"/counsel/cases/{case_id}/record", text="Im Mai gab es einen Vorfall.")
    conny.get("/counsel/")
    record = seeker.look().standing["record"]
    assert record["text"] == "Im Mai gab es einen Vorfall."
    seeker.write(
        new_id(),
        {"kind": "record", "version": record["version"], "decision": "confirmed", "text": ""},
    )
    page = conny.get(f"/counsel/cases/{case_id}", headers={"Accept-Language": "en"}).text
    assert "The record is right" in page


def test_stepping_out_closes_the_case_to_whoever_does(office, conny, case_id):
    page = post(
        conny,
        f"/counsel/cases/{case_id}/readers",
        f"/counsel/cases/{case_id}/step-out",
        reason="Ich kenne ihn.",
    )
    assert page.status_code == 200
    assert conny.get(f"/counsel/cases/{case_id}").status_code == 404
    assert "Ich kenne ihn." in office["ravi"].client().get(f"/counsel/cases/{case_id}").text


def test_a_case_is_closed_with_the_day_of_its_erasure_and_opened_again(conny, case_id, seeker):
    post(conny, f"/counsel/cases/{case_id}/close", text="Alles getan.")
    conny.get("/counsel/")
    assert seeker.look().standing["erase_on"]
    assert case_id in conny.get("/counsel/cases?state=closed").text
    post(conny, f"/counsel/cases/{case_id}", "/reopen")
    assert case_id in conny.get("/counsel/cases").text


def test_a_case_after_a_talk_is_read_by_its_counsellor_alone(office, conny):
    page = post(conny, "/counsel/cases/new", title="Nach dem Treffen", origin="in-person", text="Sie war da.")
    assert "Sie war da." in page.text
    assert "Nach dem Treffen" not in office["ravi"].client().get("/counsel/cases").text


def test_a_file_is_handed_out_to_be_saved_only(office, seeker):
    seeker.write_in("conny", files=[File("bild.png", "image/png", b"pixels")])
    client = office["conny"].client()
    page = client.get(f"/counsel/cases/{seeker.visit.case}").text
    (link,) = re.findall(rf'href="(/counsel/cases/{seeker.visit.case}/files/[^"]+)"', page)
    answer = client.get(link)
    assert answer.data == b"pixels"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_the_person_chose_and_whom_they_excluded_stands_with_their_first_words(office, seeker):
    seeker.write_in("conny", "ravi", excluded=[office["tove"].account_id])
    page = words(office["conny"].client().get(f"/counsel/cases/{seeker.visit.case}", headers=ENGLISH))
    assert "To: Conny Vertrauen, ravi" in page
    assert "Must never be read by: tove" in page
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=utc_now())
        work.reply(case, "Guten Tag", entry_id=new_id(), now=utc_now())
        office.take_in()
    assert seeker.look().standing["excluded"] == ["tove"]


def test_cases_of_one_day_without_a_name_can_be_told_apart(office):
    for _each in range(2):
        Seeker(office).write_in("conny")
    page = words(office["conny"].client().get("/counsel/cases", headers=ENGLISH))
    assert len(set(re.findall(r"Case (\d{3}) of", page))) == 2


def test_the_language_in_which_somebody_wants_an_answer_has_a_name(office, seeker):
    seeker.write_in("conny", language="tr")
    page = office["conny"].client().get(f"/counsel/cases/{seeker.visit.case}", headers=ENGLISH)
    assert "Turkish" in words(page)
