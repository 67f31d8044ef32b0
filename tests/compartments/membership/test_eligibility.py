"""Who may take part: entitled to vote, has paid, at most so many months in arrears, and hasn't left."""

from datetime import date, datetime

import pytest

from app.office.authors import Author
from compartments.membership import eligibility, months
from compartments.membership.eligibility import Rule, eligible
from compartments.membership.models import Person, database

DAY = date(2026, 11, 21)
GOOD = {"may_vote": True, "first_paid_on": date(2013, 1, 1), "paid_until": date(2026, 8, 31)}

ADA, BEA = Author("ada", "Ada"), Author("bea", "Bea")
NOW = datetime(2026, 11, 21, 12)  # noqa: DTZ001  (as vaults keep times)


def set_rule(by=ADA, instead_of=None, **fields):
    eligibility.set_rule(
        Rule(**fields), instead_of=instead_of or eligibility.rule(), by=by, confirmed_by=BEA, now=NOW
    )


@pytest.fixture
def may(add):
    """Whether a person with such columns may take part."""

    def may(day=DAY, **columns) -> bool:
        person = add()
        Person.update({**GOOD, **columns}).where(Person.id == person).execute()
        return eligible(day).where(Person.id == person).exists()

    return may


@pytest.mark.parametrize(
    ("columns", "answer"),
    [
        ({}, True),
        ({"may_vote": False}, False),
        ({"first_paid_on": None}, False),
        ({"paid_until": date(2026, 7, 31)}, False),
        ({"paid_until": date(2020, 1, 31), "dues_cents": 0}, True),
        ({"left_on": DAY, "exit_reason": "resigned"}, False),
        ({"left_on": date(2026, 11, 22), "exit_reason": "resigned"}, True),
        ({"entered_on": date(2026, 11, 22)}, False),
    ],
)
def test_who_may_take_part(may, columns, answer):
    assert may(**columns) is answer


def test_the_office_can_set_another_rule(may):
    set_rule(entitled=False, has_paid=False, most_arrears=None)
    assert may(may_vote=False, first_paid_on=None, paid_until=date(2000, 1, 31))
    set_rule(most_arrears=4)
    assert may(paid_until=date(2026, 7, 31))
    assert not may(paid_until=date(2026, 6, 30))
    with pytest.raises(ValueError, match="months"):
        set_rule(most_arrears=-1)


def test_one_officer_alone_changes_no_rule(office):
    with pytest.raises(eligibility.NeedsSecondOfficer):
        set_rule(by=BEA, most_arrears=6)
    assert (eligibility.rule(), eligibility.history()) == (Rule(), [])


def test_a_change_of_a_rule_that_is_no_longer_in_force_is_none(office):
    set_rule(most_arrears=6)
    with pytest.raises(eligibility.Changed):
        set_rule(instead_of=Rule(), most_arrears=None)
    assert eligibility.rule() == Rule(most_arrears=6)


def test_which_two_changed_the_rule_stays_written(office):
    set_rule(most_arrears=6)
    set_rule(most_arrears=3)
    latest, first = eligibility.history()
    assert (first.before, first.after, first.who, first.confirmed_by) == (
        Rule(), Rule(most_arrears=6), "Ada", "Bea",
    )  # fmt: skip
    assert (latest.before, latest.after, latest.at) == (first.after, Rule(), NOW)


def test_ids_and_counts_are_read_from_the_index_alone(office):
    query, values = eligible(DAY).select(Person.id).sql()
    plan = " ".join(row[3] for row in database.execute_sql(f"explain query plan {query}", values))
    assert "COVERING INDEX person_standing" in plan


@pytest.mark.parametrize(
    ("day", "count", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 5), 0, date(2026, 12, 31)),
        (date(2026, 12, 5), 1, date(2027, 1, 31)),
        (date(2026, 1, 1), -1, date(2025, 12, 31)),
        (date(2026, 11, 1), 15, date(2028, 2, 29)),
    ],
)
def test_months_end_where_the_calendar_says(day, count, end):
    assert months.months_later(day, count) == end
    assert months.between(day, end) == count


def test_who_enters_owes_from_that_month_on():
    assert months.arrears(months.owed_from(date(2026, 11, 20)), DAY, 4800) == 1
    assert months.arrears(date(2020, 1, 31), DAY, 0) == 0
    assert months.arrears(date(2027, 1, 31), DAY, 4800) == 0
