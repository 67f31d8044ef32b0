"""The register's pages as an officer uses them."""

import re
from datetime import date

import pytest

from compartments.membership import divisions, listing, persons
from compartments.membership.models import Person, ReadEvent
from tests.compartments.membership.conftest import LEA, NOW, details
from tests.pages import fill, read, visit_and_fill, words

NEW = "/membership/persons/new"


@pytest.fixture
def person(cast) -> int:
    with cast.vault("membership"):
        return persons.add(details(member_number=1024, city="Bonn"), entry_id="e" * 32, by=LEA, now=NOW).id


def kept(cast, person_id=1):
    with cast.vault("membership"):
        return persons.details_of(persons.find(person_id))


def test_an_empty_register_says_so_and_offers_the_first_step(client):
    page = client.get("/membership/")
    assert "Nobody is in the register yet" in words(page)
    assert f'href="{NEW}"' in page.text


def test_a_person_is_added_and_shown(client, cast):
    sent = visit_and_fill(
        client,
        NEW,
        last_name="Öztürk",
        first_name="Can",
        birth_date="31.12.1980",
        postcode="50667",
        email="can@example.org",
        dues_cents="1.200,5",
        country="DE",
    )
    assert sent.status_code == 303
    page = client.get(sent.location)
    assert "The person is in the register now." in words(page)
    assert "Öztürk, Can" in words(page)
    assert (kept(cast).birth_date, kept(cast).dues_cents) == (date(1980, 12, 31), 120_050)
    assert kept(cast).member_number == 1


def test_a_double_click_adds_one_person(client, cast):
    page = client.get(NEW)
    first, second = (fill(client, page, last_name="Adler", country="DE") for _ in range(2))
    assert first.location == second.location
    with cast.vault("membership"):
        assert listing.total() == 1


BAD = {
    "last_name": [
        ("", "Enter the last name."),
        ("x" * 100_000, "at most 120 characters"),
        ("An\x00na", "shown"),
    ],
    "first_name": [("y" * 121, "at most 120 characters")],
    "member_number": [("", "Enter a member number."), ("zwölf", "made of digits"), ("0", "made of digits")],
    "birth_date": [
        ("31.02.1980", "Enter a date"),
        ("2190-01-01", "can't be right"),
        ("1700-01-01", "can't be"),
    ],
    "email": [("anna@", "Enter an e-mail address"), ("a b@example.org", "Enter an e-mail address")],
    "postcode": [("1234", "five digits"), ("١٢٣٤٥", "five digits")],
    "phone": [("ruf mich an", "phone number")],
    "entered_on": [
        ("", "Enter the date of entry"),
        ("bald", "Enter a date"),
        ("9999-12-31", "can't be right"),
    ],
    "dues_cents": [("viel", "amount in euros"), ("-1", "amount in euros"), ("9999999,00", "too high")],
    "country": [("XX", "Not a valid choice")],
    "division": [("4711", "Not a valid choice"), ("1; drop table person", "Not a valid choice")],
    "notes": [("n" * 100_000, "at most")],
}


@pytest.mark.parametrize(
    ("field", "typed", "error"), [(f, t, e) for f, cases in BAD.items() for t, e in cases]
)
def test_what_cannot_be_right_is_said_at_the_field_and_in_the_summary(client, cast, field, typed, error):
    good = {"last_name": "Adler", "country": "DE", "city": "Typed before"}
    answer = visit_and_fill(client, NEW, **{**good, field: typed})
    assert answer.status_code == 200
    summary = answer.text.index("There is a problem")
    assert f'href="#{field}"' in answer.text[summary:]
    assert words(answer).count(error) >= 2
    assert 'value="Typed before"' in answer.text
    with cast.vault("membership"):
        assert listing.total() == 0


def test_exit_and_reason_come_together(client, person, cast):
    path = f"/membership/persons/{person}/edit"
    assert "Choose the reason" in words(visit_and_fill(client, path, country="DE", left_on="2020-01-01"))
    assert "Enter the date of the exit" in words(
        visit_and_fill(client, path, country="DE", exit_reason="resigned")
    )
    assert "exit can't be before" in words(
        visit_and_fill(client, path, country="DE", left_on="2000-01-01", exit_reason="resigned")
    )
    visit_and_fill(client, path, country="DE", left_on="2020-01-01", exit_reason="resigned")
    assert kept(cast).exit_reason == "resigned"


def test_a_taken_number_is_said_at_the_field(client, person):
    answer = visit_and_fill(client, NEW, last_name="Adler", member_number="1024", country="DE")
    assert words(answer).count("Another person has this member number.") == 2


def test_names_of_every_script_are_kept_and_shown_each_in_its_direction(client, cast):
    name = "القاسم 🚢 <b>"
    sent = visit_and_fill(client, NEW, last_name=name + "\u202e", first_name="Ⓐnna", country="DE")
    page = client.get(sent.location)
    assert kept(cast).last_name == name, "a sign that turns the text around is left out"
    assert "<bdi>القاسم 🚢 &lt;b&gt;" in page.text


def test_a_stale_edit_is_told_loses_nothing_and_can_be_saved(client, person, cast):
    page = client.get(f"/membership/persons/{person}/edit")
    with cast.vault("membership"):
        theirs = details(member_number=1024, city="Bremen", phone="0421 1")
        persons.edit(person, theirs, revision=1, by=LEA, now=NOW)
    told = fill(client, page, city="Bremerhaven", notes="Anruf am 20.11.", country="DE")
    assert "Somebody else has changed this person meanwhile" in words(told)
    assert "Lea Zweitblick" in words(told)
    for seen in ("Bonn", "Bremen", "Bremerhaven", "0421 1", "Anruf am 20.11."):
        assert seen in told.text
    assert kept(cast).city == "Bremen"
    assert fill(client, told, city="Bremerhaven", country="DE", notes="Anruf am 20.11.").status_code == 303
    assert (kept(cast).city, kept(cast).phone, kept(cast).notes) == (
        "Bremerhaven",
        "0421 1",
        "Anruf am 20.11.",
    )


def test_a_double_click_on_save_saves_once_and_says_saved(client, person, cast):
    page = client.get(f"/membership/persons/{person}/edit")
    answers = [fill(client, page, city="Köln", country="DE") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "Nothing was changed" not in words(client.get(answers[1].location))
    with cast.vault("membership"):
        assert persons.find(person).revision == 2


def test_an_expired_token_loses_nothing(client, cast):
    answer = fill(client, client.get(NEW), last_name="Adler", country="DE", csrf_token="expired")
    assert answer.status_code == 200
    assert 'value="Adler"' in answer.text
    again = fill(client, answer, last_name="Adler", country="DE")
    assert again.status_code == 303


def test_reading_a_person_is_logged_and_shown(client, person, cast):
    client.get(f"/membership/persons/{person}")
    client.get(f"/membership/persons/{person}/edit")
    page = client.get(f"/membership/persons/{person}/history")
    with cast.vault("membership"):
        assert ReadEvent.select().count() == 3
    assert words(page).count("Mika Register") >= 3


def test_the_history_page_shows_before_and_after(client, person):
    visit_and_fill(client, f"/membership/persons/{person}/edit", city="Köln", country="DE", ticket="#4711")
    page = words(client.get(f"/membership/persons/{person}/history"))
    for seen in ("Bonn", "Köln", "#4711", "Added to the register"):
        assert seen in page


@pytest.mark.parametrize("number", ["0", "99", str(2**63), str(2**100)])
@pytest.mark.parametrize("page", ["", "/edit", "/history"])
def test_a_person_that_is_not_there_is_a_404(client, number, page):
    assert client.get(f"/membership/persons/{number}{page}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        *("?sort=nonsense", "?after=x", "?after=-1", f"?after={2**70}", "?before=99", "?end"),
        *("?letter=", "?letter=%00", "?letter=%F0%9F%9A%A2", "?letter=%20"),
        *("?q=%00", "?q=" + "x" * 5000, "?q=%F0%9F%9A%A2", "?q=%FF%FE", "?q=a&page=-5", f"?q=a&page={2**70}"),
    ],
)
def test_whatever_stands_in_the_address_the_register_answers(client, person, query):
    assert client.get("/membership/" + query).status_code == 200


def test_the_register_is_turned_by_its_links(client, cast):
    with cast.vault("membership"):
        people = [details(f"Name{number:03}", member_number=number + 1) for number in range(120)]
        persons.add_many(people, by=LEA, now=NOW)
    seen, path = [], "/membership/"
    while path:
        page = client.get(path)
        seen += re.findall(r"Name\d{3}(?=, Anna</bdi></a>)", page.text)
        following = re.search(r'rel="next"[^>]*href="([^"]+)"', page.text)
        path = following and following.group(1).replace("&amp;", "&")
    assert seen == [f"Name{number:03}" for number in range(120)]


def test_a_search_shows_whom_it_finds(client, person):
    assert "1 person found." in words(client.get("/membership/?q=mueller"))
    assert "Nobody found" in words(client.get("/membership/?q=zeppelin"))


def test_divisions_are_offered_as_a_tree_and_shown_as_a_path(client, cast):
    with cast.vault("membership"):
        state = divisions.add("Bayern", "state", divisions.add("Bund", "federal"))
        county = divisions.add("Kreis Hof", "county", state).id
    page = client.get(NEW)
    assert "\u2003\u2003Kreis Hof" in page.text
    sent = fill(client, page, last_name="Adler", division=str(county), country="DE")
    assert "Bund › Bayern › Kreis Hof" in words(client.get(sent.location))


def test_no_name_of_a_member_is_in_an_address_or_a_title(client, person):
    page = client.get(f"/membership/persons/{person}")
    assert "Müller" not in re.search("<title>(.*?)</title>", page.text, re.DOTALL).group(1)
    assert not [action for action, _ in read(page) if "ller" in (action or "")]
    with_links = re.findall(r'href="([^"]*)"', page.text)
    assert not [link for link in with_links if "ller" in link and not link.startswith("mailto:")]


def test_forged_ids_of_forms_do_no_harm(client, cast):
    answer = visit_and_fill(client, NEW, last_name="Adler", country="DE", entry="x" * 5000, revision="y" * 50)
    assert answer.status_code == 200
    with cast.vault("membership"):
        assert Person.select().count() == 0
