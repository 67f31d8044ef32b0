"""What a counsellor finds on coming in, and what goes along into their own calendar: days, and not a word of what or whose."""

from datetime import timedelta

from app.clock import utc_now
from compartments.counsel.incidents import service as incidents
from compartments.counsel.incidents.codes import FIELDS
from keys.randomness import new_id
from tests.compartments.counsel.conftest import DAY
from tests.compartments.counsel.test_case_pages import ENGLISH, post
from tests.pages import words

NOW = utc_now()
SOON = DAY + timedelta(days=3)


def test_the_start_says_what_is_due_and_not_only_when(office, seeker):
    seeker.write_in("conny")
    conny, case = office["conny"].client(), f"/counsel/cases/{seeker.visit.case}"
    post(conny, f"{case}/add/step", text="Mit der Leitung sprechen", until=SOON.isoformat())
    assert "Agreed step" in words(conny.get("/counsel/", headers=ENGLISH)).partition("Dates")[2]


def test_the_calendar_has_the_days_and_nothing_of_the_cases(office, seeker):
    seeker.write_in("conny", name="Robin")
    conny, case = office["conny"].client(), f"/counsel/cases/{seeker.visit.case}"
    post(conny, f"{case}/description", title="Übergriff am Hafen")
    post(conny, f"{case}/add/follow-up", text="Nachfragen", due_on=SOON.isoformat())
    answer = conny.get("/counsel/dates.ics", headers=ENGLISH)
    lines = answer.text.split("\r\n")
    assert f"DTSTART;VALUE=DATE:{SOON:%Y%m%d}" in lines
    assert "RRULE:FREQ=WEEKLY" in lines
    assert {line for line in lines if line.startswith("SUMMARY")} == {
        "SUMMARY:Something is due",
        "SUMMARY:Look in",
    }
    for word in ("Hafen", "Robin", "Nachfragen", seeker.visit.case):
        assert word not in answer.text
    assert f"{SOON:%Y%m%d}" not in office["tove"].client().get("/counsel/dates.ics").text
    assert all(lines.count(f"BEGIN:{part}") == lines.count(f"END:{part}") for part in ("VEVENT", "VALARM"))


def test_a_year_that_is_over_and_counted_asks_to_be_released(office):
    conny, ravi = office["conny"].client(), office["ravi"].client()
    asked = f"Release the report for {DAY.year - 1}"
    assert asked not in words(conny.get("/counsel/", headers=ENGLISH))
    with office.vault("conny"):
        incidents.add({name: known[0] for name, known in FIELDS.items()}, half=f"{DAY.year - 1}-2")
    assert asked in words(ravi.get("/counsel/", headers=ENGLISH))
    post(conny, f"/counsel/reports/{DAY.year - 1}/release")
    for client in (conny, ravi):
        page = client.get("/counsel/", headers=ENGLISH)
        assert asked not in words(page)
        assert f"Annual report {DAY.year - 1} waits to be confirmed" in words(page)
        assert "/counsel/proposals/" in page.text


def test_a_closed_case_stays_among_the_new_until_somebody_has_read_what_came(office, seeker):
    seeker.write_in("conny", "ravi")
    conny, ravi = office["conny"].client(), office["ravi"].client()
    case = f"/counsel/cases/{seeker.visit.case}"
    post(conny, f"{case}/close", word="", text="")
    assert "You have read everything." in new_ones(ravi)
    seeker.look()
    seeker.write(new_id(), {"kind": "message", "text": "Ich bin wieder da."})
    for client in (conny, ravi, conny, ravi):
        assert "1 new message" in new_ones(client)
    assert "You have read everything." in new_ones(office["tove"].client())
    post(ravi, case, f"{case}/seen")
    for client in (conny, ravi):
        assert "You have read everything." in new_ones(client)


def new_ones(client):
    return words(client.get("/counsel/", headers=ENGLISH)).partition("New")[2]
