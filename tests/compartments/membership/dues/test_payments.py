"""Payments: whole months are paid, what is left waits, nothing is booked twice, and what is taken back is as if it had not been."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from compartments.membership import months, persons
from compartments.membership.dues import payments
from compartments.membership.dues.payments import Carried
from keys.randomness import new_id
from tests.compartments.membership.conftest import MIKA, NOW

DAY = date(2012, 5, 20)
START = date(2012, 4, 30)


def pay(person, cents, on=DAY, entry=None):
    return payments.record(person, cents=cents, received_on=on, entry_id=entry or new_id(), by=MIKA, now=NOW)


def standing(person):
    found = persons.find(person)
    return found.paid_until, found.credit_cents, found.first_paid_on


@pytest.mark.parametrize(
    ("cents", "until", "credit"),
    [
        (400, date(2012, 5, 31), 0),
        (1200, date(2012, 7, 31), 0),
        (4800, date(2013, 4, 30), 0),
        (399, START, 399),
        (1000, date(2012, 6, 30), 200),
    ],
)
def test_money_pays_whole_months_and_the_rest_is_credit(add, cents, until, credit):
    person = add(dues_cents=4800)
    pay(person, cents)
    assert standing(person) == (until, credit, DAY)


def test_a_form_sent_twice_books_once(add):
    person, entry = add(dues_cents=4800), new_id()
    for _ in range(2):
        pay(person, 400, entry=entry)
    assert standing(person)[0] == date(2012, 5, 31)
    assert len(payments.of(person)) == 1


def test_a_reduction_counts_while_it_lasts(add):
    person = add(dues_cents=4800, reduced_cents=1200, reduced_until=date(2012, 12, 31))
    pay(person, 100, on=date(2012, 12, 31))
    assert standing(person)[0] == date(2012, 5, 31)
    pay(person, 100, on=date(2013, 1, 1))
    assert standing(person)[:2] == (date(2012, 5, 31), 100)


def test_without_an_amount_nothing_is_booked(add):
    with pytest.raises(payments.NoAmount):
        pay(add(), 400)


def test_who_owes_nothing_has_given_it_and_paid_once(add):
    person = add(dues_cents=0)
    pay(person, 5000)
    assert standing(person) == (START, 0, DAY)


def test_a_waiver_moves_the_end_and_is_no_payment(add):
    person = add(dues_cents=4800)
    payments.waive(person, count=6, reason="studies", entry_id=new_id(), by=MIKA, now=NOW)
    assert standing(person) == (date(2012, 10, 31), 0, None)


def test_a_payment_taken_back_is_listed_and_counts_no_more(add):
    person, entry = add(dues_cents=4800), new_id()
    pay(person, 4800, entry=entry)
    payments.take_back(person, entry, by=MIKA, now=NOW)
    assert standing(person) == (START, 0, None)
    assert payments.of(person)[0].taken_back_by == MIKA.name
    with pytest.raises(payments.NoPayment):
        payments.take_back(person, entry, by=MIKA, now=NOW)


def test_credit_that_was_used_since_is_owed_again(add):
    person, entry = add(dues_cents=4800), new_id()
    pay(person, 300, entry=entry)
    pay(person, 100)
    payments.take_back(person, entry, by=MIKA, now=NOW)
    assert standing(person)[:2] == (START, 100)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=some.lists(some.integers(1, 9999), max_size=6), owed=some.integers(12, 20_000))
def test_many_small_payments_pay_as_long_as_one_of_their_sum(add, amounts, owed):
    one, many = add(dues_cents=owed), add(dues_cents=owed)
    for cents in amounts:
        pay(many, cents)
    if amounts:
        pay(one, sum(amounts))
    whole = months.between(standing(one)[0], standing(many)[0])
    assert -len(amounts) <= whole <= 0, "a cent per payment at most is lost to rounding"
    assert 0 <= standing(many)[1] <= owed // 12


def test_what_another_system_says_is_taken_over(add):
    known, never = add(dues_cents=4800), add(dues_cents=4800)
    said = [
        Carried(known, date(2026, 5, 12), date(2013, 1, 1)),
        Carried(never, START, None),
        Carried(4711, START, None),
    ]
    payments.carry_over(said, by=MIKA, now=NOW, reference="accounting")
    assert standing(known) == (date(2026, 5, 31), 0, date(2013, 1, 1))
    assert standing(never) == (START, 0, None)


def test_another_day_of_entry_keeps_what_was_paid(add):
    person = add(dues_cents=4800)
    pay(person, 1200)
    details = persons.details_of(persons.find(person))
    moved = details.of(details.as_dict() | {"entered_on": date(2013, 1, 15)})
    persons.edit(person, moved, revision=1, by=MIKA, now=NOW)
    assert standing(person)[0] == date(2013, 3, 31)
