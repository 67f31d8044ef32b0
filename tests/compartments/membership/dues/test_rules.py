"""The rules of reminding and striking off: changed by the office, kept with their history, and followed at once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from compartments.membership.dues import reminders
from compartments.membership.dues.rules import BOUNDS, Changed, Rules, history, rules, save
from compartments.membership.models import Person
from tests.compartments.membership.conftest import LEA, MIKA, NOW
from tests.pages import fill, visit_and_fill, words

PAGE, DAY = "/membership/dues/rules/", NOW.date()
USUAL = Rules()


@pytest.fixture
def debtor(add):
    """Twelve months in arrears, reminded once, 20 days ago."""
    person = add(dues_cents=4800)
    Person.update(paid_until=date(2025, 11, 30), reminders=1, reminded_on=DAY - timedelta(days=20)).execute()
    return person


def change(**more):
    return save(replace(rules(), **more), instead_of=rules().seen, by=MIKA, now=NOW)


def found(listed):
    return [one.id for one in listed]


def test_fewer_days_between_reminders_make_somebody_due_at_once(debtor):
    assert reminders.due(DAY) == []
    change(days_apart=14)
    assert found(reminders.due(DAY)) == [debtor]


def test_with_one_reminder_and_less_grace_somebody_may_be_struck_off_now(debtor):
    change(reminders=1, days_of_grace=20)
    assert reminders.due(DAY) == []
    assert found(reminders.strike_offs(DAY)) == [debtor]


def test_an_office_that_strikes_off_nobody_strikes_off_nobody(debtor):
    change(reminders=1, days_of_grace=20, strikes_off=False)
    assert reminders.strike_offs(DAY) == []
    assert reminders.strike_off([debtor], day=DAY, by=MIKA, now=NOW) == 0


def test_the_history_says_what_was_before_and_who_changed_it(office):
    assert change(reminders=3)
    assert change(reminders=2, strikes_off=False)
    assert not change()
    assert [(one.before["reminders"], one.after["reminders"], one.who) for one in history()] == [
        (3, 2, MIKA.name),
        (2, 3, MIKA.name),
    ]


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(office):
    seen = rules().seen
    change(reminders=3)
    with pytest.raises(Changed):
        save(replace(USUAL, days_apart=60), instead_of=seen, by=LEA, now=NOW)
    assert rules() == replace(USUAL, reminders=3)


@pytest.mark.parametrize(
    "wrong", [{name: beyond} for name, (least, most) in BOUNDS.items() for beyond in (least - 1, most + 1)]
)
def test_numbers_that_make_no_sense_are_refused(office, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        change(**wrong)
    assert rules() == USUAL


def test_nobody_is_struck_off_before_they_are_due_for_a_reminder(office):
    with pytest.raises(ValueError, match="strike_off_after"):
        change(remind_after=12)
    assert change(remind_after=12, strikes_off=False)


def test_the_page_shows_and_changes_the_rules(cast, client):
    assert visit_and_fill(client, PAGE, days_apart="45").status_code == 303
    with cast.vault("membership"):
        assert rules() == replace(USUAL, days_apart=45)
    page = words(client.get(PAGE))
    assert "Days between two reminders before: 30 → now: 45" in page
    assert "not within the last 45 days" in words(client.get("/membership/dues/reminders"))


def test_the_page_says_what_cannot_be_right(client):
    assert "from 1 to 9" in words(visit_and_fill(client, PAGE, reminders="0"))
    assert "Enter a whole number" in words(visit_and_fill(client, PAGE, days_apart="bald"))
    assert "more months than" in words(visit_and_fill(client, PAGE, remind_after="12"))


def test_a_page_that_is_out_of_date_says_so_and_saves_the_second_time(cast, client):
    before = client.get(PAGE)
    visit_and_fill(client, PAGE, reminders="3")
    again = fill(client, before, days_apart="60")
    assert "A colleague has changed the rules" in words(again)
    with cast.vault("membership"):
        assert rules().days_apart == USUAL.days_apart
    assert fill(client, again).status_code == 303
