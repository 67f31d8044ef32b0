"""The plan as a file, carried out by the platform's operator, and the answer read in."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compartments.administration.platform.connector import UnsupportedVersion
from compartments.administration.platform.exchange import NotAnAnswer, read_answer, write_plan
from compartments.administration.platform.planning import Plan
from keys.codes import new_code


def carried_out(platform, plan, **options):
    text = write_plan(plan, **({"name": "batch-1", "expires": None} | options))
    [(answer,)] = platform.ask("select connector.carry_out(%s)::text", text)
    return read_answer(answer)


def test_a_plan_handed_over_does_what_the_connection_would(make_platform):
    by_file, by_wire = make_platform("v4"), make_platform("v4")
    old, new = tuple(new_code() for _ in range(4)), tuple(new_code() for _ in range(3))
    for one in (by_file, by_wire):
        with one.connected() as connection:
            connection.apply(Plan(create=old))
            for code in old:
                one.register(code)
            connection.apply(Plan(lock=old[:1]))
    plan = Plan(create=new, lock=old[1:3], unlock=old[:1])
    with by_wire.connected() as connection:
        wired = connection.apply(plan, units=[1])
    answer = carried_out(by_file, plan, units=[1])
    assert (answer.plan, answer.version.text) == ("batch-1", "4.2.2")
    assert answer.applied.outcomes == wired.outcomes
    assert sorted(answer.applied.rows) == sorted(wired.rows)


def test_the_file_carries_the_expiry(platform):
    code = new_code()
    carried_out(platform, Plan(create=(code,)), expires=datetime(2027, 5, 1, tzinfo=UTC))
    [(expiry,)] = platform.ask(
        "select (invite_code_expiry at time zone 'utc')::text from member where invite_code = %s", code
    )
    assert expiry == "2027-05-01 00:00:00"


def test_an_answer_alone_changes_nothing(every_platform):
    code = new_code()
    with every_platform.connected() as connection:
        connection.apply(Plan(create=(code,)))
    [(text,)] = every_platform.ask("select connector.answer()::text")
    answer = read_answer(text)
    assert (answer.plan, [row.code for row in answer.applied.rows]) == ("", [code])


def test_an_empty_platform_answers_with_no_rows(platform):
    [(text,)] = platform.ask("select connector.answer()::text")
    assert read_answer(text).applied.rows == []


GOOD = {"format": "schotten-answer-1", "plan": "", "version": "4.2.2", "outcomes": {}, "rows": []}


@pytest.mark.parametrize(
    "change",
    [
        {"format": "schotten-plan-1"},
        {"rows": None},
        {"rows": [["a", True]]},
        {"rows": [["a", 1, 0, 0, 0, 0]]},
        {"rows": [[None, True, True, True, True, True]]},
        {"rows": [["a", *[True] * 5], ["a", *[False] * 5]]},
        {"outcomes": {"a": "exploded"}},
        {"outcomes": []},
    ],
)
def test_what_is_no_answer_is_refused(change):
    with pytest.raises(NotAnAnswer):
        read_answer(json.dumps(GOOD | change))


def test_another_kind_of_platform_is_refused():
    with pytest.raises(UnsupportedVersion):
        read_answer(json.dumps(GOOD | {"version": "9.0"}))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_no_json_breaks_the_reading(value):
    with pytest.raises(NotAnAnswer):
        read_answer(json.dumps(value))
