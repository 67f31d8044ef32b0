"""Counts beside the cases: nothing leads back, editing a case changes none, and whoever doesn't want to be counted isn't."""

import re

import pytest

from app.clock import utc_now
from compartments.counsel.cases import work
from compartments.counsel.cases.opened import Kind
from compartments.counsel.incidents import service
from compartments.counsel.incidents.codes import FIELDS
from compartments.counsel.incidents.counting import half_of
from compartments.counsel.incidents.models import Consultation, Incident, Outward
from keys.randomness import new_id
from tests.compartments.counsel.test_case_pages import post
from tests.pages import fill, visit_and_fill, words

NOW = utc_now()
VALUES = {field: codes[0] for field, codes in FIELDS.items()}


@pytest.fixture
def written(office, seeker):
    seeker.write_in("conny")
    return seeker


def counts():
    return tuple(model.select().count() for model in (Incident, Consultation, Outward))


def test_an_incident_out_of_a_case_has_nothing_of_the_case(office, written):
    with office.vault("conny"):
        case = office.desk("conny").open(written.visit.case, now=NOW)
        service.add_from(case, VALUES, half="2026-2", entry_id=new_id(), now=NOW)
        (row,) = Incident.select().dicts()
        assert set(row) == {"id", "half", "again", *FIELDS}
        assert case.id not in row.values()
        assert {entry.id for entry in case.entries()}.isdisjoint(row.values())
        with pytest.raises(ValueError, match="no such code"):
            service.add({**VALUES, "kind": "Freitext"}, half="2026-2")


def test_editing_a_case_changes_no_incident(office, written):
    with office.vault("conny"):
        case = office.desk("conny").open(written.visit.case, now=NOW)
        service.add_from(case, VALUES, half="2026-2", entry_id=new_id(), now=NOW)
        before = list(Incident.select().dicts())
        work.describe(case, title="anders", whistleblower=True, now=NOW)
        work.close(case, text="Ende", now=NOW)
        assert list(Incident.select().dicts()) == before


def test_talks_and_answers_are_counted_first_and_later(office, written):
    with office.vault("conny"):
        case = office.desk("conny").open(written.visit.case, now=NOW)
        for text in ("eins", "zwei"):
            work.reply(case, text, entry_id=new_id(), now=NOW)
        talk = {"text": "", "day": "2026-03-01", "channel": "phone"}
        work.write(case, Kind.CONTACT, talk, entry_id=new_id(), now=NOW)
        rows = sorted((row.half, row.first, row.channel) for row in Consultation.select())
        half = half_of(NOW.date())
        assert rows == sorted([(half, False, "online"), (half, False, "online"), ("2026-1", True, "phone")])


def test_who_does_not_want_to_be_counted_is_not(office, seeker):
    seeker.write_in("conny", statistics=False)
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=NOW)
        work.reply(case, "eins", entry_id=new_id(), now=NOW)
        with pytest.raises(service.NotCounted):
            service.add_from(case, VALUES, half="2026-2", entry_id=new_id(), now=NOW)
        assert counts() == (0, 0, 0)


def test_a_withdrawal_takes_a_case_out_of_the_counts_at_once(office, written):
    with office.vault("conny"):
        case = office.desk("conny").open(written.visit.case, now=NOW)
        work.reply(case, "eins", entry_id=new_id(), now=NOW)
        service.add_from(case, VALUES, half="2026-2", entry_id=new_id(), now=NOW)
        office.take_in()
        assert counts() == (1, 1, 0)
    (statistics,) = [one for one in written.look().standing["consents"] if one["step"] == "statistics"]
    written.write(new_id(), {"kind": "consent", "consent": statistics["id"], "decision": "withdrawn"})
    with office.vault("conny"):
        office.desk("conny").open(written.visit.case, now=NOW)
        assert counts() == (0, 0, 0)


def test_the_pages_count_change_and_take_out(office, written):
    conny = office["conny"].client()
    page = post(conny, f"/counsel/cases/{written.visit.case}/incident", half="2026-1", **VALUES)
    assert page.status_code == 200
    assert "2026" in conny.get("/counsel/incidents?year=2026").text
    with office.vault("conny"):
        (row,) = Incident.select()
    post(conny, f"/counsel/incidents/{row.id}", half="2026-1", **{**VALUES, "kind": "digital"})
    with office.vault("conny"):
        assert Incident.get().kind == "digital"
    post(conny, f"/counsel/incidents/{row.id}/remove")
    with office.vault("conny"):
        assert Incident.select().count() == 0


def test_a_portrait_goes_up_and_comes_down(office):
    conny = office["conny"].client()
    page = post(
        conny, "/counsel/portrait", name="Conny", portrait_de="Ich höre zu.", languages=["de"], accepts="y"
    )
    assert page.status_code == 200
    assert "Ich höre zu." in {one.portrait["de"] for one in office.published()}
    post(conny, "/counsel/portrait", "/portrait/down")
    assert "Conny" not in {one.name for one in office.published()}


def test_a_withdrawal_is_taken_in_with_what_follows_from_it_or_not_at_all(office, written, monkeypatch):
    with office.vault("conny"):
        case = office.desk("conny").open(written.visit.case, now=NOW)
        service.add_from(case, VALUES, half="2026-2", entry_id=new_id(), now=NOW)
    written.write(new_id(), {"kind": "consent", "consent": "statistics", "decision": "withdrawn"})

    def dies(_case):
        raise KeyboardInterrupt

    with office.vault("conny"):
        desk = office.desk("conny")
        monkeypatch.setattr(service, "uncount", dies)
        with pytest.raises(KeyboardInterrupt):
            desk.open(written.visit.case, now=NOW)
        monkeypatch.undo()
    with office.vault("conny"):
        office.desk("conny").open(written.visit.case, now=NOW)
        assert counts() == (0, 0, 0)


def test_nothing_is_chosen_beforehand_and_each_missing_answer_is_named(office):
    conny = office["conny"].client()
    page = conny.get("/counsel/incidents/new", headers={"Accept-Language": "en"})
    assert "selected" not in page.text.replace('selected value=""', "")
    refused = visit_and_fill(conny, "/counsel/incidents/new")
    with office.vault("conny"):
        assert Incident.select().count() == 0
    summary = refused.text.partition('class="error-summary"')[2].partition("</div>")[0]
    said = re.findall(r"<li><a[^>]*>([^<]+)</a>", summary)
    assert len(said) == len(set(said)) == len(VALUES) + 1


def test_where_it_was_may_be_unknown(office):
    with office.vault("conny"):
        service.add({**VALUES, "setting": "unknown"}, half="2026-1")
        assert Incident.get().setting == "unknown"


def test_the_form_says_what_is_counted_of_the_case_already(office, written):
    conny, address = office["conny"].client(), f"/counsel/cases/{written.visit.case}/incident"
    english = {"Accept-Language": "en"}
    assert "counted from this case already" not in conny.get(address, headers=english).text
    post(conny, address, half="2026-1", **VALUES)
    assert "1 incident is counted from this case already: first half of 2026." in words(
        conny.get(address, headers=english)
    )


def test_a_year_is_listed_page_by_page_the_newer_half_first(office):
    conny = office["conny"].client()
    with office.vault("conny"):
        for place in range(60):
            service.add(VALUES, half=f"2025-{place % 2 + 1}")

    def halves(number):
        page = conny.get(f"/counsel/incidents?year=2025&page={number}", headers={"Accept-Language": "en"})
        return re.findall(r">(first|second) half of 2025<", page.text)

    assert halves(1) == ["second"] * 25
    assert halves(2) == ["second"] * 5 + ["first"] * 20
    assert halves(3) == halves(99) == ["first"] * 10


def test_two_who_correct_one_incident_lose_nothing_of_each_other(office):
    with office.vault("conny"):
        incident_id = service.add(VALUES, half="2026-1")
    conny, tove = office["conny"].client(), office["tove"].client()
    path = f"/counsel/incidents/{incident_id}"
    open_page = conny.get(path, headers={"Accept-Language": "en"})
    post(tove, path, **{**VALUES, "kind": "digital"}, half="2026-1")
    mine = {**VALUES, "kind": "physical", "half": "2026-1"}
    stale = fill(conny, open_page, **mine)
    assert stale.status_code == 200
    assert '<dl class="facts">' in stale.text
    assert "<bdi>Digital" in stale.text or "<bdi>digital" in stale.text
    with office.vault("conny"):
        assert service.find(incident_id).kind == "digital"
    assert fill(conny, stale, **mine).status_code == 303
    with office.vault("conny"):
        assert service.find(incident_id).kind == "physical"
