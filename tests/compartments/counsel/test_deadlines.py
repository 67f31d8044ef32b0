"""The whistleblower law's days (HinSchG § 17), counted as BGB §§ 187 and 188 count months."""

from datetime import date

import pytest

from compartments.counsel.cases.deadlines import answer_by, erase_on


@pytest.mark.parametrize(
    ("received", "acknowledged", "by"),
    [
        ("2026-12-01", "2026-12-01", "2027-03-01"),
        ("2026-11-28", "2026-11-30", "2027-02-28"),
        ("2027-11-28", "2027-11-30", "2028-02-29"),
        ("2026-05-01", None, "2026-08-08"),
        ("2026-05-01", "2026-07-20", "2026-08-08"),
    ],
)
def test_three_months_after_the_acknowledgement_or_after_seven_days(received, acknowledged, by):
    told = date.fromisoformat(acknowledged) if acknowledged else None
    assert answer_by(date.fromisoformat(received), told) == date.fromisoformat(by)


@pytest.mark.parametrize(
    ("ended", "erased"),
    [("2026-11-21", "2029-11-21"), ("2028-02-29", "2031-02-28"), ("2025-03-01", "2028-03-01")],
)
def test_a_report_is_erased_three_calendar_years_after_its_end_whatever_leap_years_lie_between(ended, erased):
    assert erase_on(date.fromisoformat(ended), whistleblower=True) == date.fromisoformat(erased)
