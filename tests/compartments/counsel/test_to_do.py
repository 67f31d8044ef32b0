"""What is still to do in a case: agreed steps have days like reminders, one press ticks off, and a colleague's words aren't lost behind another's."""

from datetime import timedelta

import pytest
from babel.dates import format_date

from app.clock import utc_now
from compartments.counsel.cases import deadlines, due, overview
from compartments.counsel.cases.opened import Kind
from compartments.counsel.consents import service as consents
from compartments.counsel.incidents import service as incidents
from keys.randomness import new_id
from tests.compartments.counsel.conftest import DAY
from tests.compartments.counsel.test_case_pages import ENGLISH, post
from tests.pages import visit_and_fill, words

NOW = utc_now()
SOON = (DAY + timedelta(days=3)).isoformat()


@pytest.fixture
def address(office, seeker):
    seeker.write_in("conny", "ravi")
    return f"/counsel/cases/{seeker.visit.case}"


def opened(office, name, address):
    return office.desk(name).open(address.rpartition("/")[2], now=NOW)


def test_a_step_agreed_until_a_day_reminds_as_a_follow_up_does(office, address):
    conny = office["conny"].client()
    page = words(post(conny, f"{address}/add/step", text="Mit der Leitung sprechen", until=SOON))
    assert "Agreed step: Mit der Leitung sprechen" in page or "Schritt: Mit der Leitung sprechen" in page
    with office.vault("conny"):
        case = opened(office, "conny", address)
        assert [(one.what, one.on.isoformat()) for one in due.dates(case)] == [("step", SOON)]
        assert [found.id for found, _ in overview.of(office.desk("conny"), DAY, now=NOW).due] == [case.id]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [(Kind.STEP, {"until": SOON}), (Kind.STEP, {}), (Kind.NEED, {}), (Kind.FOLLOW_UP, {"due_on": SOON})],
)
def test_one_press_says_that_it_is_done_and_by_whom(office, address, kind, fields):
    conny, ravi = office["conny"].client(), office["ravi"].client()
    post(conny, f"{address}/add/{kind}", text="Etwas tun", **fields)
    page = post(ravi, address, "/done")
    assert "noted by ravi" in words(ravi.get(address, headers=ENGLISH))
    assert "/done" not in page.text
    with office.vault("conny"):
        case = opened(office, "conny", address)
        assert (due.dates(case), due.still_to_do(case), case.head.due_on) == ([], [], None)


def test_a_referral_is_open_until_the_service_has_answered(office, address):
    with office.vault("conny"):
        case = opened(office, "conny", address)
        for step, recipient in (("referral", "Leuchtfeuer"), ("passing-on", "Personalrat")):
            consent, made = new_id(), new_id()
            given = {"form": "spoken", "given_on": DAY, "entry_id": consent, "now": NOW}
            consents.note(case, step, recipient, "Anliegen", **given)
            incidents.step_outside(case, consent, step, way="Telefon", entry_id=made, now=NOW)
        assert [one.data["recipient"] for one in due.still_to_do(case)] == ["Leuchtfeuer"]
    conny = office["conny"].client()
    assert "No answer yet from Leuchtfeuer" in words(conny.get(address, headers=ENGLISH))
    with office.vault("conny"):
        (referral,) = due.still_to_do(case)
        said = {"answered_on": DAY, "version": referral.version, "now": NOW}
        consents.note_answer(case, referral.id, "Ja", **said)
        assert due.still_to_do(case) == []


def test_what_a_colleague_had_written_stays_readable_behind_what_stands_there_now(office, address):
    conny, ravi = office["conny"].client(), office["ravi"].client()
    post(conny, f"{address}/add/note", text="Er heißt Max, sie hat Angst.")
    with office.vault("conny"):
        (note,) = opened(office, "conny", address).entries(Kind.NOTE)
    post(ravi, f"{address}/entries/{note.id}", text="Alles in Ordnung.")
    page = words(conny.get(address, headers=ENGLISH))
    assert "by ravi" in page
    assert page.index("Alles in Ordnung.") < page.index("Er heißt Max, sie hat Angst.")
    with office.vault("conny"):
        (changed,) = opened(office, "conny", address).entries(Kind.NOTE)
    assert [(one["by"], one["text"]) for one in changed.data["before"]] == [
        ("Conny Vertrauen", "Er heißt Max, sie hat Angst.")
    ]


def test_ones_own_words_can_be_taken_back(office, address):
    conny = office["conny"].client()
    post(conny, f"{address}/add/note", text="Ein Name, der hier nichts zu suchen hat")
    with office.vault("conny"):
        (note,) = opened(office, "conny", address).entries(Kind.NOTE)
    page = words(post(conny, f"{address}/entries/{note.id}", text="Ohne Namen"))
    assert "Ohne Namen" in page
    assert "Ein Name" not in page


def test_who_closes_a_case_reads_first_what_is_not_done_yet(office, address):
    conny = office["conny"].client()
    post(conny, f"{address}/add/need", text="Nicht allein hingehen")
    post(conny, f"{address}/add/step", text="Mit der Leitung sprechen", until=SOON)
    page = words(conny.get(f"{address}/close", headers=ENGLISH)).partition("Not done yet")[2]
    for word in ("1 new letter", "Nicht allein hingehen", "Mit der Leitung sprechen"):
        assert word in page
    assert "No incident of this case is counted" in page
    post(conny, address, "/seen")
    for _each in range(2):
        post(conny, address, "/done")
    page = words(conny.get(f"{address}/close", headers=ENGLISH))
    assert "Not done yet" not in page


def test_nobody_is_asked_to_count_who_does_not_want_to_be_counted(office, seeker):
    seeker.write_in("conny", statistics=False)
    page = office["conny"].client().get(f"/counsel/cases/{seeker.visit.case}/close", headers=ENGLISH)
    assert "Count an incident" not in words(page)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_last_word_in_the_persons_language_is_there_to_be_sent(office, seeker, language):
    seeker.write_in("conny", language=language)
    conny, address = office["conny"].client(), f"/counsel/cases/{seeker.visit.case}/close"
    shown = conny.get(address).text.partition('id="word"')[2].partition("</textarea>")[0]
    post(conny, address, text="Alles gut.", word=shown.partition(">")[2].strip())
    conny.get("/counsel/")
    (answer,) = [one for one in seeker.look().answers if one["kind"] == "answer"]
    assert format_date(DAY + deadlines.ERASE_AFTER, "long", locale=language) in answer["text"]
    assert "Alles gut." not in str(seeker.look())
    assert seeker.look().standing["state"] == "closed"


def test_no_last_word_is_sent_where_it_was_taken_out(office, seeker):
    seeker.write_in("conny")
    conny = office["conny"].client()
    post(conny, f"/counsel/cases/{seeker.visit.case}/close", text="", word="")
    conny.get("/counsel/")
    assert [one["kind"] for one in seeker.look().answers] == ["standing"]


@pytest.mark.parametrize(("kind", "field"), [(Kind.FOLLOW_UP, "due_on"), (Kind.STEP, "until")])
def test_nothing_new_is_planned_for_a_day_that_is_over_and_a_day_may_be_typed_as_people_write_it(
    office, address, kind, field
):
    conny = office["conny"].client()
    over = {"text": "Nachfragen", field: (DAY - timedelta(days=1)).isoformat()}
    page = visit_and_fill(conny, f"{address}/add/{kind}", **over)
    assert f'id="{field}-error"' in page.text
    assert "Nachfragen" in page.text
    post(conny, f"{address}/add/{kind}", text="Nachfragen", **{field: f"{DAY + timedelta(days=1):%d.%m.%Y}"})
    with office.vault("conny"):
        (planned,) = opened(office, "conny", address).entries(kind)
    assert planned.data[field] == (DAY + timedelta(days=1)).isoformat()
    post(conny, f"{address}/entries/{planned.id}", **over)
    with office.vault("conny"):
        (planned,) = opened(office, "conny", address).entries(kind)
    assert planned.data[field] == over[field]
