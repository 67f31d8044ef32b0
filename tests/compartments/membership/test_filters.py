"""Filters: what an address says, whom it lets through, and that it is read back as it was written."""

from datetime import date

import pytest

from compartments.membership import divisions, listing
from compartments.membership.filters import Filter
from compartments.membership.models import Person, database
from tests.compartments.membership.conftest import NOW

DAY = NOW.date()


@pytest.mark.parametrize(
    ("asked", "columns", "passes"),
    [
        ({"status": "current"}, {}, True),
        ({"status": "left"}, {}, False),
        ({"status": "left"}, {"left_on": date(2020, 1, 1)}, True),
        ({"status": "current"}, {"left_on": date(2020, 1, 1)}, False),
        ({"voting": "yes"}, {"may_vote": True}, True),
        ({"voting": "no"}, {"may_vote": True}, False),
        ({"arrears": "3"}, {"paid_until": date(2026, 8, 31)}, True),
        ({"arrears": "4"}, {"paid_until": date(2026, 8, 31)}, False),
        ({"arrears": "4"}, {"dues_cents": 0}, False),
        ({"entered_from": "2012-05-01", "entered_to": "2012-05-01"}, {}, True),
        ({"entered_from": "2012-05-02"}, {}, False),
        ({"entered_to": "2012-04-30"}, {}, False),
        ({"left_from": "2020-01-01", "left_to": "2020-12-31"}, {"left_on": date(2020, 6, 1)}, True),
        ({"left_from": "2020-01-01"}, {}, False),
        ({}, {}, True),
    ],
)
def test_whom_a_filter_lets_through(add, asked, columns, passes):
    person = add()
    if columns:
        Person.update(**columns, exit_reason="other").where(Person.id == person).execute()
    rows = listing.turn(where=Filter.of(asked).conditions(DAY)).rows
    assert bool(rows) is passes


def test_a_division_includes_those_below_it(add):
    state = divisions.create("Bayern", "state", None)
    county = divisions.create("Hof", "county", state.id)
    inside, _outside = add(division=county.id), add()
    for division in (state, county):
        where = Filter(division=division.id).conditions(DAY)
        assert [row.id for row in listing.turn(where=where).rows] == [inside]
    assert listing.turn(where=Filter(division=4711).conditions(DAY)).rows == []


@pytest.mark.parametrize(
    "nonsense",
    [
        *({"division": "x"}, {"division": "-1"}, {"division": "9" * 40}, {"division": "١"}),
        *({"status": "all"}, {"voting": "maybe"}, {"arrears": "1e3"}, {"entered_from": "31.02.2020"}),
        *({"left_to": "\x00"}, {"other": "1"}),
    ],
)
def test_what_cannot_be_read_asks_nothing(nonsense):
    assert Filter.of(nonsense) == Filter()


def test_a_filter_is_read_as_it_was_written():
    asked = Filter(3, "left", "no", 4, date(2020, 1, 1), None, None, date(2021, 1, 1))
    assert Filter.of(asked.as_arguments()) == asked


def test_a_filtered_list_is_read_from_its_index(office):
    query, values = (
        Person.select(Person.id, Person.name_key)
        .where(*Filter.of({"status": "current", "voting": "yes", "arrears": "2"}).conditions(DAY))
        .order_by(Person.name_key, Person.id)
        .sql()
    )
    plan = " ".join(row[3] for row in database.execute_sql(f"explain query plan {query}", values))
    assert "COVERING INDEX person_listing" in plan
