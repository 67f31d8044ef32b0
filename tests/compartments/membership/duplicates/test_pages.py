"""The pages of duplicates as an officer uses them."""

import re
from datetime import date

import pytest

from compartments.membership import persons
from compartments.membership.duplicates import candidates, pairs
from compartments.membership.duplicates.models import MergedPerson
from compartments.membership.models import Person, ReadEvent
from tests.compartments.membership.conftest import LEA, NOW, details
from tests.pages import fill, words

INDEX = "/membership/duplicates/"
PAIR = f"{INDEX}pairs/1"
BORN = {"birth_date": date(1980, 3, 12), "email": "anna@example.org"}


@pytest.fixture
def two(cast):
    with cast.vault("membership"):
        people = (
            details("Müller", "Anna", member_number=10, city="Bonn", phone="1", notes="One.", **BORN),
            details("Mueller", "Anna", member_number=20, city="Bremen", notes="Two.", **BORN),
        )
        for number, one in enumerate(people):
            person = persons.add(one, entry_id=f"{number}" * 32, by=LEA, now=NOW)
            candidates.remember(person, now=NOW)


def page_form(page, action=None):
    """One of the page's forms."""
    forms = re.findall(r"<form.*?</form>", page.text, re.DOTALL)
    return next(form for form in forms if (action or "<table") in form)


def posted(client, page, url, marker, **typed):
    form = page_form(page, marker)
    hidden = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ("radio" not in tag or "checked" in tag):
            hidden[name[1]] = value[1] if value else ""
    return client.post(url, data={**hidden, **typed})


def test_an_empty_list_says_what_to_do(client):
    page = client.get(INDEX)
    assert "No open pairs" in words(page)


def test_the_list_says_how_likely_and_why(client, two):
    page = client.get(INDEX)
    assert "very likely" in words(page)
    assert "same date of birth" in words(page)
    assert f'href="{PAIR}"' in page.text


def test_two_records_side_by_side_are_both_logged_as_read(client, two, cast):
    page = client.get(PAIR)
    assert page.status_code == 200
    assert "Bonn" in page.text
    assert "Bremen" in page.text
    assert "the same in both" in words(page)
    with cast.vault("membership"):
        assert {event.person_id for event in ReadEvent.select()} == {1, 2}


def test_what_is_chosen_stays_and_the_rest_is_kept(client, two, cast):
    page = client.get(PAIR)
    sent = posted(
        client, page, PAIR, "<table", choose_street="second", choose_last_name="second", ticket="#9"
    )
    assert sent.status_code == 303, words(sent)
    assert sent.location == "/membership/persons/1"
    with cast.vault("membership"):
        kept = persons.details_of(persons.find(1))
        assert (kept.member_number, kept.last_name, kept.city, kept.phone) == (10, "Mueller", "Bremen", "1")
        assert kept.notes == "One.\nTwo."
        gone = MergedPerson.get()
    again = posted(client, page, PAIR, "<table", choose_street="second")
    assert again.location == sent.location
    shown = client.get(f"{INDEX}merged/{gone.id}")
    assert "Former member number 20" in words(shown)
    assert "Bremen" in words(shown)
    history = client.get("/membership/persons/1/history")
    assert history.status_code == 200


def test_a_record_changed_meanwhile_is_shown_again(client, two, cast):
    page = client.get(PAIR)
    with cast.vault("membership"):
        Person.update(revision=9).where(Person.id == 2).execute()
    sent = posted(client, page, PAIR, "<table")
    assert sent.location == PAIR
    assert "changed meanwhile" in words(client.get(PAIR))


def test_two_persons_are_never_offered_again_until_somebody_wants_to(client, two, cast):
    page = client.get(PAIR)
    sent = posted(client, page, f"{PAIR}/distinct", "distinct", remark="Her aunt")
    assert sent.status_code == 303
    assert client.get(PAIR).status_code == 404
    exceptions = client.get(f"{INDEX}exceptions")
    assert "Her aunt" in words(exceptions)
    with cast.vault("membership"):
        assert pairs.count() == 0
    posted(client, exceptions, f"{PAIR}/reopen", "reopen")
    with cast.vault("membership"):
        assert pairs.count() == 1


def test_the_search_is_a_job(client, two, cast):
    page = client.get(INDEX)
    sent = posted(client, page, f"{INDEX}search", "search")
    assert sent.status_code == 303
    assert sent.location.startswith("/membership/jobs/")


def test_a_pair_that_is_not_there(client):
    assert client.get(f"{INDEX}pairs/4711").status_code == 404
    assert client.get(f"{INDEX}merged/unknown").status_code == 404


NEW = "/membership/persons/new"
TYPED = {
    "last_name": "Mueller",
    "first_name": "Anna",
    "birth_date": "03.12.1980",
    "email": "anna@example.org",
    "country": "DE",
    "postcode": "50667",
}


def people(cast):
    with cast.vault("membership"):
        return Person.select().count()


def test_who_is_likely_in_the_register_already_is_shown_before_saving(client, two, cast):
    warned = fill(client, client.get(NEW), **TYPED)
    assert warned.status_code == 200
    assert "in the register already?" in words(warned)
    assert "Member 10" in words(warned)
    assert people(cast) == 2, "nothing is saved yet"
    saved = fill(client, warned)
    assert saved.status_code == 303
    assert people(cast) == 3
    with cast.vault("membership"):
        assert pairs.partners(3) == {1, 2}, "for a second look"


def test_a_double_click_does_not_find_whom_it_has_just_added(client, cast):
    page = client.get(NEW)
    first, second = (fill(client, page, **TYPED) for _ in range(2))
    assert first.location == second.location
    assert people(cast) == 1


def test_a_change_that_makes_two_alike_is_told(client, two, cast):
    with cast.vault("membership"):
        other = persons.add(details("Schulz", "Eva", member_number=30), entry_id="3" * 32, by=LEA, now=NOW)
    address = f"/membership/persons/{other.id}/edit"
    warned = fill(client, client.get(address), **TYPED)
    assert "in the register already?" in words(warned)
    assert fill(client, warned).status_code == 303
    with cast.vault("membership"):
        assert persons.find(other.id).last_name == "Mueller"
    assert fill(client, client.get(address), phone="0221 5550000").status_code == 303, "known by now"


def test_the_former_number_stands_with_the_person(client, two):
    sent = posted(client, client.get(PAIR), PAIR, "<table")
    assert "formerly also number 20" in words(client.get(sent.location))
