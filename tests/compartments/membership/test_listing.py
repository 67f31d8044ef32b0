"""The list: every person once, whichever way its pages are turned; the search finds what is being typed."""

from datetime import date, timedelta

import pytest

from compartments.membership import listing, persons
from compartments.membership.listing import PER_PAGE, SEARCH_SHOWS
from compartments.membership.models import Person, database
from tests.compartments.membership.conftest import MIKA, NOW, details

PEOPLE = 3 * PER_PAGE + 7


@pytest.fixture
def crowd(office):
    """More than three pages, with namesakes across a page's end."""
    people = [
        details(
            f"Name{chr(97 + number % 26)}" if number % 3 else "Schmidt",
            "Anna",
            member_number=number + 1,
            email=f"post{number}@example.org",
        )
        for number in range(PEOPLE)
    ]
    people = [
        persons.Details(
            **{**vars(one), "entered_on": date(2012, 1, 1) + timedelta(days=one.member_number % 20)}
        )
        for one in people
    ]
    persons.add_many(people, by=MIKA, now=NOW)


def spelled(text):
    """Whom a search finds by spelling, without those who only sound like it."""
    found = listing.search(text)
    return [row.id for row in found.items][: found.total - found.alike]


def forwards(sort):
    pages = [listing.turn(sort=sort)]
    while pages[-1].after:
        pages.append(listing.turn(sort=sort, after=pages[-1].after))
    return pages


def backwards(sort):
    pages = [listing.turn(sort=sort, at_end=True)]
    while pages[-1].before:
        pages.append(listing.turn(sort=sort, before=pages[-1].before))
    return pages


@pytest.mark.parametrize("sort", listing.SORTS)
def test_turning_forwards_or_backwards_shows_everybody_once_and_in_order(crowd, sort):
    there = [row for page in forwards(sort) for row in page.rows]
    back = [row for page in reversed(backwards(sort)) for row in page.rows]
    assert there == back
    assert len({row.id for row in there}) == PEOPLE == listing.total()
    keys = [(row.sort_key, row.id) for row in there]
    assert keys == sorted(keys, reverse=sort == "entry")


@pytest.mark.parametrize("sort", listing.SORTS)
def test_one_step_on_and_one_back_is_the_same_page(crowd, sort):
    first = listing.turn(sort=sort)
    second = listing.turn(sort=sort, after=first.after)
    assert listing.turn(sort=sort, before=second.before) == first
    assert first.before is None
    assert backwards(sort)[0].after is None


def test_a_letter_jumps_there(crowd):
    page = listing.turn(letter="S")
    assert page.rows[0].last_name == "Schmidt"
    assert listing.turn(before=page.before).rows[-1].last_name.startswith("Name")
    assert listing.turn(letter="A").before is None
    assert listing.turn(letter="Z").rows == []


def test_turning_from_somebody_who_is_gone_begins_anew(crowd):
    assert listing.turn(after=2**62) == listing.turn()


def test_an_empty_register_has_an_empty_page(office):
    assert listing.turn() == listing.Stretch([], None, None)
    assert listing.turn(at_end=True) == listing.Stretch([], None, None)
    assert listing.search("anna").items == []


@pytest.mark.parametrize(
    "text",
    [
        *("Müller", "mueller", "muller", "MÜL", "  mül ann ", "ann müller"),
        *("1024", "102", "müller 1024", "1024 anna"),
        *("anna.mue", "anna.mueller@", "Anna.Mueller@example.org", "anna.mueller@example.org müller"),
    ],
)
def test_a_person_is_found_by_the_beginning_of_what_one_knows(add, text):
    person = add("Müller", "Anna", member_number=1024, email="anna.mueller@example.org")
    add("Molar", "Hanna", member_number=2048, email="hanna@example.org")
    assert spelled(text) == [person]


@pytest.mark.parametrize(
    "text", ["", "   ", "%", "_", "*", "'", '"', "\\", "🚢", "anna\x00", "x" * 100_000, "((("]
)
def test_strange_input_finds_nobody_and_breaks_nothing(add, text):
    add("Zander", "Ute")
    assert listing.search(text).total == 0


def test_whoever_has_the_name_comes_before_whose_address_begins_so(add):
    second = add("Adler", "Ben", email="maria77@example.org")
    first = add("Zander", "Maria")
    assert [row.id for row in listing.search("maria").items] == [first, second]


def test_somebody_whom_two_words_find_is_shown_once(add):
    person = add("Annaberg", "Annika", email="ann@example.org")
    assert [row.id for row in listing.search("ann").items] == [person]


def test_a_word_that_many_have_and_one_that_few_have_find_those_who_have_both(crowd, add):
    person = add("Schmidt", "Zacharias", member_number=9000)
    assert [row.id for row in listing.search("schmidt zach").items] == [person]
    assert [row.id for row in listing.search("9000 schmidt").items] == [person]


def test_two_words_that_many_have_find_those_who_have_both(office):
    people = [details("Schmidt", "Anna", member_number=number) for number in range(1, 230)]
    people += [details("Schmidt", "Bernd", member_number=number) for number in range(230, 450)]
    people += [details("Bauer", "Anna", member_number=number) for number in range(450, 470)]
    persons.add_many(people, by=MIKA, now=NOW)
    found = listing.search("anna schmidt")
    assert (found.total, found.capped) == (SEARCH_SHOWS, True)
    assert {(row.last_name, row.first_name) for row in found.items} == {("Schmidt", "Anna")}
    assert listing.search("bauer anna").total == 20


def test_a_search_that_finds_too_many_says_so_and_its_pages_end(office):
    persons.add_many(
        [details("Schmidt", "Anna", member_number=number) for number in range(1, 260)], by=MIKA, now=NOW
    )
    found = listing.search("schmidt", page=99)
    assert (found.total, found.capped, found.page, found.pages) == (200, True, 4, 4)
    assert not found.has_next


@pytest.mark.parametrize("sort", ["name"])
def test_the_list_is_read_from_the_index_alone(crowd, sort):
    query = listing._listed(listing.SORTS[sort][0]).order_by(Person.name_key, Person.id).limit(51)
    plan = [row[3] for row in database.execute_sql("explain query plan " + query.sql()[0], query.sql()[1])]
    assert any("COVERING INDEX person_listing" in step for step in plan)
    assert not any("TEMP B-TREE" in step for step in plan)


@pytest.mark.parametrize("text", ["Meier", "mayr", "MAIER anna", "anna Meyer"])
def test_who_sounds_alike_comes_after_who_is_spelled_alike(add, text):
    meyer, maier, hanna = add("Meyer", "Anna"), add("Maier", "Anna"), add("Meier", "Hanna")
    add("Müller", "Anna")
    found = listing.search(text)
    rows = [row.id for row in found.items]
    assert {meyer, maier} <= set(rows) <= {meyer, maier, hanna}
    assert found.alike >= 1


@pytest.mark.parametrize("text", ["67", "me", "me anna", "meier 12"])
def test_numbers_and_initials_have_no_sound(add, text):
    add("Mayr", "Anna", member_number=5)
    assert listing.search(text).total == 0


def test_a_filter_shows_whom_it_lets_through_page_by_page(crowd):
    where = [Person.member_number.in_(range(2, PEOPLE + 1, 2))]
    page, seen = listing.turn(where=where), []
    while True:
        seen += [row.member_number for row in page.rows]
        if page.after is None:
            break
        page = listing.turn(after=page.after, where=where)
    assert sorted(seen) == list(range(2, PEOPLE + 1, 2))
    assert listing.turn(before=page.rows[0].id, where=where).after is not None
    assert listing.count(where) == len(seen)


def test_chosen_columns_stand_in_the_line(add):
    add(city="Bonn", email="anna@example.org")
    assert listing.turn(columns=["city", "email"]).rows[0].more == ("Bonn", "anna@example.org")
    assert listing.search("müller", columns=["city"]).items[0].more == ("Bonn",)
