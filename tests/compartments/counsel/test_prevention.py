"""Prevention: events as numbers, and each counsellor's own log, which opens for them alone."""

import re
from datetime import timedelta

from app.clock import today
from compartments.counsel.prevention import service as prevention
from tests.compartments.counsel.conftest import DAY
from tests.compartments.counsel.test_case_pages import post
from tests.pages import fill, visit_and_fill


def test_an_own_log_opens_for_its_counsellor_alone(office):
    conny = office["conny"].client()
    page = post(
        conny, "/counsel/own-log", day="2026-05-02", kind="supervision", hours="1.5", text="Fall besprochen"
    )
    assert "Fall besprochen" in page.text
    assert "Fall besprochen" not in office["ravi"].client().get("/counsel/own-log").text
    with office.vault("ravi"):
        ravi = office["ravi"]
        assert prevention.log(office["conny"].account_id, ravi.keys) == []
    (strike,) = re.findall(r'href="(/counsel/own-log/\w+/strike)"', page.text)
    assert office["ravi"].client().get(strike).status_code == 404
    assert "Fall besprochen" in conny.get("/counsel/own-log").text
    post(conny, strike)
    assert "Fall besprochen" not in conny.get("/counsel/own-log").text


def test_an_event_is_noted_changed_and_deleted(office):
    conny = office["conny"].client()
    typed = {
        "title": "Workshop",
        "day": "2026-03-03",
        "kind": "workshop",
        "audience": "members",
        "number": "25",
    }
    page = post(conny, "/counsel/prevention/new", **typed)
    assert "Workshop" in page.text
    with office.vault("conny"):
        (event,) = prevention.events()
    post(conny, f"/counsel/prevention/{event.id}", **{**typed, "number": "30"})
    with office.vault("conny"):
        assert prevention.events()[0].number == 30
    post(conny, f"/counsel/prevention/{event.id}/remove")
    with office.vault("conny"):
        assert prevention.events() == []


def test_what_has_not_happened_yet_is_not_counted(office):
    conny, tomorrow = office["conny"].client(), (today() + timedelta(days=1)).isoformat()
    event = {"title": "Workshop", "day": tomorrow, "kind": "workshop", "audience": "members", "number": "25"}
    assert visit_and_fill(conny, "/counsel/prevention/new", **event).status_code == 200
    logged = {"day": tomorrow, "kind": "training", "hours": "1", "text": ""}
    assert visit_and_fill(conny, "/counsel/own-log", **logged).status_code == 200
    with office.vault("conny"):
        assert prevention.events() == []
        assert prevention.log(office["conny"].account_id, office["conny"].keys) == []


def test_hours_are_taken_as_people_write_them(office):
    conny = office["conny"].client()
    for hours in ("1,5", "2.5"):
        logged = {"day": "2026-05-02", "kind": "training", "hours": hours, "text": ""}
        assert visit_and_fill(conny, "/counsel/own-log", **logged).status_code == 303
    with office.vault("conny"):
        found = prevention.log(office["conny"].account_id, office["conny"].keys)
    assert sorted(one.hours for one in found) == [15, 25]


def test_two_who_change_one_event_lose_nothing_of_each_other(office):
    event = {"title": "Workshop", "day": DAY, "kind": "workshop", "audience": "members", "number": 25}
    with office.vault("conny"):
        prevention.keep_event("e" * 32, event)
    conny, tove, path = office["conny"].client(), office["tove"].client(), f"/counsel/prevention/{'e' * 32}"
    open_page = conny.get(path)
    typed = {**event, "day": DAY.isoformat()}
    post(tove, path, **{**typed, "number": "30"})
    mine = {**typed, "title": "Werkstatt"}
    stale = fill(conny, open_page, **mine)
    assert stale.status_code == 200
    assert "<bdi>30</bdi>" in stale.text
    assert 'value="Werkstatt"' in stale.text
    with office.vault("conny"):
        assert (prevention.events()[0].title, prevention.events()[0].number) == ("Workshop", 30)
    assert fill(conny, stale, **{**mine, "number": "30"}).status_code == 303
    with office.vault("conny"):
        assert (prevention.events()[0].title, prevention.events()[0].number) == ("Werkstatt", 30)


def test_an_event_that_is_sent_twice_is_noted_once(office):
    conny = office["conny"].client()
    page = conny.get("/counsel/prevention/new")
    typed = {"title": "Stand", "day": DAY.isoformat(), "kind": "stand", "audience": "public", "number": "9"}
    assert [fill(conny, page, **typed).status_code for _press in range(2)] == [303, 303]
    with office.vault("conny"):
        assert [one.title for one in prevention.events()] == ["Stand"]
