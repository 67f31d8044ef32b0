"""Every day that is shown or counted is the organisation's, also between its midnight and Greenwich's."""

from datetime import date, datetime

import pytest

from app.clock import day_of
from app.shared.counsel_models import Drop
from compartments.counsel.cases import work
from compartments.counsel.cases.models import CaseLetter
from compartments.counsel.consents import service as consents
from keys.randomness import new_id
from tests.compartments.counsel.conftest import DAY

LATE = datetime(2099, 6, 30, 22, 30)  # noqa: DTZ001  (half past midnight in Berlin)
NEXT = date(2099, 7, 1)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2027-06-30T21:59", "2027-06-30"),
        ("2027-06-30T22:00", "2027-07-01"),
        ("2027-01-31T23:00", "2027-02-01"),
    ],
)
def test_a_day_begins_at_the_organisations_midnight(moment, day):
    assert day_of(datetime.fromisoformat(moment)) == date.fromisoformat(day)


def test_after_midnight_everything_in_a_case_has_the_new_day(office, seeker):
    seeker.write_in("conny")
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=LATE)
        work.reply(case, "Guten Tag", entry_id=new_id(), now=LATE)
        asked = consents.ask(case, "referral", "Leuchtfeuer", "Anliegen", entry_id=new_id(), now=LATE)
        work.close(case, text="", now=LATE)
        office.take_in()
        assert (case.row.changed_on, case.row.closed_on) == (NEXT, NEXT)
        assert case.head.answered_on == asked.data["asked_on"] == NEXT.isoformat()
    real = {row.day for row in Drop.select() if row.day > DAY}
    assert real == {NEXT}


def test_a_report_has_arrived_when_it_was_sent_and_not_when_somebody_looked(office, seeker):
    early = date(2026, 1, 30)
    seeker.write_in("conny", day=early)
    with office.vault("conny"):
        office.take_in()
        assert CaseLetter.get().received_on == DAY
        case = office.desk("conny").open(seeker.visit.case, now=LATE)
        assert case.head.received_on == early.isoformat()
