"""What the calendar reminds of: some days before, on the day, and loudly afterwards; and the file for an officer's own calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.office import calendar
from app.office.calendar import DAYS, Reminder

ANY_DAY = st.dates(date(2024, 1, 1), date(2030, 12, 31))
SOME_DAYS = st.sets(st.integers(1, 28), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("day", "last", "following"),
    [
        ("2026-11-21", "2026-11-15", "2026-12-01"),
        ("2026-11-15", "2026-11-15", "2026-12-01"),
        ("2026-11-14", "2026-11-01", "2026-11-15"),
        ("2026-12-31", "2026-12-15", "2027-01-01"),
        ("2027-01-01", "2027-01-01", "2027-01-15"),
    ],
)
def test_a_list_is_due_on_the_1st_and_the_15th(day, last, following):
    found = date.fromisoformat(day)
    assert calendar.last(DAYS, found) == date.fromisoformat(last)
    assert calendar.following(DAYS, found) == date.fromisoformat(following)


@given(ANY_DAY, SOME_DAYS)
def test_today_lies_between_the_last_day_and_the_next_one(today, days):
    last, following = calendar.last(days, today), calendar.following(days, today)
    assert last <= today < following
    between = (last + timedelta(number) for number in range(1, (following - last).days))
    assert last.day in days
    assert following.day in days
    assert not any(day.day in days for day in between)


@pytest.mark.parametrize(
    ("today", "done", "expected"),
    [
        ("2026-11-27", "2026-11-15", None),
        ("2026-11-28", "2026-11-15", Reminder("soon", date(2026, 12, 1), 3)),
        ("2026-11-30", "2026-11-15", Reminder("soon", date(2026, 12, 1), 1)),
        ("2026-12-01", "2026-11-15", Reminder("today", date(2026, 12, 1), 0)),
        ("2026-12-02", "2026-11-15", Reminder("overdue", date(2026, 12, 1), 1)),
        ("2026-12-14", "2026-11-15", Reminder("overdue", date(2026, 12, 1), 13)),
        ("2026-11-30", "2026-11-29", None),
        ("2026-12-01", "2026-11-29", None),
        ("2026-11-21", "2026-11-20", None),
        ("2026-11-21", None, Reminder("overdue", date(2026, 11, 15), 6)),
    ],
)
def test_the_reminder_comes_days_before_and_stays_until_it_is_done(today, done, expected):
    made = date.fromisoformat(done) if done else None
    assert calendar.reminder(DAYS, date.fromisoformat(today), made) == expected


@given(ANY_DAY, SOME_DAYS)
def test_who_has_done_it_today_is_reminded_of_nothing(today, days):
    assert calendar.reminder(days, today, today) is None


def test_the_file_names_the_days_and_gives_no_more_away():
    text = calendar.as_file((15, 1), date(2026, 11, 21), title="Abgleich, bald; \\o/", name="office")
    lines = text.split("\r\n")
    assert "DTSTART;VALUE=DATE:20261201" in lines
    assert "RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15" in lines
    assert "TRIGGER:-P3D" in lines
    assert lines[8] == "SUMMARY:Abgleich\\, bald\\; \\\\o/"
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
