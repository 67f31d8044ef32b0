"""Two records become one: what is chosen counts, and nothing is lost."""

import json
from dataclasses import replace
from datetime import date

import pytest

from compartments.membership import listing, persons
from compartments.membership.dues.models import Payment
from compartments.membership.duplicates import aliases, candidates, merging, pairs, references
from compartments.membership.duplicates.merging import Merge, merge
from compartments.membership.duplicates.models import BlockKey, MergedChange, MergedPerson, Pair
from compartments.membership.invitations.models import ReferenceKey
from compartments.membership.models import FieldChange, Person
from keys.randomness import new_id
from tests.compartments.membership.conftest import LEA, MIKA, NOW, details

BORN = {"birth_date": date(1980, 3, 12), "email": "anna@example.org"}


@pytest.fixture
def two(add):
    """Anna with two numbers, and the pair that says so."""
    first = add("Müller", "Anna", member_number=10, city="Bonn", **BORN)
    second = add("Mueller", "Anna", member_number=20, city="Bremen", **BORN)
    candidates.remember(persons.find(second), now=NOW)
    return first, second, Pair.get()


def decided(pair, number=10, entry=None, **changes):
    first, second = persons.find(pair.first_id), persons.find(pair.second_id)
    kept = first if first.member_number == number else second
    final = replace(persons.details_of(kept), **changes)
    return Merge(entry or new_id(), pair.id, (first.revision, second.revision), final)


def key(person, name, state="assigned"):
    return ReferenceKey.create(key=name, key_set="set", state=state, person=person)


def test_the_chosen_fields_and_number_stay(two):
    first, _, pair = two
    kept = merge(decided(pair, 10, city="Bremen"), by=MIKA, now=NOW, ticket="#7")
    assert (kept.id, kept.member_number, kept.city, kept.last_name) == (first, 10, "Bremen", "Müller")
    assert Person.select().count() == listing.total() == 1
    assert Pair.select().count() == 0


def test_the_other_number_can_stay_too(two):
    _, second, pair = two
    kept = merge(decided(pair, 20), by=MIKA, now=NOW)
    assert (kept.id, kept.member_number) == (second, 20)
    assert aliases.resolve([10, 20, 30]) == {10: second}


def test_the_vanished_number_finds_the_survivor_for_ever(two):
    first, _, pair = two
    merge(decided(pair), by=MIKA, now=NOW)
    assert [row.id for row in listing.search("20").items] == [first]
    renamed = replace(persons.details_of(persons.find(first)), last_name="Öztürk")
    persons.edit(first, renamed, revision=persons.find(first).revision, by=LEA, now=NOW)
    assert [row.id for row in listing.search("20").items] == [first]


def test_the_vanished_number_is_never_given_again(two, add):
    _, _, pair = two
    merge(decided(pair), by=MIKA, now=NOW)
    assert persons.next_number() == 21
    with pytest.raises(persons.NumberTaken):
        add("Schulz", member_number=20)
    with pytest.raises(persons.NumberTaken):
        persons.add_many([details("Schulz", member_number=20)], by=MIKA, now=NOW)


def test_both_histories_stay_and_the_vanished_record_stays_whole(two):
    first, second, pair = two
    typed = replace(persons.details_of(persons.find(second)), phone="0421 5550000")
    persons.edit(second, typed, revision=1, by=LEA, now=NOW, ticket="#3")
    merge(decided(pair, city="Bremen"), by=MIKA, now=NOW, ticket="#7")
    gone = MergedPerson.get()
    record = json.loads(gone.record)
    assert (record["city"], record["phone"], record["member_number"]) == ("Bremen", "0421 5550000", "20")
    changes = list(MergedChange.select().where(MergedChange.merged == gone).order_by(MergedChange.id))
    assert [(change.field, change.officer_name, change.ticket) for change in changes] == [
        (persons.ADDED, "Mika Register", ""),
        ("phone", "Lea Zweitblick", "#3"),
    ]
    own = {change.field: change.after for change in persons.history(persons.find(first))}
    assert (own[merging.MERGED], own["city"]) == ("20", "Bremen")
    assert (gone.merged_by_name, gone.ticket) == ("Mika Register", "#7")


def test_a_double_click_merges_once(two):
    first, _, pair = two
    wanted = decided(pair)
    assert [merge(wanted, by=MIKA, now=NOW).id for _ in range(2)] == [first, first]
    assert MergedPerson.select().count() == 1


@pytest.mark.parametrize("side", [0, 1])
def test_a_record_that_changed_meanwhile_is_looked_at_again(two, side):
    pair, wanted = two[2], decided(two[2])
    typed = replace(persons.details_of(persons.find(two[side])), city="Kiel")
    persons.edit(two[side], typed, revision=1, by=LEA, now=NOW)
    with pytest.raises(merging.Changed):
        merge(wanted, by=MIKA, now=NOW)
    assert Person.select().count() == 2
    assert MergedPerson.select().count() == MergedChange.select().count() == 0
    assert pairs.find(pair.id)


def test_a_number_of_neither_is_refused(two):
    with pytest.raises(ValueError, match="one of the two"):
        merge(decided(two[2], member_number=30), by=MIKA, now=NOW)


def test_payments_and_keys_follow(two):
    first, second, pair = two
    key(second, "k1")
    Payment.create(
        person=second,
        entry_id=new_id(),
        received_on=date(2026, 1, 1),
        cents=1200,
        officer="a",
        officer_name="A",
        at=NOW,
    )
    merge(decided(pair), by=MIKA, now=NOW)
    assert ReferenceKey.get().person_id == Payment.get().person_id == first


def test_nobody_comes_out_of_a_merge_with_two_valid_keys(two):
    first, second, pair = two
    key(first, "k1")
    key(second, "k2")
    with pytest.raises(references.Conflict) as conflict:
        merge(decided(pair), by=MIKA, now=NOW)
    assert conflict.value.tables == ["reference_key"]
    assert Person.select().count() == 2
    assert {row.key: row.person_id for row in ReferenceKey.select()} == {"k1": first, "k2": second}
    ReferenceKey.update(state="deactivated").where(ReferenceKey.key == "k2").execute()
    merge(decided(pair), by=MIKA, now=NOW)
    assert ReferenceKey.select().where(ReferenceKey.person == first).count() == 2


def test_what_was_merged_before_follows(two, add):
    pair = two[2]
    merge(decided(pair), by=MIKA, now=NOW)
    third = add("Müller", "Anna", member_number=30, **BORN)
    candidates.remember(persons.find(third), now=NOW)
    merge(decided(Pair.get(), 30), by=MIKA, now=NOW)
    assert aliases.resolve([10, 20]) == {10: third, 20: third}
    assert all([row.id for row in listing.search(number).items] == [third] for number in ("10", "20", "30"))


def test_exceptions_follow_the_survivor(two, add):
    first, second, pair = two
    other = add("Müller", "Anna", member_number=40, **BORN)
    candidates.remember(persons.find(other), now=NOW)
    pairs.rule_out(pairs.between(second, other).id, by=LEA, now=NOW, remark="her aunt")
    merge(decided(pair), by=MIKA, now=NOW)
    assert pairs.ruled_out(first) == {other}
    assert pairs.between(first, other).remark == "her aunt"


def test_no_key_to_look_up_by_is_left_of_the_vanished(two):
    first, _, pair = two
    merge(decided(pair), by=MIKA, now=NOW)
    assert {row.person for row in BlockKey.select()} == {first}
    assert FieldChange.select().where(FieldChange.person != first).count() == 0


def test_every_table_that_points_to_a_person_is_known_to_the_merge():
    tables = {model.__name__ for model, _ in references.referring()}
    assert {"Payment", "ReferenceKey", "Invitation", "MergedPerson", "ReadEvent"} <= tables
