"""The register: nobody twice, no change lost, everything in the history."""

from dataclasses import replace
from datetime import date

import pytest
from peewee import IntegrityError

from compartments.membership import listing, persons
from compartments.membership.models import FieldChange, Person, SearchWord, database
from keys.randomness import new_id
from tests.compartments.membership.conftest import LEA, MIKA, NOW, details


def present(person_id):
    return persons.details_of(persons.find(person_id))


def save(person_id, revision=1, by=MIKA, ticket="", **changes):
    typed = replace(present(person_id), **changes)
    return persons.edit(person_id, typed, revision=revision, by=by, now=NOW, ticket=ticket)


def test_a_form_sent_twice_adds_one_person(office):
    entry = new_id()
    first, second = (persons.add(details(), entry_id=entry, by=MIKA, now=NOW) for _ in range(2))
    assert first.id == second.id
    assert listing.total() == 1


def test_a_member_number_is_given_once(add, office):
    add(member_number=7)
    with pytest.raises(persons.NumberTaken):
        add("Schulz", member_number=7)
    other = add("Schulz", member_number=8)
    with pytest.raises(persons.NumberTaken):
        save(other, member_number=7)
    assert persons.next_number() == 9


def test_the_history_says_who_changed_what_from_what_to_what_and_why(add, office):
    person = add(city="Bonn")
    save(
        person, ticket="#4711", city="Köln", dues_cents=4800, left_on=date(2026, 1, 1), exit_reason="resigned"
    )
    changes = {change.field: change for change in persons.history(persons.find(person))}
    assert (changes["city"].before, changes["city"].after) == ("Bonn", "Köln")
    assert (changes["dues_cents"].before, changes["dues_cents"].after) == (None, "4800")
    assert changes["left_on"].after == "2026-01-01"
    assert {change.ticket for change in changes.values()} == {"", "#4711"}
    assert {change.officer_name for change in changes.values()} == {"Mika Register"}
    assert persons.ADDED in changes


def test_saving_without_a_change_writes_nothing(add, office):
    person = add()
    assert save(person) == {}
    assert persons.find(person).revision == 1


def test_the_second_of_two_officers_is_told_and_loses_nothing(add, office):
    person = add(city="Bonn", phone="1")
    seen = present(person)
    save(person, by=LEA, city="Bremen", email="anna@example.org")
    typed = replace(seen, city="Bremerhaven", phone="2")
    with pytest.raises(persons.Stale) as stale:
        persons.edit(person, typed, revision=1, by=MIKA, now=NOW)
    merged = stale.value.merged
    assert present(person).city == "Bremen", "nothing was saved"
    assert {change.field: change.after for change in stale.value.changes} == {
        "city": "Bremen",
        "email": "anna@example.org",
    }
    assert (merged.details.city, merged.details.phone) == ("Bremerhaven", "2"), "what was typed stays"
    assert merged.details.email == "anna@example.org", "what was left alone is the other's"
    assert (merged.contested, merged.taken_over) == ({"city": "Bremen"}, {"email"})
    persons.edit(person, merged.details, revision=stale.value.revision, by=MIKA, now=NOW)
    assert present(person) == merged.details


def test_who_comes_third_sees_the_changes_of_both_before(add, office):
    person = add(city="Bonn")
    seen = present(person)
    save(person, by=LEA, city="Bremen")
    save(person, revision=2, by=MIKA, city="Emden", phone="3")
    with pytest.raises(persons.Stale) as stale:
        persons.edit(person, replace(seen, notes="x"), revision=1, by=MIKA, now=NOW)
    assert [change.after for change in stale.value.changes] == ["Bremen", "Emden", "3"]
    assert stale.value.merged.details == replace(present(person), notes="x")


def test_when_both_did_the_same_nothing_is_asked(add, office):
    person = add(city="Bonn")
    typed = replace(present(person), city="Köln")
    save(person, by=LEA, city="Köln")
    assert persons.edit(person, typed, revision=1, by=MIKA, now=NOW) == {}


def test_when_the_second_changed_nothing_the_first_ones_work_stays(add, office):
    person = add(city="Bonn")
    seen = present(person)
    save(person, by=LEA, city="Köln")
    assert persons.edit(person, seen, revision=1, by=MIKA, now=NOW) == {}
    assert present(person).city == "Köln"


def test_a_reading_is_logged(add, office):
    person = add()
    persons.read(person, by=LEA, now=NOW)
    assert [(event.officer_name, event.at) for event in persons.readings(persons.find(person))] == [
        ("Lea Zweitblick", NOW)
    ]


@pytest.mark.parametrize("person_id", [0, 4711, -1, 2**63, 2**200])
def test_a_person_that_is_not_there_is_not_found(office, person_id):
    with pytest.raises(persons.NoPerson):
        persons.find(person_id)


def test_a_renamed_person_is_found_by_the_new_name_only(add, office):
    person = add("Müller", "Anna", email="anna@example.org")
    save(person, last_name="Ünal", email="a.uenal@example.org")
    assert [row.id for row in listing.search("uenal anna").items] == [person]
    assert listing.search("müller").total == 0
    assert listing.search("anna@").total == 0
    assert SearchWord.select().where(SearchWord.person == person).count() == 6


def test_many_at_once_are_all_or_none(office):
    people = [details("Meier", str(number), member_number=number) for number in range(1, 451)]
    assert persons.add_many(people, by=MIKA, now=NOW) == 450
    assert listing.total() == 450
    again = [details(member_number=1000), details(member_number=450)]
    with pytest.raises(persons.NumberTaken):
        persons.add_many(again, by=MIKA, now=NOW)
    assert listing.total() == Person.select().count() == 450
    assert FieldChange.select().count() == 450


def test_what_one_adds_and_many_add_is_the_same(add, office):
    one = add("Öztürk", "Can", member_number=5, email="c@example.org")
    persons.add_many([details("Öztürk", "Can", member_number=6, email="c@example.org")], by=MIKA, now=NOW)
    words = [
        {row.word for row in SearchWord.select().where(SearchWord.person == person)}
        for person in (one, Person.get(Person.member_number == 6).id)
    ]
    assert words[0] - {"5"} == words[1] - {"6"}


def test_the_database_itself_refuses_an_exit_before_the_entry(add, office):
    person = add()
    with pytest.raises(IntegrityError), database.atomic():
        Person.update(left_on=date(2001, 1, 1)).where(Person.id == person).execute()
