"""A letter that comes while a counsellor has a page open is new for them, whichever button of the page they press."""

import pytest

from app.clock import utc_now
from compartments.counsel.cases.models import CLOSED, OPEN
from keys.randomness import new_id
from tests.compartments.counsel.test_case_pages import post
from tests.pages import fill, words

LATER = "Es hat wieder angefangen."


@pytest.fixture
def address(office, seeker):
    seeker.write_in("conny")
    return f"/counsel/cases/{seeker.visit.case}"


@pytest.fixture
def conny(office, address):
    return office["conny"].client()


def case_of(office, seeker):
    with office.vault("conny"):
        case = office.desk("conny").open(seeker.visit.case, now=utc_now())
        return case.row.state, case.head.unread


@pytest.mark.parametrize("closed", [False, True])
def test_it_is_not_marked_as_read_with_those_before_it(office, conny, address, seeker, closed):
    if closed:
        post(conny, f"{address}/close", text="")
        seeker.write(new_id(), {"kind": "message", "text": "Danke!"})
    page = conny.get(address)
    seeker.write(new_id(), {"kind": "message", "text": LATER})
    shown = fill(conny, page, "/seen")
    assert shown.status_code == 200
    assert LATER in words(shown)
    assert case_of(office, seeker) == (CLOSED if closed else OPEN, 2)
    fill(conny, shown, "/seen")
    assert case_of(office, seeker) == (CLOSED if closed else OPEN, 0)


def test_a_case_is_not_closed_over_it(office, conny, address, seeker):
    page = conny.get(f"{address}/close")
    seeker.write(new_id(), {"kind": "message", "text": LATER})
    again = fill(conny, page, text="Alles gut.")
    assert again.status_code == 200
    assert "Alles gut.</textarea>" in again.text
    assert case_of(office, seeker) == (OPEN, 2)
    assert fill(conny, again, text="Trotzdem.").status_code == 303
    assert case_of(office, seeker) == (CLOSED, 0)
