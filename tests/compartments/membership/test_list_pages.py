"""Filters, columns, divisions, the rule and exits, as an officer uses them."""

from datetime import date

import pytest

from compartments.membership import divisions, eligibility, headcount, persons
from compartments.membership.models import Person
from tests.compartments.membership.conftest import LEA, NOW, details
from tests.pages import fill, read, visit_and_fill, words


@pytest.fixture
def people(cast):
    """Anna, a member in Hof, and Berta, who has left."""
    with cast.vault("membership"):
        state = divisions.create("Bayern", "state", None)
        county = divisions.create("Hof", "county", state.id)
        anna = details("Adler", "Anna", member_number=1, division=county.id, city="Hof an der Saale")
        berta = details("Bach", "Berta", member_number=2, left_on=date(2020, 1, 1), exit_reason="resigned")
        for entry, known in enumerate((anna, berta)):
            persons.add(known, entry_id=f"{entry:032}", by=LEA, now=NOW)
        return state.id, county.id


def test_a_filter_is_shown_saved_used_and_forgotten(client, people):
    sent = visit_and_fill(client, "/membership/lists/filters", status="left", name="Gone")
    assert sent.location == "/membership/?status=left"
    page = client.get(sent.location)
    assert "1 person passes the filter." in words(page)
    assert "Bach" in page.text
    assert "Adler" not in page.text
    assert "Gone" in words(client.get("/membership/"))
    visit_and_fill(client, "/membership/lists/filters", action="/forget")
    assert "Gone" not in words(client.get("/membership/"))


def test_a_filter_stays_while_the_order_changes(client, people):
    page = client.get(f"/membership/?division={people[0]}&status=current")
    assert "Adler" in page.text
    assert f"sort=number&amp;division={people[0]}&amp;status=current" in page.text


def test_what_a_filter_cannot_read_is_said(client, people):
    told = visit_and_fill(client, "/membership/lists/filters", arrears="viele", entered_from="bald")
    assert "There is a problem" in words(told)


def test_an_officers_columns_are_their_own(client, people, cast):
    page = client.get("/membership/lists/columns")
    fill(client, page, columns=["city", "number"])
    page = client.get("/membership/")
    assert "Hof an der Saale" in page.text
    assert "Hof an der Saale" in client.get("/membership/?q=adler").text
    fill(client, client.get("/membership/lists/columns"), columns=["number"])
    assert "Hof an der Saale" not in client.get("/membership/").text


def test_the_tree_is_shown_with_its_members_and_changed(client, people, cast):
    page = words(client.get("/membership/divisions/"))
    assert "Bayern 0 1 members: Bayern Hof 1 1" in page
    assert "Hof" in words(client.get("/membership/divisions/members"))
    visit_and_fill(client, "/membership/divisions/new", name="Ausland", kind="abroad")
    visit_and_fill(client, f"/membership/divisions/{people[1]}", name="Hof", kind="local", parent="3")
    with cast.vault("membership"):
        assert divisions.path(people[1]) == ["Ausland", "Hof"]


def test_what_would_break_the_tree_is_said(client, people, cast):
    path = f"/membership/divisions/{people[0]}"
    assert "one below it" in words(visit_and_fill(client, path, kind="state", parent=str(people[1])))
    assert "has this name" in words(
        visit_and_fill(client, "/membership/divisions/new", name="Bayern", kind="state")
    )
    sent = visit_and_fill(client, path, action="/remove")
    assert "it stays" in words(client.get(sent.location))


@pytest.mark.parametrize("path", ["99", str(2**70), "members?year=1492", "members?year=9999"])
def test_what_is_not_there_is_a_404(client, path):
    assert client.get(f"/membership/divisions/{path}").status_code == 404


@pytest.mark.parametrize(
    ("day", "number"), [(date(2019, 12, 31), 2), (date(2020, 1, 1), 1), (date(2011, 1, 1), 0)]
)
def test_members_are_counted_at_the_end_of_a_day(client, people, cast, day, number):
    with cast.vault("membership"):
        assert sum(line.own for line in headcount.members_on(day)) == number


def test_the_rule_is_proposed_by_one_officer_and_holds_when_another_confirms(client, mona, people, cast):
    page = client.get("/membership/rule/")
    assert "0 members may take part today" in words(page)
    assert "There is no second officer" not in words(page)
    sent = client.post("/membership/rule/", data={"csrf_token": token(page), "most_arrears": ""})
    assert "so a colleague has to confirm it" in words(client.get(sent.location))
    again = words(client.get("/membership/rule/"))
    assert "Another rule is proposed" in again
    assert "0 members may take part today" in again
    with cast.vault("membership"):
        assert eligibility.rule() == eligibility.Rule()
    asked = mona.get(sent.location)
    assert "Months in arrears at most 3 → any number" in words(asked)
    assert "May take part today 0 May take part by the new rule 1" in words(asked)
    shown = words(mona.get(fill(mona, asked, "/confirm").location))
    assert "1 members may take part today" in shown
    assert "Mika Register, confirmed by mona" in shown
    assert "Months in arrears at most before: 3 → now: any number" in shown


def test_an_officer_alone_can_propose_a_rule_and_not_put_it_in_force(client, people, cast):
    page = client.get("/membership/rule/")
    assert "You are the only officer with access here" in words(page)
    sent = client.post("/membership/rule/", data={"csrf_token": token(page), "most_arrears": "9"})
    assert "Nobody could confirm this now" in words(client.get(sent.location))
    assert client.post(f"{sent.location}/confirm", data={"csrf_token": token(page)}).status_code == 303
    with cast.vault("membership"):
        assert eligibility.rule() == eligibility.Rule()


def test_an_exit_is_effective_at_once_and_happens_once(client, people, cast):
    page = client.get("/membership/persons/1/exit")
    assert "lie ahead" in words(fill(client, page, left_on="2099-01-01", exit_reason="resigned"))
    assert "Choose the reason" in words(fill(client, page, exit_reason=""))
    for _ in range(2):
        assert fill(client, page, exit_reason="resigned", ticket="#9").status_code == 303
    with cast.vault("membership"):
        assert Person.get_by_id(1).exit_reason == "resigned"
        assert len(persons.history(persons.find(1))) == 3


def token(page):
    return read(page)[0][1]["csrf_token"]
