"""Two reminders at least 30 days apart come before a striking-off, and a payment ends them."""

from datetime import date, timedelta

import pytest

from compartments.membership import persons
from compartments.membership.dues import payments, reminders
from compartments.membership.models import Person
from keys.randomness import new_id
from tests.compartments.membership.conftest import MIKA, NOW

DAY = NOW.date()


@pytest.fixture
def owing(add):
    """A person who has paid until such a day."""

    def owing(paid_until=date(2025, 10, 31), **columns) -> int:
        person = add(dues_cents=4800)
        Person.update(paid_until=paid_until, **columns).where(Person.id == person).execute()
        return person

    return owing


def ids(owing):
    return [one.id for one in owing]


def remind(person, day=DAY):
    return reminders.remind([person], day=day, by=MIKA, now=NOW)


@pytest.mark.parametrize(
    ("columns", "due"),
    [
        ({"paid_until": date(2026, 7, 31)}, True),
        ({"paid_until": date(2026, 8, 31)}, False),
        ({"dues_cents": 0}, False),
        ({"left_on": date(2026, 11, 1), "exit_reason": "resigned"}, False),
        ({"reminders": 1, "reminded_on": DAY - timedelta(days=29)}, False),
        ({"reminders": 1, "reminded_on": DAY - timedelta(days=30)}, True),
        ({"reminders": 2, "reminded_on": DAY - timedelta(days=99)}, False),
    ],
)
def test_who_is_due_for_a_reminder(owing, columns, due):
    person = owing(**columns)
    assert (person in ids(reminders.due(DAY))) is due


@pytest.mark.parametrize(
    ("columns", "may"),
    [
        ({"reminders": 2, "reminded_on": DAY - timedelta(days=30)}, True),
        ({"reminders": 2, "reminded_on": DAY - timedelta(days=29)}, False),
        ({"reminders": 1, "reminded_on": DAY - timedelta(days=99)}, False),
        ({"reminders": 2, "reminded_on": DAY - timedelta(days=99), "paid_until": date(2025, 12, 31)}, False),
    ],
)
def test_who_may_be_struck_off(owing, columns, may):
    person = owing(**columns)
    assert (person in ids(reminders.strike_offs(DAY))) is may


def test_the_whole_way_from_arrears_to_the_end(owing):
    person = owing()
    assert remind(person) == 1
    assert remind(person) == 0, "a double click reminds once"
    assert remind(person, DAY + timedelta(days=30)) == 1
    day = DAY + timedelta(days=60)
    assert reminders.strike_off([person, 4711], day=day, by=MIKA, now=NOW, ticket="#1") == 1
    found = persons.find(person)
    assert (found.left_on, found.exit_reason) == (day, "struck-off")
    assert {"reminders", "left_on"} <= {change.field for change in persons.history(found)}
    assert reminders.strike_off([person], day=day, by=MIKA, now=NOW) == 0


def test_a_payment_of_everything_ends_the_reminders(owing):
    person = owing(reminders=2, reminded_on=date(2026, 1, 1))
    payments.record(person, cents=2400, received_on=DAY, entry_id=new_id(), by=MIKA, now=NOW)
    assert persons.find(person).reminders == 2, "half of it doesn't"
    payments.record(person, cents=4800, received_on=DAY, entry_id=new_id(), by=MIKA, now=NOW)
    assert (persons.find(person).reminders, persons.find(person).reminded_on) == (0, None)


def test_nobody_leaves_twice_or_before_coming(add):
    person = add()
    with pytest.raises(ValueError, match="exit"):
        persons.leave(person, day=date(2001, 1, 1), reason="resigned", by=MIKA, now=NOW)
    persons.leave(person, day=DAY, reason="resigned", by=MIKA, now=NOW)
    with pytest.raises(ValueError, match="exit"):
        persons.leave(person, day=DAY, reason="died", by=MIKA, now=NOW)
